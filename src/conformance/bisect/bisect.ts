/** Binary search over versions of a driver for the one that first breaks a rule, or first keeps it. */

/** What a version did with the rule. */
export interface Judgement {
  /** `unknown`: it could not be judged, as with `git bisect skip`. */
  readonly state: 'good' | 'bad' | 'unknown';
  /** Why it is not good, in words. */
  readonly reason?: string;
  /** Where it was broken first. */
  readonly evidence?: Evidence;
}

export interface Evidence {
  readonly scenario: string;
  readonly name: string;
  readonly message: string;
  /** Command that plays it again. */
  readonly replay: string;
}

/**
 * `broken`: the rule was kept and then broken. `mended`: the other way round. `always good`, `always bad`: both ends are the same.
 * `unknown`: fewer than two versions could be judged.
 */
export type Outcome = 'broken' | 'mended' | 'always good' | 'always bad' | 'unknown';

export interface Bisection {
  readonly outcome: Outcome;
  /** Of each version what was found; undefined for those that need not be run. */
  readonly judgements: readonly (Judgement | undefined)[];
  /** The oldest and the newest that could be judged. */
  readonly ends?: readonly [oldest: number, newest: number];
  /** Neighbours, but for versions that could not be judged: the last before the change and the first after it. */
  readonly before?: number;
  readonly after?: number;
  /** Further changes; only seen when every version is judged. */
  readonly otherChanges: readonly (readonly [before: number, after: number])[];
  readonly runs: number;
}

export interface BisectOptions {
  /** How many versions there are, the oldest first. */
  readonly count: number;
  readonly judge: (index: number) => Promise<Judgement>;
  /** Judges each version, and so finds changes that came and went. */
  readonly every?: boolean;
}

/** @returns what was found; judges each version at most once */
export async function bisect({ count, judge, every = false }: BisectOptions): Promise<Bisection> {
  const judgements: (Judgement | undefined)[] = Array.from({ length: count }, () => undefined);
  let runs = 0;
  const stateOf = async (index: number): Promise<Judgement['state']> => {
    const known = judgements[index];
    if (known) return known.state;
    runs += 1;
    const found = await judge(index);
    judgements[index] = found;
    return found.state;
  };

  if (every) for (let index = 0; index < count; index += 1) await stateOf(index);
  const first = await firstJudged(stateOf, 0, count - 1);
  const last = first === undefined ? undefined : await firstJudged(stateOf, count - 1, first);
  const end = (outcome: Outcome, found: Partial<Bisection> = {}): Bisection => ({
    outcome,
    judgements,
    otherChanges: [],
    runs,
    ...(first !== undefined && last !== undefined && { ends: [first, last] as const }),
    ...found,
  });
  if (first === undefined || last === undefined || first === last) return end('unknown');

  const [from, to] = [await stateOf(first), await stateOf(last)];
  const changes = every ? changesIn(judgements) : [];
  if (from === to) return end(from === 'good' ? 'always good' : 'always bad', { otherChanges: changes });
  const [before, after] = await narrow(stateOf, first, last, to);
  const otherChanges = changes.filter(([left]) => left !== before);
  return end(to === 'bad' ? 'broken' : 'mended', { before, after, otherChanges });
}

type StateOf = (index: number) => Promise<Judgement['state']>;

/** The first version from one end that can be judged. */
async function firstJudged(stateOf: StateOf, from: number, to: number): Promise<number | undefined> {
  const step = Math.sign(to - from) || 1;
  for (let index = from; index !== to + step; index += step) if ((await stateOf(index)) !== 'unknown') return index;
  return undefined;
}

/** Halves what lies between two ends of different states until only versions that cannot be judged do. */
async function narrow(
  stateOf: StateOf,
  first: number,
  last: number,
  to: Judgement['state'],
): Promise<[number, number]> {
  let [before, after] = [first, last];
  for (;;) {
    const middle = await middleJudged(stateOf, before, after);
    if (middle === undefined) return [before, after];
    if ((await stateOf(middle)) === to) after = middle;
    else before = middle;
  }
}

/** The version that can be judged and is nearest to the middle. */
async function middleJudged(stateOf: StateOf, before: number, after: number): Promise<number | undefined> {
  const between = Array.from({ length: after - before - 1 }, (_, index) => before + 1 + index);
  const middle = Math.floor((before + after) / 2);
  const inOrder = between.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b);
  for (const index of inOrder) if ((await stateOf(index)) !== 'unknown') return index;
  return undefined;
}

function changesIn(judgements: readonly (Judgement | undefined)[]): [number, number][] {
  const judged = judgements.flatMap((judgement, index) =>
    judgement && judgement.state !== 'unknown' ? [{ index, state: judgement.state }] : [],
  );
  return judged.flatMap((now, turn) => {
    const before = judged[turn - 1];
    return before && before.state !== now.state ? [[before.index, now.index] as [number, number]] : [];
  });
}
