import type { Guest } from '../guest';
import { interruptTimeAt, systemTimeAt, TICK, TICKS_A_SECOND, UNITS_PER_MS } from '../time';
import { APC, define, DISPATCH, HIGH, type GuestExport } from './define';

/** @returns units of 100 ns since the machine booted */
export function sinceBoot(guest: Guest): bigint {
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

export const timeExports: readonly GuestExport[] = [
  define('KeQueryPerformanceCounter', HIGH, 'wdm/nf-wdm-kequeryperformancecounter', (guest, call) => {
    const frequency = call.pointer(0);
    if (frequency !== 0) {
      guest.touch('write', frequency, 8);
      guest.memory.setU64(frequency, TICKS_A_SECOND);
    }
    // It counts instructions too, so that two readings differ though no virtual time has passed.
    return sinceBoot(guest) + BigInt(guest.engine.instructions % 10_000);
  }),
  define('KeQuerySystemTimePrecise', HIGH, 'wdm/nf-wdm-kequerysystemtimeprecise', writeTime),
  define('KeQuerySystemTime', HIGH, 'wdm/nf-wdm-kequerysystemtime', writeTime),
  define('KeQueryUnbiasedInterruptTime', HIGH, 'wdm/nf-wdm-kequeryunbiasedinterrupttime', sinceBoot),
  define('KeQueryInterruptTime', HIGH, 'wdm/nf-wdm-kequeryinterrupttime', sinceBoot),
  define('KeQueryInterruptTimePrecise', HIGH, 'wdm/nf-wdm-kequeryinterrupttimeprecise', (guest, call) => {
    const at = call.pointer(0);
    guest.touch('write', at, 8);
    guest.memory.setU64(at, sinceBoot(guest));
    return sinceBoot(guest);
  }),
  define('KeQueryTimeIncrement', HIGH, 'ntddk/nf-ntddk-kequerytimeincrement', () => TICK),
  define('KeQueryTickCount', HIGH, 'wdm/nf-wdm-kequerytickcount', (guest, call) => {
    const at = call.pointer(0);
    guest.touch('write', at, 8);
    guest.memory.setU64(at, sinceBoot(guest) / BigInt(TICK));
  }),
  define('KeDelayExecutionThread', APC, 'wdm/nf-wdm-kedelayexecutionthread', function* (guest, call) {
    yield* guest.wdk.NdisMSleep(timeoutAt(guest, call.pointer(2)) ?? 0);
    return 0;
  }),
  define('KeStallExecutionProcessor', HIGH, 'wdm/nf-wdm-kestallexecutionprocessor', function* (guest) {
    yield* guest.wdk.SharedAccess('KeStallExecutionProcessor');
  }),
  define('ExSystemTimeToLocalTime', HIGH, 'wdm/nf-wdm-exsystemtimetolocaltime', (guest, call) => {
    const from = call.pointer(0);
    const to = call.pointer(1);
    guest.touch('read', from, 8);
    guest.touch('write', to, 8);
    guest.memory.setU64(to, guest.memory.u64(from));
  }),
  define('KeGetCurrentProcessorNumberEx', DISPATCH, 'wdm/nf-wdm-kegetcurrentprocessornumberex', (guest, call) => {
    const number = guest.processors.number(guest.kernel.thread.cpu);
    const at = call.pointer(0);
    if (at !== 0) {
      guest.touch('write', at, 4);
      guest.memory.setU32(at, number << 16);
    }
    return number;
  }),
];

function writeTime(guest: Guest, call: Parameters<GuestExport['run']>[1]): void {
  const at = call.pointer(0);
  guest.touch('write', at, 8);
  guest.memory.setU64(at, systemTime(guest));
}
