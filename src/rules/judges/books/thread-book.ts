import type { Crossing } from '../../../trace';

/**
 * What each thread is inside of, outermost first: entered handlers (`->`) and calls that have not returned (`=>`).
 * Traces written by hand may leave out returns and thread names, so a missing partner is never an error.
 */
export class ThreadBook {
  private readonly stacks = new Map<string, Crossing[]>();

  /** Frames of the thread that makes this crossing, without the crossing itself. */
  framesOf(crossing: Crossing): readonly Crossing[] {
    return this.stacks.get(crossing.thread ?? '') ?? NO_FRAMES;
  }

  /**
   * The handler that began it all on this thread: the write, the timer, the receive that led to the crossing.
   * @returns undefined when the trace does not show it
   */
  rootOf(crossing: Crossing): Crossing | undefined {
    const frames = this.framesOf(crossing);
    for (const frame of frames) if (frame.dir === '->') return frame;
    return undefined;
  }

  /** The innermost handler of that name that the thread is inside of. */
  inside(crossing: Crossing, ddi: string): Crossing | undefined {
    const frames = this.framesOf(crossing);
    for (let index = frames.length - 1; index >= 0; index -= 1) {
      const frame = frames[index];
      if (frame?.dir === '->' && frame.ddi === ddi) return frame;
    }
    return undefined;
  }

  /** For a return or an exit that was just closed: the crossing that opened it. */
  opener: Crossing | undefined;

  /** Before a return or an exit is entered: the crossing that it will close. */
  openerOf(exit: Crossing): Crossing | undefined {
    const frames = this.framesOf(exit);
    const index = indexOfOpener(frames, exit);
    return index < 0 ? undefined : frames[index];
  }

  /** Handlers that were entered and never left, on all threads. */
  *open(): Iterable<Crossing> {
    for (const frames of this.stacks.values()) {
      for (const frame of frames) if (frame.dir === '->') yield frame;
    }
  }

  /** A handler has not returned yet: whoever is in it may still do what it owes. */
  someoneIsInside(): boolean {
    for (const frames of this.stacks.values()) {
      for (const frame of frames) if (frame.dir === '->') return true;
    }
    return false;
  }

  /** The handler that was entered with this crossing has not returned. */
  isOpen(entry: Crossing): boolean {
    return this.framesOf(entry).includes(entry);
  }

  take(crossing: Crossing): void {
    const { dir } = crossing;
    if (dir === '!!') return;
    const key = crossing.thread ?? '';
    let frames = this.stacks.get(key);
    if (!frames) this.stacks.set(key, (frames = []));
    if (dir === '->') {
      frames.push(crossing);
    } else if (dir === '=>') {
      // A call directly inside a call cannot be: the return of the lower one was not recorded.
      if (frames[frames.length - 1]?.dir === '=>') frames[frames.length - 1] = crossing;
      else frames.push(crossing);
    } else {
      this.opener = close(frames, crossing);
      if (frames.length === 0 && this.stacks.size > 64) this.stacks.delete(key);
    }
  }

  /** Crossings were lost: nothing is known of any thread. */
  forget(): void {
    this.stacks.clear();
  }
}

const NO_FRAMES: readonly Crossing[] = [];

function close(frames: Crossing[], exit: Crossing): Crossing | undefined {
  const index = indexOfOpener(frames, exit);
  if (index < 0) return undefined;
  const opener = frames[index];
  // With a thread name what lies above was left too; without one it may be another thread's.
  if (exit.thread === undefined) frames.splice(index, 1);
  else frames.length = index;
  return opener;
}

function indexOfOpener(frames: readonly Crossing[], exit: Crossing): number {
  const opening = exit.dir === '<-' ? '->' : '=>';
  for (let index = frames.length - 1; index >= 0; index -= 1) {
    const frame = frames[index] as Crossing;
    if (frame.dir !== opening || frame.ddi !== exit.ddi) continue;
    if (frame.module !== undefined && exit.module !== undefined && frame.module !== exit.module) continue;
    return index;
  }
  return -1;
}
