/** What the kit says about a crash: facts, quoted, and conclusions, each with how sure it is and why. */
import type { Line } from './lines';

/** `certain`: the text says it. `likely`: the evidence fits this and little else. `possible`: it fits this among other things. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** A scenario of the specification, by feature file and name: lines move, names are looked after. */
export interface ScenarioName {
  readonly feature: string;
  readonly name: string;
}

/** A command of WinDbg, and what it will show. */
export interface NextStep {
  readonly command: string;
  readonly shows: string;
}

/** Something that stands in the text. */
export interface Fact {
  readonly what: string;
  readonly lines: readonly Line[];
}

export interface Conclusion {
  /** Stable name of the kind of conclusion: `stale-handle`. */
  readonly id: string;
  readonly certainty: Certainty;
  /** A sentence. */
  readonly suggests: string;
  /** The evidence, as it stands in the text. */
  readonly known: readonly Line[];
  /** Why the evidence suggests it. */
  readonly why: string;
  /** What speaks against it, or stays open. */
  readonly against: readonly string[];
  /** Ids of the catalogue, the nearest first. */
  readonly rules: readonly string[];
  /** The scenarios that come closest to it; each rule has more. */
  readonly scenarios: readonly ScenarioName[];
  /** Drivers of the kit that die like this. */
  readonly drivers: readonly string[];
  readonly next: readonly NextStep[];
}

/** A conclusion as a clue states it: what is left out is empty. */
export type Draft = Pick<Conclusion, 'id' | 'certainty' | 'suggests' | 'why' | 'known'> & Partial<Conclusion>;

const WEAKER: Readonly<Record<Certainty, Certainty>> = { certain: 'likely', likely: 'possible', possible: 'possible' };

/**
 * @param draft the conclusion
 * @param contradictions what the same text says against it: each lowers the certainty by a step
 */
export function conclude(draft: Draft, contradictions: readonly (string | false | undefined)[] = []): Conclusion {
  const against = contradictions.filter((each) => typeof each === 'string');
  return {
    rules: [],
    scenarios: [],
    drivers: [],
    next: [],
    ...draft,
    known: [...new Set(draft.known)],
    certainty: against.reduce<Certainty>((certainty) => WEAKER[certainty], draft.certainty),
    against: [...against, ...(draft.against ?? [])],
  };
}
