/** The clocks and the version of the machine: every boot is at the same time of the same Windows. */

/** Windows Server 2022. */
export const VERSION = { major: 10, minor: 0, build: 20_348 } as const;

/** 1 January 2026, in units of 100 ns since 1601: the machine always boots then. */
const BOOT_TIME = 134_116_992_000_000_000n;
export const UNITS_PER_MS = 10_000n;
/** Ticks a second of KeQueryPerformanceCounter, as on current machines. */
export const TICKS_A_SECOND = 10_000_000n;
/** Between two interrupts of the clock, in units of 100 ns. */
export const TICK = 156_250;

/** @param now virtual time in ms. @returns units of 100 ns since the machine booted */
export function interruptTimeAt(now: number): bigint {
  return BigInt(Math.floor(now)) * UNITS_PER_MS;
}

/** @param now virtual time in ms. @returns the system time */
export function systemTimeAt(now: number): bigint {
  return BOOT_TIME + interruptTimeAt(now);
}
