/** Copies between buffers and chains of MDLs: netioddk.h. */
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { MDL, MDL_FLAGS } from '../io/layouts';
import { checked, define, DISPATCH, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';

const page = (name: string): string => `netioddk/nf-netioddk-${name.toLowerCase()}`;

export const mdlCopyExports: readonly GuestExport[] = [
  define('RtlCopyBufferToMdl', DISPATCH, page('RtlCopyBufferToMdl'), (guest, call) =>
    copy(guest, call, call.pointer(1), Number(call.u64(2)), (at, length, done) =>
      move(guest, call.pointer(0) + done, at, length),
    ),
  ),
  define('RtlCopyMdlToBuffer', DISPATCH, page('RtlCopyMdlToBuffer'), (guest, call) =>
    copy(guest, call, call.pointer(0), Number(call.u64(1)), (at, length, done) =>
      move(guest, at, call.pointer(2) + done, length),
    ),
  ),
];

function move(guest: Guest, from: number, to: number, length: number): void {
  guest.touch('read', from, length);
  guest.touch('write', to, length);
  guest.memory.write(to, guest.memory.bytes.slice(from, from + length));
}

/** Goes along a chain, and tells in the last argument how much there was. */
function copy(
  guest: Guest,
  call: GuestCall,
  first: number,
  offset: number,
  each: (at: number, length: number, done: number) => void,
): number {
  const { memory } = guest;
  const wanted = Number(call.u64(3));
  let done = 0;
  let skip = offset;
  for (let mdl = first; mdl !== 0 && done < wanted;) {
    guest.touch('read', mdl, MDL.size);
    const count = memory.u32(mdl + MDL.byteCount);
    if (skip < count) {
      const length = Math.min(count - skip, wanted - done);
      each(guest.offset(dataOf(guest, mdl)) + skip, length, done);
      done += length;
      skip = 0;
    } else {
      skip -= count;
    }
    const next = memory.u64(mdl + MDL.next);
    mdl = next === 0n ? 0 : guest.offset(next);
  }
  memory.setU64(checked(guest, call, 4, 'write', 8), BigInt(done));
  return done === wanted ? STATUS.SUCCESS : STATUS.BUFFER_TOO_SMALL;
}

/** Where the system sees what an MDL describes. */
function dataOf({ memory, user }: Guest, mdl: number): bigint {
  const isSeen = (memory.u16(mdl + MDL.flags) & (MDL_FLAGS.mapped | MDL_FLAGS.nonpagedPool)) !== 0;
  if (isSeen) return memory.u64(mdl + MDL.mappedSystemVa);
  return user.mapped(memory.u64(mdl + MDL.startVa) + BigInt(memory.u32(mdl + MDL.byteOffset)));
}
