import type { Crossing } from '../../../trace';
import { Asked } from './asked';

interface Stack {
  readonly frames: Crossing[];
  lastStep: number;
}

/**
 * What each thread is inside of, outermost first: entered handlers (`->`) and calls that have not returned (`=>`).
 * Traces written by hand may leave out returns and thread names, so a missing partner is never an error.
 */
export class ThreadBook {
  private readonly stacks = new Asked<Stack>();

  /** Frames of the thread that makes this crossing, without the crossing itself. */
  framesOf(crossing: Crossing): readonly Crossing[] {
    return this.stackOf(crossing)?.frames ?? NO_FRAMES;
  }

  /** seq of the last crossing of the thread that makes this crossing; 0 when there is none. */
  lastStepOf(crossing: Crossing): number {
    return this.stackOf(crossing)?.lastStep ?? 0;
  }

  private stackOf({ thread = '' }: Crossing): Stack | undefined {
    return this.stacks.get(thread);
  }

  /**
   * The handler that began it all on this thread: the write, the timer, the receive that led to the crossing.
   * @returns undefined when the trace does not show it
   */
  rootOf(crossing: Crossing): Crossing | undefined {
    const frames = this.framesOf(crossing);
    for (const frame of frames) if (isOwnHandler(frame)) return frame;
    return undefined;
  }

  /** The innermost handler that the thread is inside of. */
  handlerOf(crossing: Crossing): Crossing | undefined {
    const frames = this.framesOf(crossing);
    for (let index = frames.length - 1; index >= 0; index -= 1) if (frames[index]?.dir === '->') return frames[index];
    return undefined;
  }

  /** The innermost handler of that name that the thread is inside of. */
  inside(crossing: Crossing, ddi: string): Crossing | undefined {
    const frames = this.framesOf(crossing);
    for (let index = frames.length - 1; index >= 0; index -= 1) {
      const frame = frames[index];
      if (frame?.dir !== '->') continue;
      if (frame.ddi === ddi) return frame;
      // A handler is entered inside another only through a call; without thread names it is on another thread.
      if (crossing.thread === undefined && frames[index - 1]?.dir === '->') return undefined;
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

  /** Handlers of the driver that were entered and never left, on all threads. */
  *open(): Iterable<Crossing> {
    for (const { frames } of this.stacks.values()) {
      for (const frame of frames) if (isOwnHandler(frame)) yield frame;
    }
  }

  /** A handler of the driver has not returned yet: whoever is in it may still do what it owes. */
  someoneIsInside(): boolean {
    for (const { frames } of this.stacks.values()) if (frames.some(isOwnHandler)) return true;
    return false;
  }

  /** The same, apart from one handler. */
  someoneElseIsInside(entry: Crossing): boolean {
    for (const open of this.open()) if (open !== entry) return true;
    return false;
  }

  /** The handler that was entered with this crossing has not returned. */
  isOpen(entry: Crossing): boolean {
    return this.framesOf(entry).includes(entry);
  }

  /** A handler is entered, or a call begins. */
  opens(crossing: Crossing): void {
    const { frames } = this.goesOn(crossing);
    // No stack is that deep: returns are not recorded, and who is inside of what is unknown.
    if (frames.length >= DEEPEST) frames.length = 0;
    frames.push(crossing);
  }

  /** A handler returns, or a call. */
  closes(crossing: Crossing): void {
    const { frames } = this.goesOn(crossing);
    this.opener = close(frames, crossing);
    if (frames.length === 0 && this.stacks.size > MANY_THREADS) this.drop(crossing);
  }

  private goesOn(crossing: Crossing): Stack {
    const stack = this.stackOf(crossing) ?? this.newStack(crossing);
    stack.lastStep = crossing.seq;
    return stack;
  }

  private newStack({ thread = '' }: Crossing): Stack {
    if (this.stacks.size >= TOO_MANY_THREADS) this.forget();
    const stack: Stack = { frames: [], lastStep: 0 };
    this.stacks.set(thread, stack);
    return stack;
  }

  private drop({ thread = '' }: Crossing): void {
    this.stacks.delete(thread);
  }

  /**
   * Before a call or a handler's return is entered: calls whose own returns the trace leaves out, and which are over because
   * their thread goes on.
   * @param ended is told of each
   */
  endUnreturnedCalls(crossing: Crossing, ended: (call: Crossing) => void): void {
    const frames = this.stackOf(crossing)?.frames;
    if (frames !== undefined && frames.length > 0 && (frames[frames.length - 1] as Crossing).dir === '=>')
      this.endCalls(frames, crossing, ended);
  }

  private endCalls(frames: Crossing[], crossing: Crossing, ended: (call: Crossing) => void): void {
    // A call directly inside a call cannot be.
    const keep = crossing.dir === '=>' ? frames.length - 1 : indexOfOpener(frames, crossing) + 1;
    if (keep === 0 && crossing.dir === '<-') return;
    // Without a thread name what lies above a handler may be another thread's.
    if (crossing.thread === undefined && keep < frames.length - 1) return;
    for (let index = frames.length - 1; index >= keep; index -= 1) {
      const frame = frames[index] as Crossing;
      if (frame.dir === '=>') ended(frame);
    }
    shorten(frames, keep);
  }

  /** Crossings were lost: nothing is known of any thread. */
  forget(): void {
    this.stacks.clear();
  }
}

function isOwnHandler(frame: Crossing): boolean {
  return frame.dir === '->' && frame.neighbour === undefined;
}

const NO_FRAMES: readonly Crossing[] = [];
const DEEPEST = 256;
/** From here on, threads that are inside of nothing are forgotten. */
const MANY_THREADS = 64;
const TOO_MANY_THREADS = 4096;

function close(frames: Crossing[], exit: Crossing): Crossing | undefined {
  const index = indexOfOpener(frames, exit);
  if (index < 0) return undefined;
  const opener = frames[index];
  // With a thread name what lies above was left too; without one it may be another thread's.
  if (exit.thread === undefined) frames.splice(index, 1);
  else shorten(frames, index);
  return opener;
}

/** Frame by frame, as there is rarely more than one: setting `length` is slower. */
function shorten(frames: Crossing[], length: number): void {
  while (frames.length > length) frames.pop();
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
