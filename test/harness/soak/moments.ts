/** Moments of a play, counted: the same play without faults says how many there are, so that one of them can be chosen. */

/** A line that the agent reads or writes, an event of ETW, something asked of Windows or of the helper, a line of the agent's journal, a scenario that begins. */
export const MOMENTS = ['reads', 'writes', 'event', 'shell', 'helper', 'journal', 'scenario'] as const;
export type Moment = (typeof MOMENTS)[number];

export class Moments {
  readonly counts: Record<Moment, number> = {
    reads: 0,
    writes: 0,
    event: 0,
    shell: 0,
    helper: 0,
    journal: 0,
    scenario: 0,
  };
  private readonly acts: { readonly moment: Moment; readonly at: number; readonly act: () => void }[] = [];

  /** @param act done at the n-th moment of its kind, before what it is the moment of */
  at(moment: Moment, at: number, act: () => void): void {
    this.acts.push({ moment, at, act });
  }

  /** Nothing happens by chance any more. */
  stop(): void {
    this.acts.length = 0;
  }

  happens(moment: Moment): void {
    this.counts[moment] += 1;
    for (const { moment: kind, at, act } of this.acts) if (kind === moment && at === this.counts[moment]) act();
  }
}
