import type { Crossing, CrossingDraft, Direction } from '../trace/crossing';
import type { Thread } from './thread';

const NO_LOCKS: readonly string[] = [];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A class, so that the engine learns how many members crossings have in the end and makes room for them at once. */
class Recorded {
  constructor(
    readonly seq: number,
    readonly dir: Direction,
    readonly ddi: string,
  ) {}
}

/** Numbers crossings and adds the columns of the thread. The one place where `seq` is given. */
export class Recorder {
  private readonly kept: Crossing[] = [];
  /** Called with each crossing as it happens, by whoever wants to know how things are at that moment. */
  listener: ((crossing: Crossing) => void) | undefined;

  /**
   * @param draft the crossing without the columns that the recorder knows
   * @param thread the thread it happens on; undefined for observations made between threads
   * @param time virtual time in ms
   */
  record(draft: CrossingDraft, thread: Thread | undefined, time: number): Crossing {
    // Members are added one by one: this runs for every crossing of every scenario, and spreads cost ten times as much.
    const crossing: Mutable<Crossing> = new Recorded(this.kept.length + 1, draft.dir, draft.ddi);
    if (draft.module !== undefined) crossing.module = draft.module;
    if (draft.adapter !== undefined) crossing.adapter = draft.adapter;
    if (draft.neighbour !== undefined) crossing.neighbour = draft.neighbour;
    if (thread) {
      crossing.thread = thread.id;
      crossing.cpu = thread.cpu;
      crossing.irql = thread.irql;
      crossing.locks = thread.locks.length === 0 ? NO_LOCKS : thread.locks.map((lock) => lock.id);
    }
    crossing.time = time;
    if (draft.status !== undefined) crossing.status = draft.status;
    if (draft.args !== undefined) crossing.args = draft.args;
    if (draft.nbls !== undefined) crossing.nbls = draft.nbls;
    if (draft.certainty !== undefined) crossing.certainty = draft.certainty;
    this.kept.push(crossing);
    this.listener?.(crossing);
    return crossing;
  }

  /** Everything recorded so far, in order. */
  get crossings(): readonly Crossing[] {
    return this.kept;
  }
}
