/** What is in the frames: the model knows NBLs by their names only. */
import type { Nbl } from '../../../src/ndis';
import type { Crossing } from '../../../src/trace';

/** Of a frame that nobody has named. */
const NAMELESS = '00'.repeat(60);

export class Frames {
  private readonly known = new Map<string, string>();
  private readonly senders = new Map<string, string>();

  /** @param bytes hexadecimal */
  name(nbl: string, bytes: string): void {
    this.known.set(nbl, bytes);
  }

  /** What the driver allocates on a thread from now on is filled with this. */
  sends(thread: string, bytes: string): void {
    this.senders.set(thread, bytes);
  }

  hear({ dir, ddi, thread = '', nbls = [], neighbour }: Crossing): void {
    const bytes = this.senders.get(thread);
    if (bytes === undefined || dir !== '=>' || ddi !== 'NdisFSendNetBufferLists' || neighbour !== undefined) return;
    for (const { nbl } of nbls) if (!this.known.has(nbl)) this.known.set(nbl, bytes);
  }

  /** A copy has what its original has. */
  of(nbl: Nbl): string {
    return this.known.get(nbl.id) ?? (nbl.original ? this.of(nbl.original) : NAMELESS);
  }
}
