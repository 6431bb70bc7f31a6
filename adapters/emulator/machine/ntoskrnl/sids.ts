/** Security identifiers, and the entries of access control lists by number. */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { utf16 } from '../text';
import { checked, define, PASSIVE, type GuestExport } from './define';
import { sidLength } from './security-descriptor';
import { convert } from './strings';

const INVALID_SID = 0xc0000078;
/** SID: revision, number of sub-authorities, authority, sub-authorities. */
const SID = { size: 8, count: 1, authority: 2, authorityLength: 6, most: 15 } as const;
const ACL = { size: 8, count: 4 } as const;
const ACE_LENGTH = 2;

const page = (name: string): string => `ntifs/nf-ntifs-${name.toLowerCase()}`;

export const sidExports: readonly GuestExport[] = [
  define('RtlLengthRequiredSid', PASSIVE, page('RtlLengthRequiredSid'), (_, call) => SID.size + 4 * call.u32(0)),
  define('RtlInitializeSid', PASSIVE, page('RtlInitializeSid'), (guest, call) => {
    const count = call.u8(2);
    if (count > SID.most) return STATUS.INVALID_PARAMETER;
    const sid = checked(guest, call, 0, 'write', SID.size);
    const authority = checked(guest, call, 1, 'read', SID.authorityLength);
    guest.memory.setU8(sid, 1);
    guest.memory.setU8(sid + SID.count, count);
    guest.memory.write(sid + SID.authority, guest.memory.bytes.slice(authority, authority + SID.authorityLength));
    return STATUS.SUCCESS;
  }),
  define(
    'RtlSubAuthoritySid',
    PASSIVE,
    page('RtlSubAuthoritySid'),
    (_, call) => call.u64(0) + BigInt(SID.size + 4 * call.u32(1)),
  ),
  define(
    'RtlSubAuthorityCountSid',
    PASSIVE,
    page('RtlSubAuthorityCountSid'),
    (_, call) => call.u64(0) + BigInt(SID.count),
  ),
  define('RtlValidSid', PASSIVE, page('RtlValidSid'), (guest, call) => {
    const sid = checked(guest, call, 0, 'read', SID.size);
    return guest.memory.u8(sid) === 1 && guest.memory.u8(sid + SID.count) <= SID.most;
  }),
  define('RtlEqualSid', PASSIVE, page('RtlEqualSid'), (guest, call) =>
    bytesOf(guest, call, 0).equals(bytesOf(guest, call, 1)),
  ),
  define('RtlCopySid', PASSIVE, page('RtlCopySid'), (guest, call) => {
    const bytes = bytesOf(guest, call, 2);
    if (call.u32(0) < bytes.length) return STATUS.BUFFER_TOO_SMALL;
    guest.memory.write(checked(guest, call, 1, 'write', bytes.length), bytes);
    return STATUS.SUCCESS;
  }),
  define('RtlConvertSidToUnicodeString', PASSIVE, page('RtlConvertSidToUnicodeString'), asText),
  define('RtlGetAce', PASSIVE, page('RtlGetAce'), (guest, call) => {
    const acl = checked(guest, call, 0, 'read', ACL.size);
    if (call.u32(1) >= guest.memory.u16(acl + ACL.count)) return STATUS.INVALID_PARAMETER;
    let ace = acl + ACL.size;
    for (let index = 0; index < call.u32(1); index += 1) {
      guest.touch('read', ace, 4);
      ace += guest.memory.u16(ace + ACE_LENGTH);
    }
    guest.memory.setU64(checked(guest, call, 2, 'write', 8), guest.address(ace));
    return STATUS.SUCCESS;
  }),
  // Objects here carry no descriptor.
  define('ObGetObjectSecurity', PASSIVE, page('ObGetObjectSecurity'), (guest, call) => {
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), 0n);
    guest.memory.setU8(checked(guest, call, 2, 'write', 1), 0);
    return STATUS.SUCCESS;
  }),
  define('ObReleaseObjectSecurity', PASSIVE, page('ObReleaseObjectSecurity'), () => undefined),
];

function bytesOf(guest: Guest, call: GuestCall, index: number): Buffer {
  const sid = call.pointer(index);
  return Buffer.from(guest.memory.bytes.slice(sid, sid + sidLength(guest, sid)));
}

/** S-1-5-32-544. */
function asText(guest: Guest, call: GuestCall): Call<number> | number {
  const bytes = bytesOf(guest, call, 1);
  if (bytes[0] !== 1) return INVALID_SID;
  const count = bytes[SID.count] ?? 0;
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(SID.size + 4 * index));
  const text = ['S', 1, bytes.readUIntBE(SID.authority, SID.authorityLength), ...parts].join('-');
  return convert(guest, call, utf16(text, true), 2);
}
