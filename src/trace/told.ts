/** What a line that cannot be read still tells of its crossing: as much as is there in one piece. */
import { probablyMeant } from './names';

export interface Told {
  readonly seq?: number;
  readonly dir?: string;
  readonly ddi?: string;
  readonly module?: string;
  readonly neighbour?: string;
}

const MEMBERS = {
  dir: /"dir"\s*:\s*"(->|<-|=>|<=|!!)"/g,
  ddi: /"ddi"\s*:\s*"([A-Za-z_][A-Za-z0-9_]*)"/g,
  module: /"module"\s*:\s*"([^"\\]+)"/g,
  neighbour: /"neighbour"\s*:\s*"(miniport|protocol|filter:[^"\\]+)"/g,
} as const;
const SEQ = /"seq"\s*:\s*([1-9]\d{0,14})(?=\s*[,}])/g;

/** A damaged line may be long, and two lines may have become one: what is said twice is not told. */
function only(text: string, pattern: RegExp): string | undefined {
  const [first, second] = text.slice(0, LOOKED_AT).matchAll(pattern);
  return second === undefined ? first?.[1] : undefined;
}

const LOOKED_AT = 4096;

/** @returns undefined when it tells nothing */
export function toldBy(text: string): Told | undefined {
  const told: Record<string, string | number> = {};
  const seq = only(text, SEQ);
  if (seq !== undefined) told['seq'] = Number(seq);
  for (const [member, pattern] of Object.entries(MEMBERS)) {
    const value = only(text, pattern);
    if (value !== undefined) told[member] = value;
  }
  const { ddi } = told;
  if (typeof ddi === 'string') told['ddi'] = probablyMeant(ddi) ?? ddi;
  return Object.keys(told).length > 0 ? told : undefined;
}
