/** Clocks and lines of a benchmark. */

/** @returns milliseconds that a piece of work took */
export function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** A promise of the kit, measured. */
export interface Promised {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
  /** Whether more is better. */
  readonly atLeast?: boolean;
}

const WIDTH = 58;

export function line(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(WIDTH)} ${value}\n`);
}

/** Prints a promise beside its limit. @returns whether it holds */
export function hold({ name, value, unit, limit, atLeast = false }: Promised): boolean {
  const holds = atLeast ? value >= limit : value <= limit;
  const bound = `${atLeast ? 'at least' : 'at most'} ${limit}${unit}`;
  line(name, `${digits(value)}${unit}, ${bound}${holds ? '' : ': MISSED'}`);
  return holds;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
