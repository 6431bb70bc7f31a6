/**
 * SIDs, ACLs and security descriptors, as far as IoCreateDeviceSecure needs them: drivers carry that one with them (wdmsec.lib), and it
 * turns SDDL into a descriptor by hand. On this machine everybody is allowed everything, so descriptors are built and copied, not applied.
 */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { checked, define, PASSIVE, type GuestExport } from './define';
import { Handles } from './handles';
import { DESCRIPTOR, partsOf, sidLength, type DescriptorParts } from './security-descriptor';

const UNKNOWN_REVISION = 0xc0000058;
const INVALID_SECURITY_DESCR = 0xc0000079;
const ALLOTTED_SPACE_EXCEEDED = 0xc0000099;
const BAD_DESCRIPTOR_FORMAT = 0xc00000e7;

const ACL = { size: 8, length: 2, aceCount: 4 } as const;
const ACE = { size: 8, length: 2, mask: 4 } as const;

export const securityExports: readonly GuestExport[] = [
  define('RtlLengthSid', PASSIVE, 'ntifs/nf-ntifs-rtllengthsid', (guest, call) => sidLength(guest, call.pointer(0))),
  define('RtlCreateAcl', PASSIVE, 'ntifs/nf-ntifs-rtlcreateacl', (guest, call) => {
    const [length, revision] = [call.u32(1), call.u32(2)];
    if (length < ACL.size) return STATUS.BUFFER_TOO_SMALL;
    if (length > 0xffff || revision < 2 || revision > 4) return STATUS.INVALID_PARAMETER;
    const acl = checked(guest, call, 0, 'write', ACL.size);
    guest.memory.fill(acl, ACL.size, 0);
    guest.memory.setU8(acl, revision);
    guest.memory.setU16(acl + ACL.length, length);
    return STATUS.SUCCESS;
  }),
  define('RtlAddAccessAllowedAce', PASSIVE, 'ntifs/nf-ntifs-rtladdaccessallowedace', addAllowed),

  define('RtlCreateSecurityDescriptor', PASSIVE, 'wdm/nf-wdm-rtlcreatesecuritydescriptor', (guest, call) => {
    if (call.u32(1) !== DESCRIPTOR.revision) return UNKNOWN_REVISION;
    const at = checked(guest, call, 0, 'write', DESCRIPTOR.size);
    guest.memory.fill(at, DESCRIPTOR.size, 0);
    guest.memory.setU8(at, DESCRIPTOR.revision);
    return STATUS.SUCCESS;
  }),
  define('RtlValidSecurityDescriptor', PASSIVE, 'wdm/nf-wdm-rtlvalidsecuritydescriptor', (guest, call) => {
    return guest.memory.u8(checked(guest, call, 0, 'read', DESCRIPTOR.relativeSize)) === DESCRIPTOR.revision;
  }),
  define('RtlLengthSecurityDescriptor', PASSIVE, 'wdm/nf-wdm-rtllengthsecuritydescriptor', (guest, call) => {
    const parts = partsOf(guest, call.pointer(0));
    return parts ? lengthOf(parts, parts.isRelative ? DESCRIPTOR.relativeSize : DESCRIPTOR.size) : 0;
  }),
  define('RtlSetDaclSecurityDescriptor', PASSIVE, 'wdm/nf-wdm-rtlsetdaclsecuritydescriptor', (guest, call) =>
    setPart(guest, call, DESCRIPTOR.dacl, call.bool(1) ? call.u64(2) : 0n, {
      [DESCRIPTOR.daclPresent]: call.bool(1),
      [DESCRIPTOR.daclDefaulted]: call.bool(1) && call.bool(3),
    }),
  ),
  define('RtlSetOwnerSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-rtlsetownersecuritydescriptor', (guest, call) =>
    setPart(guest, call, DESCRIPTOR.owner, call.u64(1), { [DESCRIPTOR.ownerDefaulted]: call.bool(2) }),
  ),
  define('RtlSetGroupSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-rtlsetgroupsecuritydescriptor', (guest, call) =>
    setPart(guest, call, DESCRIPTOR.group, call.u64(1), { [DESCRIPTOR.groupDefaulted]: call.bool(2) }),
  ),
  define('RtlGetDaclSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-rtlgetdaclsecuritydescriptor', (guest, call) =>
    getAcl(guest, call, 'dacl', DESCRIPTOR.daclPresent, DESCRIPTOR.daclDefaulted),
  ),
  define('RtlGetSaclSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-rtlgetsaclsecuritydescriptor', (guest, call) =>
    getAcl(guest, call, 'sacl', DESCRIPTOR.saclPresent, DESCRIPTOR.saclDefaulted),
  ),
  define('RtlGetOwnerSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-rtlgetownersecuritydescriptor', (guest, call) =>
    getSid(guest, call, 'owner', DESCRIPTOR.ownerDefaulted),
  ),
  define('RtlGetGroupSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-rtlgetgroupsecuritydescriptor', (guest, call) =>
    getSid(guest, call, 'group', DESCRIPTOR.groupDefaulted),
  ),
  define('RtlAbsoluteToSelfRelativeSD', PASSIVE, 'ntifs/nf-ntifs-rtlabsolutetoselfrelativesd', (guest, call) => {
    const parts = partsOf(guest, call.pointer(0));
    if (!parts) return UNKNOWN_REVISION;
    if (parts.isRelative) return BAD_DESCRIPTOR_FORMAT;
    const lengthAt = checked(guest, call, 2, 'write', 4);
    const needed = lengthOf(parts, DESCRIPTOR.relativeSize);
    const given = guest.memory.u32(lengthAt);
    guest.memory.setU32(lengthAt, needed);
    if (given < needed) return STATUS.BUFFER_TOO_SMALL;
    writeRelative(guest, checked(guest, call, 1, 'write', needed), parts);
    return STATUS.SUCCESS;
  }),
  define('SeCaptureSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-secapturesecuritydescriptor', capture),
  define('SeReleaseSecurityDescriptor', PASSIVE, 'ntifs/nf-ntifs-sereleasesecuritydescriptor', function* (guest, call) {
    if (call.u64(0) !== 0n && (call.u8(1) !== 0 || call.bool(2))) yield* guest.pool.free(call.u64(0), call.caller);
    return STATUS.SUCCESS;
  }),
  define('ZwSetSecurityObject', PASSIVE, 'ntifs/nf-ntifs-zwsetsecurityobject', (guest, call) => {
    if (!guest.part(Handles).of(call.u64(0))) return STATUS.INVALID_HANDLE;
    return partsOf(guest, call.pointer(2)) ? STATUS.SUCCESS : UNKNOWN_REVISION;
  }),
  define('SeSinglePrivilegeCheck', PASSIVE, 'ntddk/nf-ntddk-sesingleprivilegecheck', () => true),
];

function addAllowed(guest: Guest, call: GuestCall): number {
  const { memory } = guest;
  const acl = checked(guest, call, 0, 'write', ACL.size);
  const size = memory.u16(acl + ACL.length);
  guest.touch('write', acl, size);
  const count = memory.u16(acl + ACL.aceCount);
  let end = acl + ACL.size;
  for (let index = 0; index < count && end < acl + size; index += 1) end += memory.u16(end + ACE.length);
  const sid = call.pointer(3);
  const length = ACE.size + sidLength(guest, sid);
  if (end + length > acl + size) return ALLOTTED_SPACE_EXCEEDED;
  memory.setU32(end, 0);
  memory.setU16(end + ACE.length, length);
  memory.setU32(end + ACE.mask, call.u32(2));
  memory.write(end + ACE.size, memory.bytes.slice(sid, sid + length - ACE.size));
  memory.setU8(acl, Math.max(memory.u8(acl), call.u32(1)));
  memory.setU16(acl + ACL.aceCount, count + 1);
  return STATUS.SUCCESS;
}

function setPart(
  guest: Guest,
  call: GuestCall,
  member: number,
  value: bigint,
  flags: Readonly<Record<number, boolean>>,
): number {
  const { memory } = guest;
  const at = checked(guest, call, 0, 'write', DESCRIPTOR.size);
  if (memory.u8(at) !== DESCRIPTOR.revision) return UNKNOWN_REVISION;
  let control = memory.u16(at + DESCRIPTOR.control);
  if ((control & DESCRIPTOR.selfRelative) !== 0) return INVALID_SECURITY_DESCR;
  for (const [flag, isSet] of Object.entries(flags)) control = isSet ? control | Number(flag) : control & ~Number(flag);
  memory.setU16(at + DESCRIPTOR.control, control);
  memory.setU64(at + member, value);
  return STATUS.SUCCESS;
}

function getAcl(guest: Guest, call: GuestCall, part: 'dacl' | 'sacl', present: number, defaulted: number): number {
  const parts = partsOf(guest, call.pointer(0));
  if (!parts) return UNKNOWN_REVISION;
  const isPresent = (parts.control & present) !== 0;
  guest.memory.setU8(checked(guest, call, 1, 'write', 1), isPresent ? 1 : 0);
  if (!isPresent) return STATUS.SUCCESS;
  guest.memory.setU64(checked(guest, call, 2, 'write', 8), guest.address(parts[part].offset));
  guest.memory.setU8(checked(guest, call, 3, 'write', 1), (parts.control & defaulted) === 0 ? 0 : 1);
  return STATUS.SUCCESS;
}

function getSid(guest: Guest, call: GuestCall, part: 'owner' | 'group', defaulted: number): number {
  const parts = partsOf(guest, call.pointer(0));
  if (!parts) return UNKNOWN_REVISION;
  guest.memory.setU64(checked(guest, call, 1, 'write', 8), guest.address(parts[part].offset));
  guest.memory.setU8(checked(guest, call, 2, 'write', 1), (parts.control & defaulted) === 0 ? 0 : 1);
  return STATUS.SUCCESS;
}

function lengthOf({ owner, group, sacl, dacl }: DescriptorParts, head: number): number {
  return [owner, group, sacl, dacl].reduce((sum, { length }) => sum + Math.ceil(length / 4) * 4, head);
}

/** The parts follow the head: SACL, DACL, owner, group. */
function writeRelative(guest: Guest, at: number, { control, owner, group, sacl, dacl }: DescriptorParts): void {
  const { memory } = guest;
  memory.fill(at, DESCRIPTOR.relativeSize, 0);
  memory.setU8(at, DESCRIPTOR.revision);
  memory.setU16(at + DESCRIPTOR.control, control | DESCRIPTOR.selfRelative);
  let next = DESCRIPTOR.relativeSize;
  for (const [member, { offset, length }] of [
    [DESCRIPTOR.relativeSacl, sacl],
    [DESCRIPTOR.relativeDacl, dacl],
    [DESCRIPTOR.relativeOwner, owner],
    [DESCRIPTOR.relativeGroup, group],
  ] as const) {
    if (offset === 0) continue;
    memory.setU32(at + member, next);
    memory.write(at + next, memory.bytes.slice(offset, offset + length));
    next += Math.ceil(length / 4) * 4;
  }
}

/** What the kernel's own callers give is taken as it is, unless they ask for a copy. */
function* capture(guest: Guest, call: GuestCall): Call<number> {
  const out = checked(guest, call, 4, 'write', 8);
  if (call.u64(0) === 0n || (call.u8(1) === 0 && !call.bool(3))) {
    guest.memory.setU64(out, call.u64(0));
    return STATUS.SUCCESS;
  }
  const parts = partsOf(guest, call.pointer(0));
  if (!parts) return UNKNOWN_REVISION;
  const length = lengthOf(parts, DESCRIPTOR.relativeSize);
  const copy = yield* guest.pool.allocate({ length, tag: 'SeSd', zeroed: true, caller: call.caller });
  if (copy === 0) return STATUS.INSUFFICIENT_RESOURCES;
  writeRelative(guest, copy, parts);
  guest.memory.setU64(out, guest.address(copy));
  return STATUS.SUCCESS;
}
