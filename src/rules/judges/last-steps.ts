import type { Crossing } from '../../trace';
import type { Court, Judge } from './court';

interface Sentence {
  readonly callback: Crossing;
  /** seq of the act. */
  readonly at: number;
  readonly pronounce: () => void;
}

/**
 * Findings against a callback that has not returned when what it works with goes away. The documented way to wait for one is that
 * it signals when it is about to complete (NdisCancelTimerObject; KeCancelTimer: "can signal the event before exiting"), and a work
 * item has no other. So a callback that does nothing more but return was waited for, as far as anybody can see; one that takes another
 * step, or that never returns, was not. Where a trace breaks off before, nobody knows.
 */
export class LastSteps {
  private readonly open = new Set<Sentence>();

  constructor(private readonly court: Court) {}

  /** Keeps a finding about the act of another thread until the callback returns. */
  hold(callback: Crossing, act: Crossing, pronounce: () => void): void {
    this.open.add({ callback, at: act.seq, pronounce });
  }

  /** What a judge that holds findings has to hear. */
  hearings(): Required<Pick<Judge, 'beforeAny' | 'afterAny'>> {
    return {
      beforeAny: [{ keys: RETURNS, hear: (crossing) => this.returned(crossing) }],
      afterAny: [
        { keys: OWN_DEEDS, hear: (crossing) => this.acted(crossing) },
        { keys: END, hear: () => this.standAll() },
      ],
    };
  }

  forget(): void {
    this.open.clear();
  }

  private returned(crossing: Crossing): void {
    if (this.open.size === 0) return;
    const { threads } = this.court.books;
    const callback = threads.openerOf(crossing);
    // Without thread names it is not known which step was its last.
    const lastStep = crossing.thread === undefined ? 0 : threads.lastStepOf(crossing);
    for (const sentence of this.open) {
      if (sentence.callback !== callback) continue;
      this.open.delete(sentence);
      if (lastStep > sentence.at) sentence.pronounce();
    }
  }

  /** It touched what it must not, or stopped the system. Another thread that stopped it leaves open what this one would have done. */
  private acted(crossing: Crossing): void {
    for (const sentence of this.open) {
      const isIts = crossing.thread !== undefined && crossing.thread === sentence.callback.thread;
      if (!isIts && crossing.ddi === 'Access') continue;
      this.open.delete(sentence);
      if (isIts) sentence.pronounce();
    }
  }

  private standAll(): void {
    for (const { pronounce } of this.open) pronounce();
    this.open.clear();
  }
}

const RETURNS = ['<-NdisTimerFunction', '<-NdisIoWorkItemFunction'] as const;
const OWN_DEEDS = ['!!Access', '!!Bugcheck'] as const;
const END = ['!!Quiescent'] as const;
