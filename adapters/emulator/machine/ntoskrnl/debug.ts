import type { GuestCall } from '../contract';
import { GuestException, GuestUnwind } from '../crash';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { readNarrow } from '../text';
import { define, HIGH, type GuestExport } from './define';
import { argumentsAt, argumentsOf, format, type FormatArguments } from './format';

/** What the driver printed to the debugger, oldest first. */
export class DebugOutput {
  readonly lines: string[] = [];
}

export const debugExports: readonly GuestExport[] = [
  define('DbgPrint', HIGH, 'wdm/nf-wdm-dbgprint', (guest, call) => print(guest, call, 0, argumentsOf(call, 1))),
  define('DbgPrintEx', HIGH, 'wdm/nf-wdm-dbgprintex', (guest, call) => print(guest, call, 2, argumentsOf(call, 3))),
  define('vDbgPrintEx', HIGH, 'wdm/nf-wdm-vdbgprintex', (guest, call) =>
    print(guest, call, 2, argumentsAt(guest, call.u64(3))),
  ),
  define('vDbgPrintExWithPrefix', HIGH, 'wdm/nf-wdm-vdbgprintexwithprefix', (guest, call) =>
    print(guest, call, 3, argumentsAt(guest, call.u64(4)), readNarrow(guest, call.pointer(0))),
  ),
  define('DbgBreakPoint', HIGH, 'wdm/nf-wdm-dbgbreakpoint', breakIn),
  define('DbgBreakPointWithStatus', HIGH, 'wdm/nf-wdm-dbgbreakpointwithstatus', breakIn),
  define('RtlAssert', HIGH, 'wdm/nf-wdm-rtlassert', (guest, call) => {
    const [condition, file] = [readNarrow(guest, call.pointer(0)), readNarrow(guest, call.pointer(1))];
    throw guest.stop(
      '0x1E',
      'KMODE_EXCEPTION_NOT_HANDLED',
      `an assertion of the driver failed: ${condition} (${file}:${call.u32(2)})`,
      ['0xC0000420'],
    );
  }),
  define('KeBugCheckEx', HIGH, 'wdm/nf-wdm-kebugcheckex', (guest, call) => {
    const parameters = [1, 2, 3, 4].map((index) => `0x${call.u64(index).toString(16).toUpperCase()}`);
    throw guest.stop(
      `0x${call.u32(0).toString(16).toUpperCase()}`,
      'KeBugCheckEx',
      'the driver stopped the system itself',
      parameters,
    );
  }),
  define('KeBugCheck', HIGH, 'wdm/nf-wdm-kebugcheck', (guest, call) => {
    throw guest.stop(
      `0x${call.u32(0).toString(16).toUpperCase()}`,
      'KeBugCheck',
      'the driver stopped the system itself',
    );
  }),
  define('ExRaiseStatus', HIGH, 'ntddk/nf-ntddk-exraisestatus', (_, call) => {
    throw new GuestException(call.u32(0));
  }),
  define('ExRaiseAccessViolation', HIGH, 'ntddk/nf-ntddk-exraiseaccessviolation', () => {
    throw new GuestException(STATUS.ACCESS_VIOLATION);
  }),
  // What compilers call for a return or goto out of a block that has a __finally.
  define('_local_unwind', HIGH, 'winnt/nf-winnt-rtlunwindex', (_, call) => {
    throw new GuestUnwind(call.u64(0), call.u64(1), 0n);
  }),
  define('RtlUnwind', HIGH, 'winnt/nf-winnt-rtlunwind', (_, call) => {
    throw new GuestUnwind(call.u64(0), call.u64(1), call.u64(3));
  }),
  // Images name it as their handler; what it does is done where exceptions are raised.
  define('__C_specific_handler', HIGH, 'wdm/nf-wdm-__c_specific_handler', () => CONTINUE_SEARCH),
];

const CONTINUE_SEARCH = 1;

function print(guest: Guest, call: GuestCall, at: number, values: FormatArguments, prefix = ''): number {
  const text = format(guest, readNarrow(guest, call.pointer(at)), values, false);
  guest.part(DebugOutput).lines.push(`${prefix}${text}`);
  return STATUS.SUCCESS;
}

/** Without a debugger a breakpoint is an exception. */
function breakIn(): never {
  throw new GuestException(STATUS.BREAKPOINT);
}
