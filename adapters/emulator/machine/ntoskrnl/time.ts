import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { interruptTimeAt, systemTimeAt, TICK, TICKS_A_SECOND, UNITS_PER_MS } from '../time';
import { DISPATCH, checked, define, HIGH, PASSIVE, type GuestExport } from './define';
import { requireSwitch } from './switches';

/** @returns units of 100 ns since the machine booted */
function sinceBoot(guest: Guest): bigint {
  return interruptTimeAt(guest.kernel.now);
}

/** @returns the system time */
export function systemTime(guest: Guest): bigint {
  return systemTimeAt(guest.kernel.now);
}

/** @returns milliseconds from now on of a due time: negative ones are relative, others are system time */
export function millisecondsUntil(guest: Guest, due: bigint): number {
  const signed = BigInt.asIntN(64, due);
  const units = signed < 0n ? -signed : signed - systemTime(guest);
  return units <= 0n ? 0 : Math.ceil(Number(units) / Number(UNITS_PER_MS));
}

/**
 * @param at offset of a LARGE_INTEGER timeout; 0 for NULL
 * @returns milliseconds; undefined waits for ever
 */
export function timeoutAt(guest: Guest, at: number): number | undefined {
  if (at === 0) return undefined;
  guest.touch('read', at, 8);
  return millisecondsUntil(guest, guest.memory.u64(at));
}

/** Readings of the clock that see the same time before time passes: code that spins until it is late enough comes on. */
const MOST_READINGS = 1_000;

/** What passes while code of the driver is busy: by itself virtual time does so only while threads sleep. */
class BusyTime {
  private counter = 0n;
  private microseconds = 0;
  private readings = 0;
  private seen = -1;

  constructor(private readonly guest: Guest) {}

  /** @returns the performance counter: two readings differ though no virtual time has passed, and none is behind another */
  count(): bigint {
    const time = sinceBoot(this.guest);
    this.counter = time > this.counter ? time : this.counter + 1n;
    return this.counter;
  }

  /** KeStallExecutionProcessor. */
  *stall(microseconds: number): Call<void> {
    yield* this.guest.wdk.SharedAccess('KeStallExecutionProcessor');
    this.microseconds += microseconds;
    const whole = Math.floor(this.microseconds / 1000);
    this.microseconds %= 1000;
    if (whole > 0) yield* this.pass(whole);
  }

  /** The clock is about to be read. */
  *read(): Call<void> {
    const { now } = this.guest.kernel;
    this.readings = now === this.seen ? this.readings + 1 : 0;
    this.seen = now;
    if (this.readings >= MOST_READINGS) yield* this.pass(1);
  }

  private *pass(milliseconds: number): Call<void> {
    yield { point: 'SharedAccess', ready: () => false, deadline: this.guest.kernel.now + milliseconds };
  }
}

export const timeExports: readonly GuestExport[] = [
  define('KeQueryPerformanceCounter', HIGH, 'wdm/nf-wdm-kequeryperformancecounter', function* (guest, call) {
    const frequency = call.pointer(0);
    if (frequency !== 0) {
      guest.touch('write', frequency, 8);
      guest.memory.setU64(frequency, TICKS_A_SECOND);
    }
    yield* guest.part(BusyTime).read();
    return guest.part(BusyTime).count();
  }),
  define('KeQuerySystemTimePrecise', HIGH, 'wdm/nf-wdm-kequerysystemtimeprecise', writeTime),
  define('KeQuerySystemTime', HIGH, 'wdm/nf-wdm-kequerysystemtime', writeTime),
  define('KeQueryUnbiasedInterruptTime', HIGH, 'wdm/nf-wdm-kequeryunbiasedinterrupttime', interruptTime),
  define('KeQueryInterruptTime', HIGH, 'wdm/nf-wdm-kequeryinterrupttime', interruptTime),
  ...(['KeQueryInterruptTimePrecise', 'KeQueryUnbiasedInterruptTimePrecise'] as const).map((name) =>
    define(name, HIGH, `wdm/nf-wdm-${name.toLowerCase()}`, function* (guest, call) {
      const at = checked(guest, call, 0, 'write', 8);
      yield* guest.part(BusyTime).read();
      guest.memory.setU64(at, guest.part(BusyTime).count());
      return sinceBoot(guest);
    }),
  ),
  define('KeQueryTimeIncrement', HIGH, 'ntddk/nf-ntddk-kequerytimeincrement', () => TICK),
  define('KeQueryTickCount', HIGH, 'wdm/nf-wdm-kequerytickcount', function* (guest, call) {
    const at = checked(guest, call, 0, 'write', 8);
    yield* guest.part(BusyTime).read();
    guest.memory.setU64(at, sinceBoot(guest) / BigInt(TICK));
  }),
  define('KeDelayExecutionThread', DISPATCH, 'wdm/nf-wdm-kedelayexecutionthread', function* (guest, call) {
    requireSwitch(guest, call.name);
    const milliseconds = Math.max(timeoutAt(guest, call.pointer(2)) ?? 0, 1);
    const { kernel } = guest;
    // NdisMSleep is this function under another name, but may be called at PASSIVE_LEVEL only.
    if (kernel.thread.irql === PASSIVE) yield* guest.wdk.NdisMSleep(milliseconds);
    else yield { point: call.name, ready: () => false, deadline: kernel.now + milliseconds };
    return STATUS.SUCCESS;
  }),
  define('KeStallExecutionProcessor', HIGH, 'wdm/nf-wdm-kestallexecutionprocessor', (guest, call) =>
    guest.part(BusyTime).stall(call.u32(0)),
  ),
  define('ExSystemTimeToLocalTime', HIGH, 'wdm/nf-wdm-exsystemtimetolocaltime', (guest, call) => {
    const from = call.pointer(0);
    const to = call.pointer(1);
    guest.touch('read', from, 8);
    guest.touch('write', to, 8);
    guest.memory.setU64(to, guest.memory.u64(from));
  }),
  define('KeGetCurrentProcessorNumberEx', HIGH, 'wdm/nf-wdm-kegetcurrentprocessornumberex', (guest, call) => {
    const number = guest.processors.number(guest.kernel.thread.cpu);
    const at = call.pointer(0);
    if (at !== 0) {
      guest.touch('write', at, 4);
      guest.memory.setU32(at, number << 16);
    }
    return number;
  }),
];

function* writeTime(guest: Guest, call: GuestCall): Call<void> {
  const at = checked(guest, call, 0, 'write', 8);
  yield* guest.part(BusyTime).read();
  guest.memory.setU64(at, systemTime(guest));
}

function* interruptTime(guest: Guest): Call<bigint> {
  yield* guest.part(BusyTime).read();
  return sinceBoot(guest);
}
