/** The journal of a run: what must be taken back, and what was seen, on a disk that outlives the agent. */
import type { NumberedObservation } from '../protocol';
import { journalLine, readJournal } from './journal-lines';

/** How to take a change back: data for whoever knows the verb. */
export interface Undo {
  readonly verb: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** For people: `adapter "Ethernet 2" is enabled again`. */
  readonly what: string;
}

/** A file that is only ever added to. Its calls throw as those of `node:fs` do. */
export interface JournalFile {
  read(): Buffer;
  append(bytes: Buffer): void;
  /** What was appended outlives the machine. */
  sync(): void;
  truncate(length: number): void;
}

type Entry =
  | { readonly k: 'event'; readonly event: NumberedObservation }
  | { readonly k: 'do'; readonly id: number; readonly undo: Undo }
  | { readonly k: 'undone'; readonly id: number }
  | { readonly k: 'undoing'; readonly id: number; readonly boot: string }
  | { readonly k: 'failed'; readonly id: number };

export class Journal {
  /** What was done and not taken back, by number. */
  readonly pending = new Map<number, Undo>();
  /** What agents before this one saw in the run. */
  readonly events: NumberedObservation[] = [];
  private last = 0;
  /** Start of the machine -> the change that somebody began to take back last in it, as long as nobody has come to an end with that. */
  private readonly begun = new Map<string, number>();
  /** What was taken back and is not written down. */
  private readonly owed: number[] = [];
  /** Half a line may be at the end of the file: the disk was full. */
  private torn = false;

  /**
   * Takes up what is there; a torn tail is cut off.
   * @param boot this start of the machine
   * @throws what the file throws
   */
  constructor(
    private readonly file: JournalFile,
    private readonly boot = '',
  ) {
    const bytes = file.read();
    const { entries, whole } = readJournal(bytes);
    if (whole < bytes.length) file.truncate(whole);
    for (const entry of entries) this.take(entry as Entry);
  }

  /** Called before a change is made: when it returns, the change will be taken back, whatever happens. @throws what the file throws */
  begin(undo: Undo): number {
    this.writeOwed();
    const id = this.last + 1;
    this.write({ k: 'do', id, undo });
    return id;
  }

  /**
   * The change was taken back, or did not come about.
   * @throws what the file throws: then it is written down before anything else is, so that whoever takes back what is left begins with it,
   *   and nothing that was taken back after it is overruled
   */
  undone(id: number): void {
    this.owed.push(id);
    this.writeOwed();
  }

  /** Called before the change is taken back. @throws what the file throws */
  undoing(id: number): void {
    this.write({ k: 'undoing', id, boot: this.boot });
  }

  /** It could not be taken back, or is to be taken back once more. @throws what the file throws */
  failed(id: number): void {
    this.write({ k: 'failed', id });
  }

  /** @returns in how many earlier starts of the machine it was the last to be taken back, to no end: the machine has stopped in the middle of it, or soon after */
  stops(id: number): number {
    return [...this.begun].filter(([boot, begun]) => boot !== this.boot && begun === id).length;
  }

  /** Not durable before `sync`. @throws what the file throws */
  seen(event: NumberedObservation): void {
    this.append({ k: 'event', event });
  }

  /** @throws what the file throws */
  sync(): void {
    this.file.sync();
  }

  private writeOwed(): void {
    for (let [id] = this.owed; id !== undefined; [id] = this.owed) {
      this.write({ k: 'undone', id });
      this.owed.shift();
    }
  }

  private write(entry: Entry): void {
    this.append(entry);
    this.file.sync();
    this.take(entry);
  }

  private append(entry: Entry): void {
    const line = journalLine(entry);
    const bytes = this.torn ? Buffer.concat([Buffer.from('\n'), line]) : line;
    this.torn = true;
    this.file.append(bytes);
    this.torn = false;
  }

  private take(entry: Entry): void {
    if (entry.k === 'event') this.events.push(entry.event);
    if (entry.k === 'undone') this.pending.delete(entry.id);
    if (entry.k === 'undone' || entry.k === 'failed')
      for (const [boot, begun] of this.begun) if (begun === entry.id) this.begun.delete(boot);
    if (entry.k === 'undoing') this.begun.set(entry.boot, entry.id);
    if (entry.k !== 'do') return;
    this.pending.set(entry.id, entry.undo);
    this.last = Math.max(this.last, entry.id);
  }
}
