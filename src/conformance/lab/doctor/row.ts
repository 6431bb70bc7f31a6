/** What is known of a lab machine, a line of the table that goes back. */
export interface Row {
  readonly name: string;
  /** `measured`: it has a value that nobody can call right or wrong. */
  readonly state: 'fine' | 'wrong' | 'missing' | 'measured' | 'not measured';
  readonly found: string;
  /** What it costs, or what to do. */
  readonly advice?: string;
  /** Numbers behind it, in milliseconds where the text says so. */
  readonly samples?: readonly number[];
}

export const fine = (name: string, found: string): Row => ({ name, state: 'fine', found });
/** Nothing can be judged as long as it is so. */
export const wrong = (name: string, found: string, advice?: string): Row => ({
  ...{ name, state: 'wrong', found },
  ...(advice !== undefined && { advice }),
});
/** Less can be judged as long as it is so. */
export const missing = (name: string, found: string, advice: string): Row => ({
  name,
  state: 'missing',
  found,
  advice,
});
export const measured = (name: string, found: string, samples?: readonly number[]): Row => ({
  ...{ name, state: 'measured', found },
  ...(samples && { samples }),
});
export const notMeasured = (name: string, why: string): Row => ({ name, state: 'not measured', found: why });

/** @returns `median 12.3 ms, 10.1 to 40.2 ms (5 times)` */
export function spread(samples: readonly number[], unit: string): string {
  const sorted = [...samples].sort((left, right) => left - right);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const text = (value: number): string => `${Math.round(value * 10) / 10} ${unit}`;
  return sorted.length === 1
    ? `${text(least)} (once)`
    : `median ${text(median)}, ${text(least)} to ${text(most)} (${sorted.length} times)`;
}
