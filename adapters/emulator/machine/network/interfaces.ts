/** IP Helper's interfaces: those of the adapters that are installed. Each is up from the moment a filter attaches to it. */
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { NdisPart, type NetInterface } from '../ndis/part';
import { indexOfLuid, luidOfIndex } from '../ndis/parameters';
import { APC, checked, define, DISPATCH, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';
import { readGuid, readWide, utf16 } from '../text';

/** MIB_IF_ROW2. @see https://learn.microsoft.com/windows/win32/api/netioapi/ns-netioapi-mib_if_row2 */
const ROW = {
  size: 0x548,
  luid: 0x00,
  index: 0x08,
  guid: 0x0c,
  alias: 0x1c,
  description: 0x21e,
  physicalAddressLength: 0x420,
  physicalAddress: 0x424,
  permanentPhysicalAddress: 0x444,
  mtu: 0x464,
  type: 0x468,
  mediaType: 0x470,
  physicalMediumType: 0x474,
  accessType: 0x478,
  flags: 0x480,
  operStatus: 0x484,
  adminStatus: 0x488,
  mediaConnectState: 0x48c,
  connectionType: 0x4a0,
  transmitLinkSpeed: 0x4a8,
  receiveLinkSpeed: 0x4b0,
} as const;
/** MIB_IF_TABLE2: the rows begin at the next multiple of 8 behind their number. */
const FIRST_ROW = 8;

const ETHERNET_CSMACD = 6;
const MTU = 1500;
const GIGABIT = 1_000_000_000n;
/** Hardware interface, connector present. */
const HARDWARE = 0x05;
const OPER = { up: 1, notPresent: 6 } as const;
const UP = 1;
const CONNECTED = 1;
const BROADCAST = 2;
const DEDICATED = 1;
/** MibIfTableNormal, MibIfTableRaw, MibIfTableNormalWithoutStatistics. */
const LEVELS = 3;

/** Tables that were handed out, by their address. */
class Tables {
  readonly lengths = new Map<bigint, number>();
}

const page = (name: string): string => `netioapi/nf-netioapi-${name.toLowerCase()}`;
const answer = (name: string, irql: number, run: (guest: Guest, call: GuestCall) => number): GuestExport =>
  define(name, irql, page(name), run);

export const interfaceExports: readonly GuestExport[] = [
  answer('ConvertInterfaceIndexToLuid', DISPATCH, (guest, call) => {
    const index = call.u32(0);
    if (!isInterface(guest, index)) return STATUS.INVALID_PARAMETER;
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), luidOfIndex(index));
    return STATUS.SUCCESS;
  }),
  answer('ConvertInterfaceLuidToIndex', DISPATCH, (guest, call) => {
    const luid = guest.memory.u64(checked(guest, call, 0, 'read', 8));
    const index = indexOfLuid(luid);
    if (luid !== luidOfIndex(index) || !isInterface(guest, index)) return STATUS.INVALID_PARAMETER;
    guest.memory.setU32(checked(guest, call, 1, 'write', 4), index);
    return STATUS.SUCCESS;
  }),
  answer('ConvertInterfaceLuidToGuid', DISPATCH, (guest, call) => {
    const known = withLuidAt(guest, call);
    if (!known) return STATUS.INVALID_PARAMETER;
    guest.memory.write(checked(guest, call, 1, 'write', 16), known.guidBytes);
    return STATUS.SUCCESS;
  }),
  answer('ConvertInterfaceGuidToLuid', DISPATCH, (guest, call) => {
    const guid = readGuid(guest, checked(guest, call, 0, 'read', 16));
    return putLuid(
      guest,
      call,
      interfacesOf(guest).find((one) => one.guid === guid),
    );
  }),
  answer('ConvertInterfaceAliasToLuid', DISPATCH, (guest, call) => {
    const alias = readWide(guest, call.pointer(0)).toLowerCase();
    return putLuid(
      guest,
      call,
      interfacesOf(guest).find((one) => one.alias.toLowerCase() === alias),
    );
  }),
  answer('ConvertInterfaceLuidToAlias', DISPATCH, (guest, call) => {
    const known = withLuidAt(guest, call);
    if (!known) return STATUS.INVALID_PARAMETER;
    const text = utf16(known.alias, true);
    if (call.u64(2) * 2n < BigInt(text.length)) return STATUS.NO_MEMORY;
    guest.memory.write(checked(guest, call, 1, 'write', text.length), text);
    return STATUS.SUCCESS;
  }),
  answer('GetIfEntry2', APC, (guest, call) => getEntry(guest, call, 0)),
  answer('GetIfEntry2Ex', APC, (guest, call) =>
    call.u32(0) < LEVELS ? getEntry(guest, call, 1) : STATUS.INVALID_PARAMETER,
  ),
  answer('GetIfTable2', APC, (guest, call) => getTable(guest, call, 0)),
  answer('GetIfTable2Ex', APC, (guest, call) =>
    call.u32(0) < LEVELS ? getTable(guest, call, 1) : STATUS.INVALID_PARAMETER,
  ),
  define('FreeMibTable', APC, page('FreeMibTable'), (guest, call) => {
    const { lengths } = guest.part(Tables);
    const address = call.u64(0);
    const length = lengths.get(address);
    if (length === undefined) return;
    lengths.delete(address);
    guest.bury(guest.offset(address), length, 'a table that FreeMibTable has freed');
  }),
];

function interfacesOf(guest: Guest): readonly NetInterface[] {
  return guest.part(NdisPart).interfaces;
}

/** Filter modules are interfaces too, without a row of their own here. */
function isInterface(guest: Guest, index: number): boolean {
  return withIndex(guest, index) !== undefined || guest.part(NdisPart).attached.has(index);
}

function withIndex(guest: Guest, index: number): NetInterface | undefined {
  return interfacesOf(guest).find((one) => one.index === index);
}

function withLuid(guest: Guest, luid: bigint): NetInterface | undefined {
  return interfacesOf(guest).find((one) => luidOfIndex(one.index) === luid);
}

function withLuidAt(guest: Guest, call: GuestCall): NetInterface | undefined {
  return withLuid(guest, guest.memory.u64(checked(guest, call, 0, 'read', 8)));
}

function putLuid(guest: Guest, call: GuestCall, known: NetInterface | undefined): number {
  if (!known) return STATUS.INVALID_PARAMETER;
  guest.memory.setU64(checked(guest, call, 1, 'write', 8), luidOfIndex(known.index));
  return STATUS.SUCCESS;
}

function getEntry(guest: Guest, call: GuestCall, argument: number): number {
  const at = checked(guest, call, argument, 'write', ROW.size);
  const luid = guest.memory.u64(at + ROW.luid);
  const index = guest.memory.u32(at + ROW.index);
  if (luid === 0n && index === 0) return STATUS.INVALID_PARAMETER;
  const known = luid === 0n ? withIndex(guest, index) : withLuid(guest, luid);
  if (!known) return STATUS.NOT_FOUND;
  writeRow(guest, at, known);
  return STATUS.SUCCESS;
}

function getTable(guest: Guest, call: GuestCall, argument: number): number {
  const out = checked(guest, call, argument, 'write', 8);
  const all = interfacesOf(guest);
  const length = FIRST_ROW + all.length * ROW.size;
  const at = guest.allocate(length);
  guest.memory.setU32(at, all.length);
  all.forEach((one, row) => writeRow(guest, at + FIRST_ROW + row * ROW.size, one));
  const address = guest.address(at);
  guest.part(Tables).lengths.set(address, length);
  guest.memory.setU64(out, address);
  return STATUS.SUCCESS;
}

function writeRow(guest: Guest, at: number, { index, guidBytes, alias, mac }: NetInterface): void {
  const { memory } = guest;
  const { medium, attached } = guest.part(NdisPart);
  const address = mac.slice(0, medium.addressLength);
  const isUp = attached.has(index);
  memory.fill(at, ROW.size, 0);
  memory.setU64(at + ROW.luid, luidOfIndex(index));
  memory.setU32(at + ROW.index, index);
  memory.write(at + ROW.guid, guidBytes);
  memory.write(at + ROW.alias, utf16(alias));
  memory.write(at + ROW.description, utf16('Modelled Ethernet Adapter'));
  memory.setU32(at + ROW.physicalAddressLength, address.length);
  memory.write(at + ROW.physicalAddress, address);
  memory.write(at + ROW.permanentPhysicalAddress, address);
  memory.setU32(at + ROW.mtu, MTU);
  memory.setU32(at + ROW.type, ETHERNET_CSMACD);
  memory.setU32(at + ROW.mediaType, medium.medium);
  memory.setU32(at + ROW.physicalMediumType, medium.physical);
  memory.setU32(at + ROW.accessType, BROADCAST);
  memory.setU8(at + ROW.flags, HARDWARE);
  memory.setU32(at + ROW.operStatus, isUp ? OPER.up : OPER.notPresent);
  memory.setU32(at + ROW.adminStatus, UP);
  memory.setU32(at + ROW.mediaConnectState, isUp ? CONNECTED : 0);
  memory.setU32(at + ROW.connectionType, DEDICATED);
  memory.setU64(at + ROW.transmitLinkSpeed, GIGABIT);
  memory.setU64(at + ROW.receiveLinkSpeed, GIGABIT);
}
