/** Names of the bugchecks that network drivers meet. Others are known by what the text says. */

const NAMES: Readonly<Record<number, string>> = {
  0x0a: 'IRQL_NOT_LESS_OR_EQUAL',
  0x18: 'REFERENCE_BY_POINTER',
  0x19: 'BAD_POOL_HEADER',
  0x1a: 'MEMORY_MANAGEMENT',
  0x1e: 'KMODE_EXCEPTION_NOT_HANDLED',
  0x3b: 'SYSTEM_SERVICE_EXCEPTION',
  0x44: 'MULTIPLE_IRP_COMPLETE_REQUESTS',
  0x4a: 'IRQL_GT_ZERO_AT_SYSTEM_SERVICE',
  0x50: 'PAGE_FAULT_IN_NONPAGED_AREA',
  0x7c: 'BUGCODE_NDIS_DRIVER',
  0x7e: 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED',
  0x7f: 'UNEXPECTED_KERNEL_MODE_TRAP',
  0x8e: 'KERNEL_MODE_EXCEPTION_NOT_HANDLED',
  0x9f: 'DRIVER_POWER_STATE_FAILURE',
  0xb8: 'ATTEMPTED_SWITCH_FROM_DPC',
  0xbe: 'ATTEMPTED_WRITE_TO_READONLY_MEMORY',
  0xc1: 'SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION',
  0xc2: 'BAD_POOL_CALLER',
  0xc4: 'DRIVER_VERIFIER_DETECTED_VIOLATION',
  0xc5: 'DRIVER_CORRUPTED_EXPOOL',
  0xc7: 'TIMER_OR_DPC_INVALID',
  0xc9: 'DRIVER_VERIFIER_IOMANAGER_VIOLATION',
  0xcc: 'PAGE_FAULT_IN_FREED_SPECIAL_POOL',
  0xcd: 'PAGE_FAULT_BEYOND_END_OF_ALLOCATION',
  0xce: 'DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS',
  0xd1: 'DRIVER_IRQL_NOT_LESS_OR_EQUAL',
  0xd5: 'DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL',
  0xd6: 'DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION',
  0xe6: 'DRIVER_VERIFIER_DMA_VIOLATION',
  0xfc: 'ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY',
  0x101: 'CLOCK_WATCHDOG_TIMEOUT',
  0x133: 'DPC_WATCHDOG_VIOLATION',
  0x139: 'KERNEL_SECURITY_CHECK_FAILURE',
  0x13a: 'KERNEL_MODE_HEAP_CORRUPTION',
  0x15e: 'BUGCODE_NDIS_DRIVER_LIVE_DUMP',
  0x1c4: 'DRIVER_VERIFIER_DETECTED_VIOLATION_LIVEDUMP',
};

const CODES: ReadonlyMap<string, number> = new Map(Object.entries(NAMES).map(([code, name]) => [name, Number(code)]));

/** @returns its name, undefined for a bugcheck that the kit does not know */
export function bugcheckName(code: number): string | undefined {
  return NAMES[code];
}

/** @returns its number, undefined for a name that the kit does not know */
export function bugcheckCode(name: string): number | undefined {
  return CODES.get(name);
}
