import type { Crossing, CrossingDraft } from '../trace/crossing';
import type { Thread } from './thread';

const NO_LOCKS: readonly string[] = [];

/** Numbers crossings and adds the columns of the thread. The one place where `seq` is given. */
export class Recorder {
  private readonly kept: Crossing[] = [];

  /** @param listener called with each crossing as it happens (the judges of a run). */
  constructor(private readonly listener?: (crossing: Crossing) => void) {}

  /**
   * @param draft the crossing without the columns that the recorder knows
   * @param thread the thread it happens on; undefined for observations made between threads
   * @param time virtual time in ms
   */
  record(draft: CrossingDraft, thread: Thread | undefined, time: number): Crossing {
    const crossing: Crossing = {
      seq: this.kept.length + 1,
      dir: draft.dir,
      ddi: draft.ddi,
      ...(draft.module === undefined ? undefined : { module: draft.module }),
      ...(draft.adapter === undefined ? undefined : { adapter: draft.adapter }),
      ...(draft.neighbour === undefined ? undefined : { neighbour: draft.neighbour }),
      ...(thread && {
        thread: thread.id,
        cpu: thread.cpu,
        irql: thread.irql,
        locks: thread.locks.length === 0 ? NO_LOCKS : thread.locks.map((lock) => lock.id),
      }),
      time,
      ...(draft.status === undefined ? undefined : { status: draft.status }),
      ...(draft.args === undefined ? undefined : { args: draft.args }),
      ...(draft.nbls === undefined ? undefined : { nbls: draft.nbls }),
      ...(draft.certainty === undefined ? undefined : { certainty: draft.certainty }),
    };
    this.kept.push(crossing);
    this.listener?.(crossing);
    return crossing;
  }

  /** Everything recorded so far, in order. */
  get crossings(): readonly Crossing[] {
    return this.kept;
  }
}
