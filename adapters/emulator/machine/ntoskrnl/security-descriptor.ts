/** SECURITY_DESCRIPTOR in its two forms, and the SIDs that everybody knows. */
import type { Guest } from '../guest';

export const DESCRIPTOR = {
  revision: 1,
  control: 0x02,
  /** With pointers. */
  size: 0x28,
  owner: 0x08,
  group: 0x10,
  sacl: 0x18,
  dacl: 0x20,
  /** With offsets from its own beginning. */
  relativeSize: 0x14,
  relativeOwner: 0x04,
  relativeGroup: 0x08,
  relativeSacl: 0x0c,
  relativeDacl: 0x10,
  ownerDefaulted: 0x0001,
  groupDefaulted: 0x0002,
  daclPresent: 0x0004,
  daclDefaulted: 0x0008,
  saclPresent: 0x0010,
  saclDefaulted: 0x0020,
  selfRelative: 0x8000,
} as const;

/** A SID or an ACL: nowhere and empty when it is missing. */
interface Part {
  readonly offset: number;
  readonly length: number;
}

export interface DescriptorParts {
  readonly control: number;
  readonly isRelative: boolean;
  readonly owner: Part;
  readonly group: Part;
  readonly sacl: Part;
  readonly dacl: Part;
}

const NOTHING: Part = { offset: 0, length: 0 };

/** @returns the length of a SID. @throws Bugcheck when the driver may not read it */
export function sidLength(guest: Guest, sid: number): number {
  guest.touch('read', sid, 8);
  const length = 8 + 4 * guest.memory.u8(sid + 1);
  guest.touch('read', sid, length);
  return length;
}

function aclLength(guest: Guest, acl: number): number {
  guest.touch('read', acl, 8);
  const length = guest.memory.u16(acl + 2);
  guest.touch('read', acl, length);
  return length;
}

/**
 * @param at offset of a descriptor of either form
 * @returns undefined when its revision is unknown
 * @throws Bugcheck when the driver may not read it
 */
export function partsOf(guest: Guest, at: number): DescriptorParts | undefined {
  const { memory } = guest;
  guest.touch('read', at, DESCRIPTOR.relativeSize);
  if (memory.u8(at) !== DESCRIPTOR.revision) return undefined;
  const control = memory.u16(at + DESCRIPTOR.control);
  const isRelative = (control & DESCRIPTOR.selfRelative) !== 0;
  if (!isRelative) guest.touch('read', at, DESCRIPTOR.size);
  const place = (absolute: number, relative: number): number => {
    if (!isRelative) {
      const pointer = memory.u64(at + absolute);
      return pointer === 0n ? 0 : guest.offset(pointer);
    }
    const distance = memory.u32(at + relative);
    return distance === 0 ? 0 : at + distance;
  };
  const part = (offset: number, length: (guest: Guest, offset: number) => number): Part =>
    offset === 0 ? NOTHING : { offset, length: length(guest, offset) };
  return {
    control,
    isRelative,
    owner: part(place(DESCRIPTOR.owner, DESCRIPTOR.relativeOwner), sidLength),
    group: part(place(DESCRIPTOR.group, DESCRIPTOR.relativeGroup), sidLength),
    sacl: part(place(DESCRIPTOR.sacl, DESCRIPTOR.relativeSacl), aclLength),
    dacl: part(place(DESCRIPTOR.dacl, DESCRIPTOR.relativeDacl), aclLength),
  };
}

/** SE_EXPORTS: privileges, then pointers to SIDs, given as authority and sub-authorities. */
const SE_EXPORTS_SIZE = 0x200;
/** Privileges at the head count up from SeCreateTokenPrivilege. */
const FIRST_PRIVILEGE = 2;
const PRIVILEGES = 23;
const WELL_KNOWN: readonly (readonly [at: number, authority: number, ...subAuthorities: number[]])[] = [
  [0x0b8, 0, 0], // Null
  [0x0c0, 1, 0], // World
  [0x0c8, 2, 0], // Local
  [0x0d0, 3, 0], // Creator owner
  [0x0d8, 3, 1], // Creator group
  [0x0e0, 5], // NT authority
  [0x0e8, 5, 1], // Dialup
  [0x0f0, 5, 2], // Network
  [0x0f8, 5, 3], // Batch
  [0x100, 5, 4], // Interactive
  [0x108, 5, 18], // Local system
  [0x110, 5, 32, 544], // Administrators
  [0x118, 5, 32, 545], // Users
  [0x120, 5, 32, 546], // Guests
  [0x128, 5, 32, 547], // Power users
  [0x130, 5, 32, 548], // Account operators
  [0x138, 5, 32, 549], // System operators
  [0x140, 5, 32, 550], // Print operators
  [0x148, 5, 32, 551], // Backup operators
  [0x150, 5, 11], // Authenticated users
  [0x158, 5, 12], // Restricted
  [0x160, 5, 7], // Anonymous
  [0x180, 5, 19], // Local service
  [0x188, 5, 20], // Network service
];

/** @returns the offset of a table as `SeExports` points to it */
export function newSeExports(guest: Guest): number {
  const { memory } = guest;
  const table = guest.allocate(SE_EXPORTS_SIZE);
  for (let index = 0; index < PRIVILEGES; index += 1) memory.setU32(table + 8 * index, FIRST_PRIVILEGE + index);
  for (const [at, authority, ...subAuthorities] of WELL_KNOWN) {
    const sid = guest.allocate(8 + 4 * subAuthorities.length);
    memory.setU8(sid, 1);
    memory.setU8(sid + 1, subAuthorities.length);
    memory.setU8(sid + 7, authority);
    subAuthorities.forEach((value, index) => memory.setU32(sid + 8 + 4 * index, value));
    memory.setU64(table + at, guest.address(sid));
  }
  return table;
}
