/** The parameters of FilterAttach, FilterRestart and FilterPause in the guest's memory. */
import type {
  NdisFilterAttachParameters,
  NdisFilterPauseParameters,
  NdisFilterRestartParameters,
  NdisRestartGeneralAttributes,
} from '../../../../src/ndis';
import type { Guest } from '../guest';
import { OBJECT_TYPE, OIDS } from './constants';
import { setPointer, unicodeString } from './ground';
import {
  ATTACH_PARAMETERS,
  PAUSE_PARAMETERS,
  RESTART_ATTRIBUTES,
  RESTART_GENERAL_ATTRIBUTES,
  RESTART_PARAMETERS,
} from './layouts';
import { lendOnce, writeHeader, type LentOnce } from './lend-once';
import { NdisPart } from './part';

/** The model gives each adapter a hundred interface indices, one for each layer of its stack. */
const IF_INDICES_PER_ADAPTER = 100;
const CONNECTED = 1;
const FULL_DUPLEX = 2;
const GIGABIT = 1_000_000_000n;
/** IF_TYPE_ETHERNET_CSMACD in the upper 16 bits of a NET_LUID. */
const ETHERNET_LUID = 6n << 48n;
/** The index is in the 24 bits above the reserved ones. */
const LUID_INDEX_SHIFT = 24n;

/** @returns the NET_LUID of an interface */
export function luidOfIndex(index: number): bigint {
  return ETHERNET_LUID | (BigInt(index) << LUID_INDEX_SHIFT);
}

/** @returns the index of the interface that a NET_LUID names */
export function indexOfLuid(luid: bigint): number {
  return Number((luid >> LUID_INDEX_SHIFT) & 0xff_ffffn);
}

/**
 * Valid during the call only: whoever keeps the pointer reads freed memory, and the model stops the system.
 * @param uniqueName of the filter, which names its modules
 */
export function lendAttachParameters(
  guest: Guest,
  parameters: NdisFilterAttachParameters,
  uniqueName: string,
): LentOnce {
  const { memory } = guest;
  const { ground, adapterNames, medium, attached } = guest.part(NdisPart);
  const base = parameters.LowerIfIndex - (parameters.LowerIfIndex % IF_INDICES_PER_ADAPTER);
  const names = adapterNames?.(parameters.BaseMiniportName, base / IF_INDICES_PER_ADAPTER - 1, uniqueName);
  const baseIndex = names?.ifIndex ?? base;
  const lowerIndex = lowerIfIndex(guest, parameters.LowerIfIndex, baseIndex);
  attached.add(baseIndex).add(parameters.LowerIfIndex + 1);
  // Reading a member of parameters that are gone is what the model condemns; while they are there it does nothing.
  const lent = lendOnce(guest, ATTACH_PARAMETERS.size, () => Reflect.get(parameters, 'BaseMiniportName'));
  const at = lent.offset;
  writeHeader(guest, at, OBJECT_TYPE.filterAttachParameters, 4, ATTACH_PARAMETERS.size);
  memory.setU32(at + ATTACH_PARAMETERS.ifIndex, parameters.LowerIfIndex + 1);
  memory.setU64(at + ATTACH_PARAMETERS.netLuid, luidOfIndex(parameters.LowerIfIndex + 1));
  const text = (member: number, value: string): void => setPointer(memory, at + member, unicodeString(ground, value));
  text(ATTACH_PARAMETERS.filterModuleGuidName, names?.module ?? parameters.FilterModuleGuidName);
  text(ATTACH_PARAMETERS.baseMiniportName, names?.miniport ?? parameters.BaseMiniportName);
  text(ATTACH_PARAMETERS.baseMiniportInstanceName, `Modelled Ethernet Adapter ${parameters.BaseMiniportName}`);
  memory.setU32(at + ATTACH_PARAMETERS.baseMiniportIfIndex, baseIndex);
  memory.setU64(at + ATTACH_PARAMETERS.baseMiniportNetLuid, luidOfIndex(baseIndex));
  memory.setU32(at + ATTACH_PARAMETERS.mediaConnectState, CONNECTED);
  memory.setU32(at + ATTACH_PARAMETERS.mediaDuplexState, FULL_DUPLEX);
  memory.setU64(at + ATTACH_PARAMETERS.xmitLinkSpeed, GIGABIT);
  memory.setU64(at + ATTACH_PARAMETERS.rcvLinkSpeed, GIGABIT);
  memory.setU32(at + ATTACH_PARAMETERS.miniportMediaType, medium.medium);
  memory.setU32(at + ATTACH_PARAMETERS.miniportPhysicalMediaType, medium.physical);
  memory.setU16(at + ATTACH_PARAMETERS.macAddressLength, medium.addressLength);
  const address = parameters.CurrentMacAddress.split('-').slice(0, medium.addressLength);
  address.forEach((byte, index) =>
    memory.setU8(at + ATTACH_PARAMETERS.currentMacAddress + index, Number.parseInt(byte, 16)),
  );
  memory.setU32(at + ATTACH_PARAMETERS.lowerIfIndex, lowerIndex);
  memory.setU64(at + ATTACH_PARAMETERS.lowerIfNetLuid, luidOfIndex(lowerIndex));
  memory.setU8(at + ATTACH_PARAMETERS.baseMiniportIfConnectorPresent, 1);
  return lent;
}

/**
 * What is below the lowest filter is the miniport itself.
 * @param lower as the model counts the layers of a stack
 * @param baseIndex of the miniport, when it is only now known
 */
function lowerIfIndex(guest: Guest, lower: number, baseIndex?: number): number {
  const { miniports } = guest.part(NdisPart);
  if (baseIndex !== undefined) miniports.set(lower - (lower % IF_INDICES_PER_ADAPTER), baseIndex);
  return miniports.get(lower) ?? lower;
}

/** What the driver edits in the restart attributes is in the model's when the handler has returned. */
export function lendRestartParameters(guest: Guest, parameters: NdisFilterRestartParameters): LentOnce {
  const { memory } = guest;
  const { medium } = guest.part(NdisPart);
  const lowerIndex = lowerIfIndex(guest, parameters.LowerIfIndex);
  const lent = lendOnce(guest, RESTART_PARAMETERS.size);
  const at = lent.offset;
  writeHeader(guest, at, OBJECT_TYPE.filterRestartParameters, 1, RESTART_PARAMETERS.length);
  memory.setU32(at + RESTART_PARAMETERS.miniportMediaType, medium.medium);
  memory.setU32(at + RESTART_PARAMETERS.miniportPhysicalMediaType, medium.physical);
  memory.setU32(at + RESTART_PARAMETERS.lowerIfIndex, lowerIndex);
  memory.setU64(at + RESTART_PARAMETERS.lowerIfNetLuid, luidOfIndex(lowerIndex));
  const attributes = parameters.RestartAttributes && lendGeneralAttributes(guest, parameters.RestartAttributes);
  if (attributes) setPointer(memory, at + RESTART_PARAMETERS.restartAttributes, attributes.offset);
  return {
    ...lent,
    end(): void {
      attributes?.end();
      lent.end();
    },
  };
}

function lendGeneralAttributes(guest: Guest, attributes: NdisRestartGeneralAttributes): LentOnce {
  const { memory } = guest;
  const lent = lendOnce(guest, RESTART_ATTRIBUTES.data + RESTART_GENERAL_ATTRIBUTES.size);
  const data = lent.offset + RESTART_ATTRIBUTES.data;
  memory.setU32(lent.offset + RESTART_ATTRIBUTES.oid, OIDS.valueOf('OID_GEN_MINIPORT_RESTART_ATTRIBUTES') ?? 0);
  memory.setU32(lent.offset + RESTART_ATTRIBUTES.dataLength, RESTART_GENERAL_ATTRIBUTES.size);
  writeHeader(guest, data, OBJECT_TYPE.restartGeneralAttributes, 2, RESTART_GENERAL_ATTRIBUTES.size);
  memory.setU32(data + RESTART_GENERAL_ATTRIBUTES.mtuSize, attributes.MtuSize);
  memory.setU64(data + RESTART_GENERAL_ATTRIBUTES.maxXmitLinkSpeed, GIGABIT);
  memory.setU64(data + RESTART_GENERAL_ATTRIBUTES.maxRcvLinkSpeed, GIGABIT);
  memory.setU32(data + RESTART_GENERAL_ATTRIBUTES.lookaheadSize, attributes.LookaheadSize);
  memory.setU32(data + RESTART_GENERAL_ATTRIBUTES.supportedPacketFilters, 0x2f);
  memory.setU32(data + RESTART_GENERAL_ATTRIBUTES.maxMulticastListSize, 32);
  memory.setU32(data + RESTART_GENERAL_ATTRIBUTES.accessType, 2);
  memory.setU32(data + RESTART_GENERAL_ATTRIBUTES.connectionType, 1);
  return {
    ...lent,
    end(): void {
      attributes.MtuSize = memory.u32(data + RESTART_GENERAL_ATTRIBUTES.mtuSize);
      attributes.LookaheadSize = memory.u32(data + RESTART_GENERAL_ATTRIBUTES.lookaheadSize);
      lent.end();
    },
  };
}

export function lendPauseParameters(guest: Guest, parameters: NdisFilterPauseParameters): LentOnce {
  const lent = lendOnce(guest, PAUSE_PARAMETERS.size);
  writeHeader(guest, lent.offset, OBJECT_TYPE.filterPauseParameters, 1, PAUSE_PARAMETERS.size);
  guest.memory.setU32(lent.offset + PAUSE_PARAMETERS.pauseReason, parameters.PauseReason);
  return lent;
}
