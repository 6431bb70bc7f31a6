/** What is in the frames: the model knows NBLs by their names only. */
import type { Nbl } from '../../../src/ndis';
import type { Crossing } from '../../../src/trace';

/** Of a frame that nobody has named. */
const NAMELESS = '00'.repeat(60);

/** By these a driver sends or indicates what is its own. */
const ORIGINATING: ReadonlySet<string> = new Set(['NdisFSendNetBufferLists', 'NdisFIndicateReceiveNetBufferLists']);
/** By these it makes something of somebody else's. */
const COPYING: ReadonlySet<string> = new Set([
  'NdisAllocateCloneNetBufferList',
  'NdisAllocateFragmentNetBufferList',
  'NdisAllocateReassembledNetBufferList',
]);

export class Frames {
  private readonly known = new Map<string, string>();
  private readonly copies = new Set<string>();
  /** By thread, what has not been sent. */
  private readonly senders = new Map<string, string[]>();

  /** @param bytes hexadecimal */
  name(nbl: string, bytes: string): void {
    this.known.set(nbl, bytes);
  }

  /** What the driver originates on a thread is filled with these, in their order; or elsewhere, when it gets to it there. */
  sends(thread: string, frames: readonly string[]): void {
    this.senders.set(thread, [...frames]);
  }

  hear({ dir, ddi, thread = '', nbls = [], neighbour }: Crossing): void {
    if (neighbour !== undefined) return;
    if (dir === '<=' && COPYING.has(ddi)) for (const { nbl } of nbls) this.copies.add(nbl);
    if (dir !== '=>' || !ORIGINATING.has(ddi)) return;
    for (const { nbl } of nbls) {
      if (this.known.has(nbl) || this.copies.has(nbl)) continue;
      const bytes = this.senders.get(thread)?.shift() ?? this.oldest();
      if (bytes !== undefined) this.known.set(nbl, bytes);
    }
  }

  /** What was asked for is not sent any more. */
  forgets(thread: string): void {
    this.senders.delete(thread);
  }

  /** Of what was asked for and not sent: a timer or a work item has got to it. */
  private oldest(): string | undefined {
    for (const frames of this.senders.values()) if (frames.length > 0) return frames.shift();
    return undefined;
  }

  /** A copy has what its original has. */
  of(nbl: Nbl): string {
    return this.known.get(nbl.id) ?? (nbl.original ? this.of(nbl.original) : NAMELESS);
  }
}
