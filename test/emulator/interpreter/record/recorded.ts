/** The recorded vectors, read back: what record.ts has written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest } from './guest';
import { describeRun, stateOf, type Overrides } from './state';

export interface Recorded {
  readonly code: string;
  readonly seed: number;
  readonly overrides: Overrides;
  readonly mask: number;
  readonly result: string;
}

function parse(line: string): Recorded {
  const [code = '', seed = '', given = '', mask = '', ...result] = line.split(' ');
  const pairs = given === '-' ? [] : given.split(',').map((pair) => pair.split(':'));
  const overrides = new Map(pairs.map(([register = '', value = '']) => [Number(register), BigInt(value)]));
  return { code, seed: Number(seed), overrides, mask: parseInt(mask, 16), result: result.join(' ') };
}

/** @param file `native.txt`, `extensions.txt` or `floats.txt` */
export function recorded(file: string): readonly Recorded[] {
  const text = readFileSync(join(__dirname, '../../vectors', file), 'utf8');
  return text.trimEnd().split(/\r?\n/).map(parse);
}

/** @returns what an engine did otherwise than the processor, in words; undefined when nothing */
export function difference(guest: Guest, { code, seed, overrides, mask, result }: Recorded): string | undefined {
  const before = stateOf(seed, overrides);
  const { after, ended, rip } = guest.run({ code: Buffer.from(code, 'hex'), before }, 100);
  const mine = describeRun(before, after, ended, rip, mask);
  return mine === result ? undefined : `${code} ${seed}: ${mine} instead of ${result}`;
}
