/** One text for equal data, whatever the order of members: what a digest is made of. */
import { sha256 } from '../identity';
import type { Statement } from './statement';

/** @returns JSON without white space, members sorted by name */
export function canonicalJson(data: unknown): string {
  return JSON.stringify(data, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}

/** @returns what `digest` must be: SHA-256, as hexadecimal digits, of all but the time and the digest itself */
export function digestOf(statement: Omit<Statement, 'digest' | 'time'>): string {
  const { digest: _digest, time: _time, ...told } = statement as Statement;
  return sha256(canonicalJson(told));
}
