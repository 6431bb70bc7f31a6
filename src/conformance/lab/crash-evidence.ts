/** What the machine knows of its own end, and what that says of the driver under test. */
import type { Crash } from '../../../adapters/harness/protocol';
import { explainDump, type Certainty } from '../../dump';

export interface CrashEvidence {
  /** `BUGCODE_NDIS_DRIVER (0x7C): NDIS waited in vain for a filter to pause (0x25, 0x11, …); PAU-02 comes into question`. */
  readonly bugcheck: string;
  /** As the machine has it. */
  readonly text: string;
  /** Rules that come into question, the likeliest first. */
  readonly rules: readonly string[];
  /** Whether it speaks of what only a filter driver does wrong: the adapter under test has none other that is played on. */
  readonly isOfAFilter: boolean;
}

/** Rules that are named; the text tells of all. */
const SHOWN = 3;

const ENOUGH: readonly Certainty[] = ['certain', 'likely'];

/** @param crashes of one stop of the machine @returns undefined where none of them is a bugcheck */
export function crashEvidence(crashes: readonly Crash[]): CrashEvidence | undefined {
  const text = crashes.map((crash) => `${crash.time} ${crash.text}`).join('\n');
  const found = explainDump(text).filter(({ code }) => code !== undefined);
  // The last one is what ended the start of the machine that the scenario was played in.
  const last = found.at(-1);
  if (!last) return undefined;
  const parameters = last.parameters.filter((value) => value !== null).join(', ');
  const rules = last.rules.map(({ rule }) => rule);
  const sure = last.rules.filter(({ certainty }) => ENOUGH.includes(certainty));
  const [conclusion] = last.conclusions.filter(({ rules }) => rules.length > 0);
  return {
    bugcheck:
      `${last.name ?? 'BUGCHECK'} (${last.code}): ${conclusion?.suggests.replace(/\.$/, '') ?? 'no rule comes into question by its code alone'}` +
      `${parameters === '' ? '' : ` (${parameters})`}${rules.length === 0 ? '' : `; into question come ${rules.slice(0, SHOWN).join(', ')}`}`,
    text,
    rules,
    isOfAFilter: sure.length > 0,
  };
}
