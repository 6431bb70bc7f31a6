import type { NtStatus } from '../../../src/ndis';
import { normaliseStatus } from '../../../src/trace';

/** NTSTATUS values that exports of the kernel return. */
export const STATUS = {
  SUCCESS: 0,
  TIMEOUT: 0x102,
  PENDING: 0x103,
  OBJECT_NAME_EXISTS: 0x40000000,
  BUFFER_OVERFLOW: 0x80000005,
  NO_MORE_ENTRIES: 0x8000001a,
  UNSUCCESSFUL: 0xc0000001,
  NOT_IMPLEMENTED: 0xc0000002,
  ACCESS_VIOLATION: 0xc0000005,
  INVALID_HANDLE: 0xc0000008,
  INVALID_PARAMETER: 0xc000000d,
  INVALID_DEVICE_REQUEST: 0xc0000010,
  MORE_PROCESSING_REQUIRED: 0xc0000016,
  ACCESS_DENIED: 0xc0000022,
  BUFFER_TOO_SMALL: 0xc0000023,
  OBJECT_TYPE_MISMATCH: 0xc0000024,
  OBJECT_NAME_NOT_FOUND: 0xc0000034,
  OBJECT_NAME_COLLISION: 0xc0000035,
  SEMAPHORE_LIMIT_EXCEEDED: 0xc0000047,
  DATATYPE_MISALIGNMENT: 0x80000002,
  INSUFFICIENT_RESOURCES: 0xc000009a,
  NOT_SUPPORTED: 0xc00000bb,
  CANCELLED: 0xc0000120,
} as const;

/** @returns an NTSTATUS by the name that the model and the traces use; `0x…` for one without */
export function ntStatusOf(value: number): NtStatus {
  return normaliseStatus(value >>> 0, 'IRP') as NtStatus;
}
