/** What the agent has changed on the machine, and how it is taken back: newest first, each at least once, in whatever order things end. */
import { RigRefusal } from '../../contract';
import type { Undoing } from '../protocol';
import type { Journal, Undo } from './journal';

/**
 * Takes one change back. Taking back what is as it was is no error: a change may never have come about.
 * @param still called after each look at the machine, and before it is changed: meanwhile another agent may have come to have it, and then
 *   it throws
 */
export type UndoRunner = (undo: Undo, still: () => void) => Promise<void>;

/**
 * So often may the machine stop in the middle of taking a change back: a driver may stop it each time, and nobody could use it any more.
 * Twice may be a person who turns off what does not answer.
 */
const MOST_STOPS = 3;

export class Changes {
  private closed = false;

  constructor(
    private readonly journal: Journal,
    private readonly run: UndoRunner,
    /** Whether the machine is this agent's to change. */
    private readonly mayChange: () => boolean,
  ) {}

  /**
   * Makes a change that can be taken back.
   * @returns what the change returned, and what takes it back ahead of time
   * @throws RigRefusal (environment) when it cannot be written down, or all has been taken back already: then it is not made;
   *   and what the change throws
   */
  async make<T>(
    undo: Undo,
    change: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly undo: () => Promise<void> }> {
    if (this.closed || !this.mayChange())
      throw new RigRefusal('environment', `The agent is ending: nothing is changed any more (${undo.what}).`);
    let id: number;
    try {
      id = this.journal.begin(undo);
    } catch (failure) {
      throw new RigRefusal('environment', `The journal cannot be written, so nothing is changed: ${words(failure)}.`);
    }
    const result = await change();
    return { result, undo: () => this.takeBack(id) };
  }

  /** No change is made after this. */
  close(): void {
    this.closed = true;
  }

  /**
   * After one that could not be taken back, older ones are, and stay in the journal: whoever takes that one back later does it before them
   * again, and not after.
   * @param keeping a verb whose changes stay
   * @returns what was done, in words. Never throws.
   */
  async undoAll(keeping?: string): Promise<Undoing> {
    const undone: string[] = [];
    const failed: string[] = [];
    for (const [id, { what, verb }] of [...this.journal.pending].reverse()) {
      if (verb === keeping) continue;
      try {
        await this.takeBack(id, failed.length === 0);
        undone.push(what);
      } catch (failure) {
        failed.push(`${what}: ${words(failure)}`);
      }
    }
    return { undone, failed };
  }

  /** @param forGood it need not be taken back again */
  private async takeBack(id: number, forGood = true): Promise<void> {
    const undo = this.journal.pending.get(id);
    if (!undo) return;
    const still = (): void => {
      if (!this.mayChange()) throw new RigRefusal('environment', 'another agent has the machine');
    };
    still();
    this.requireNoStops(id);
    this.tell(() => this.journal.undoing(id));
    // One that is late writes nothing down.
    const ended = (): void => this.tell(() => this.mayChange() && this.journal.failed(id));
    try {
      await this.run(undo, still);
    } catch (failure) {
      ended();
      throw failure;
    }
    if (forGood) this.forget(id);
    else ended();
  }

  /** @throws RigRefusal when taking it back has stopped the machine again and again: then it stays as it is */
  private requireNoStops(id: number): void {
    if (this.journal.stops(id) < MOST_STOPS) return;
    this.forget(id);
    throw new RigRefusal('environment', `the machine has stopped over it ${MOST_STOPS} times, so it is left as it is`);
  }

  private forget(id: number): void {
    try {
      this.journal.undone(id);
    } catch {
      // That the next agent takes it back once more does no harm.
      this.journal.pending.delete(id);
    }
  }

  /** What is not written down now keeps nobody from taking a change back. */
  private tell(write: () => void): void {
    try {
      write();
    } catch {
      // A disk that is full.
    }
  }
}

export function words(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
