/** What the test drivers below and above the driver under test keep back. */
import type { Helper, HeldFrame } from '../ports';
import { unlessAway } from './away';
import { PATTERN, frameName, readFrame, type MarkedFrame } from './frames';

/** Below: fnmp holds sends. Above: fnlwf holds receives. */
const OPS = {
  below: {
    open: 'fnmp.open',
    close: 'fnmp.close',
    hold: 'fnmp.holdSends',
    held: 'fnmp.held',
    release: 'fnmp.release',
  },
  above: {
    open: 'fnlwf.open',
    close: 'fnlwf.close',
    hold: 'fnlwf.holdReceives',
    held: 'fnlwf.held',
    release: 'fnlwf.release',
  },
} as const;

export type Side = keyof typeof OPS;

export interface HeldMarked extends MarkedFrame {
  readonly name: string;
  /** As good as the look that it is from. */
  readonly index: number;
}

export class Holds {
  private handle: number | undefined;
  private isHolding = false;
  private mayBeAway = false;
  /** Those that were there at the last look, and were not released. */
  private expected = new Set<string>();
  /** Names of all that was ever held. */
  readonly seen = new Set<string>();

  /** @param vanished frames that nobody released are gone */
  constructor(
    private readonly helper: Helper,
    private readonly side: Side,
    private readonly vanished: (names: readonly string[]) => void,
  ) {}

  async open(ifIndex: number): Promise<number> {
    return (this.handle ??= (await this.helper.request(OPS[this.side].open, { ifIndex })).handle);
  }

  get isOpen(): boolean {
    return this.handle !== undefined;
  }

  get holds(): boolean {
    return this.isHolding;
  }

  /** From now on, or not any more: then all goes back. */
  async keep(holds: boolean): Promise<void> {
    if (holds === this.isHolding || this.handle === undefined) return;
    const pattern = holds ? PATTERN : { pattern: '', mask: '' };
    await this.helper.request(OPS[this.side].hold, { handle: this.handle, ...pattern });
    this.isHolding = holds;
    if (!holds) this.expected.clear();
  }

  /** The adapter is about to go: who does not answer from now on has gone with it, and holds nothing. */
  leave(): void {
    this.mayBeAway = true;
  }

  /** @returns what is held now, oldest first */
  async look(): Promise<readonly HeldMarked[]> {
    if (this.handle === undefined || !this.isHolding) return [];
    const held = (await this.ask(this.handle)).flatMap(marked);
    const names = new Set(held.map(({ name }) => name));
    const gone = [...this.expected].filter((name) => !names.has(name));
    this.expected = names;
    for (const name of names) this.seen.add(name);
    if (gone.length > 0) this.vanished(gone);
    return held;
  }

  private async ask(handle: number): Promise<readonly HeldFrame[]> {
    const ask = async (): Promise<readonly HeldFrame[]> =>
      (await this.helper.request(OPS[this.side].held, { handle })).frames;
    // With frames in its hands it does not go: NDIS waits for them.
    return this.mayBeAway && this.expected.size === 0 ? unlessAway(ask, []) : ask();
  }

  /** All at once. @param chosen of the last look */
  async release(chosen: readonly HeldMarked[]): Promise<void> {
    if (this.handle === undefined || chosen.length === 0) return;
    for (const { name } of chosen) this.expected.delete(name);
    const indexes = chosen.map(({ index }) => index);
    await this.helper.request(OPS[this.side].release, { handle: this.handle, indexes });
  }

  /** What is held goes back. */
  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    this.isHolding = false;
    this.mayBeAway = false;
    this.expected.clear();
    if (handle !== undefined) await this.helper.request(OPS[this.side].close, { handle });
  }
}

function marked({ bytes, index }: HeldFrame): HeldMarked[] {
  const frame = readFrame(bytes);
  return frame ? [{ ...frame, name: frameName(frame), index }] : [];
}
