import type { NdisFilterDriverCharacteristics, NdisFilterPartialCharacteristics } from '../../../../src/ndis';
import type { Guest } from '../guest';
import { readUnicodeString } from '../text';
import { OBJECT_TYPE } from './constants';
import { dataHandlers, handlersAt } from './handlers';
import { FILTER_CHARACTERISTICS, OBJECT_HEADER, PARTIAL_CHARACTERISTICS } from './layouts';

/**
 * Reads NDIS_FILTER_DRIVER_CHARACTERISTICS.
 * @param at offset of the structure
 * @returns the characteristics for the model, with the handlers that the structure has room for
 * @throws Bugcheck when the structure is not where the driver says
 */
export function characteristicsAt(guest: Guest, at: number): NdisFilterDriverCharacteristics {
  const { memory } = guest;
  guest.touch('read', at, OBJECT_HEADER.size);
  const revision = memory.u8(at + OBJECT_HEADER.revision);
  const size = FILTER_CHARACTERISTICS.sizes[revision - 1];
  guest.touch('read', at, Math.min(size ?? FILTER_CHARACTERISTICS.sizes[0], FILTER_CHARACTERISTICS.sizes[2]));
  const length = memory.u16(at + OBJECT_HEADER.length);
  const isSound =
    size !== undefined &&
    memory.u8(at + OBJECT_HEADER.type) === OBJECT_TYPE.filterDriverCharacteristics &&
    length >= size;
  const room = FILTER_CHARACTERISTICS.sizes.filter((needed) => needed <= length).length;
  return {
    MajorNdisVersion: memory.u8(at + FILTER_CHARACTERISTICS.majorNdisVersion),
    MinorNdisVersion: memory.u8(at + FILTER_CHARACTERISTICS.minorNdisVersion),
    FriendlyName: readUnicodeString(guest, at + FILTER_CHARACTERISTICS.friendlyName),
    UniqueName: readUnicodeString(guest, at + FILTER_CHARACTERISTICS.uniqueName),
    ServiceName: readUnicodeString(guest, at + FILTER_CHARACTERISTICS.serviceName),
    ...handlersAt(guest, at, Math.min(revision, room)),
    ...(!isSound && { HeaderIsBad: true }),
  };
}

/**
 * Reads NDIS_FILTER_PARTIAL_CHARACTERISTICS.
 * @returns undefined when the header is not one that NDIS takes
 */
export function partialCharacteristicsAt(guest: Guest, at: number): NdisFilterPartialCharacteristics | undefined {
  const { memory } = guest;
  guest.touch('read', at, PARTIAL_CHARACTERISTICS.size);
  if (memory.u8(at + OBJECT_HEADER.type) !== OBJECT_TYPE.filterPartialCharacteristics) return undefined;
  if (memory.u16(at + OBJECT_HEADER.length) < PARTIAL_CHARACTERISTICS.size) return undefined;
  return dataHandlers(guest, at, PARTIAL_CHARACTERISTICS);
}
