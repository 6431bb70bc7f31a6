/** Numbers of the interface of NDIS as machine code passes them. */
import { STATUS_VALUES, type NdisStatus } from '../../../../src/ndis';
import { Names } from '../../../../src/ndis/numbers';
import { NDIS_STATUSES } from '../../../../src/trace';

export * from '../../../../src/ndis/numbers';

/** Type of an NDIS_OBJECT_HEADER. */
export const OBJECT_TYPE = {
  default: 0x80,
  filterDriverCharacteristics: 0x8b,
  filterPartialCharacteristics: 0x8c,
  oidRequest: 0x96,
  statusIndication: 0x98,
  filterAttachParameters: 0x99,
  filterPauseParameters: 0x9a,
  filterRestartParameters: 0x9b,
  restartGeneralAttributes: 0xa2,
} as const;

export const MDL_FLAGS = { mappedToSystemVa: 0x1, sourceIsNonpagedPool: 0x4 } as const;

const STATUSES = new Names(NDIS_STATUSES);

/** @returns the status by name; the model takes a status as text, and so one without a name is its digits */
export function statusOf(value: number): NdisStatus {
  return STATUSES.nameOf(value >>> 0) as NdisStatus;
}

/** @returns the number of a status of the model; NDIS_STATUS_FAILURE for what no header names */
export function statusValue(status: string): number {
  return STATUSES.valueOf(status) ?? STATUS_VALUES.NDIS_STATUS_FAILURE;
}
