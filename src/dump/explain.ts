/** A text about a crash, explained: what stands in it, and which rules come into question. */
import { caseOf, ndisLines, parameter, VERIFIER, type Case } from './case';
import { codeClues } from './clues/ndis-codes';
import { memoryClues } from './clues/memory';
import { otherClues } from './clues/other-codes';
import { roleClues } from './clues/roles';
import type { Certainty, Conclusion, Fact } from './conclusion';
import { factsOf } from './facts';
import { isNetworkStack } from './modules';
import { parseCrashes } from './parse';
import type { Role } from './stack';
import { hexText } from './values';

export interface CrashExplanation {
  /** First and last line in the text. */
  readonly from: number;
  readonly to: number;
  /** `0x3B`, absent where the text has none. */
  readonly code?: string;
  readonly name?: string;
  /** Hexadecimal; `null` for one that the text does not have. */
  readonly parameters: readonly (string | null)[];
  readonly process?: string;
  /** That the kit does not know as parts of Windows, nearest to the crash first. */
  readonly drivers: readonly { readonly module: string; readonly role: Role }[];
  readonly facts: readonly Fact[];
  /** The surest first. */
  readonly conclusions: readonly Conclusion[];
  /** Ids of all conclusions together, each with its greatest certainty. */
  readonly rules: readonly { readonly rule: string; readonly certainty: Certainty }[];
  /** Why no rule comes into question; absent when one does. */
  readonly none?: string;
}

const ORDER: readonly Certainty[] = ['certain', 'likely', 'possible'];

/**
 * @param text what WinDbg or another tool wrote, or what somebody pasted of it
 * @returns one explanation a crash; empty when the text is of no crash. Never throws.
 */
export function explainDump(text: string): CrashExplanation[] {
  return parseCrashes(text).map((crash) => explained(caseOf(crash)));
}

function explained(about: Case): CrashExplanation {
  const { bugcheck, lines, fields } = about.crash;
  const conclusions = [...codeClues(about), ...memoryClues(about), ...otherClues(about), ...roleClues(about)]
    .map((conclusion) => filledIn(conclusion, about))
    .sort((a, b) => ORDER.indexOf(a.certainty) - ORDER.indexOf(b.certainty));
  const rules = rulesOf(conclusions);
  const process = fields.get('PROCESS_NAME')?.value;
  return {
    from: lines[0]?.number ?? 1,
    to: lines.at(-1)?.number ?? 1,
    ...(bugcheck && { code: codeText(bugcheck.code) }),
    ...(bugcheck?.name !== undefined && { name: bugcheck.name }),
    parameters: (bugcheck?.parameters ?? []).map((value) => (value === undefined ? null : hexText(value))),
    ...(process !== undefined && { process }),
    drivers: about.story.drivers.map(({ module, role }) => ({ module, role })),
    facts: factsOf(about),
    conclusions,
    rules,
    ...(rules.length === 0 && { none: whyNone(about, conclusions) }),
  };
}

/** Commands speak of P1 to P4 and of DRIVER.sys: here are their values, as far as the text has them. */
function filledIn(conclusion: Conclusion, { crash, story }: Case): Conclusion {
  const image =
    story.drivers[0] === undefined ? crash.fields.get('IMAGE_NAME')?.value : `${story.drivers[0].module}.sys`;
  const fill = (command: string) =>
    command
      .replace(/\bP([1-4])\b/g, (name, which: string) => {
        const value = crash.bugcheck?.parameters[Number(which) - 1];
        return value === undefined ? name : hexText(value);
      })
      .replace('DRIVER.sys', (name) => (image !== undefined && /^[\w.-]+\.sys$/i.test(image) ? image : name));
  return { ...conclusion, next: conclusion.next.map((step) => ({ ...step, command: fill(step.command) })) };
}

function codeText(code: number): string {
  return `0x${code.toString(16).toUpperCase()}`;
}

function rulesOf(conclusions: readonly Conclusion[]): CrashExplanation['rules'] {
  const surest = new Map<string, Certainty>();
  for (const { rules, certainty } of conclusions) {
    rules.forEach((rule, at) => {
      // Of several rules for one conclusion the first are those that it speaks of most, and only one can be certain.
      const its = at === 0 ? certainty : at >= 2 ? 'possible' : certainty === 'certain' ? 'likely' : certainty;
      if (!surest.has(rule)) surest.set(rule, its);
    });
  }
  return [...surest]
    .map(([rule, certainty]) => ({ rule, certainty }))
    .sort((a, b) => ORDER.indexOf(a.certainty) - ORDER.indexOf(b.certainty));
}

function whyNone(about: Case, conclusions: readonly Conclusion[]): string {
  const [first] = conclusions;
  if (first) return first.suggests;
  const { crash, story } = about;
  const drivers = story.drivers.map(({ module }) => module);
  const named =
    drivers.length === 0
      ? ''
      : ` In it, and not known to the kit as ${drivers.length === 1 ? 'a part' : 'parts'} of Windows: ${drivers.join(', ')}.`;
  const beside = story.frames.some(({ module }) => isNetworkStack(module ?? ''))
    ? ' It is in the network stack all the same, where callouts of the Windows firewall work, for one: those are outside this kit.'
    : '';
  if (ndisLines(about).length === 0) {
    if (story.frames.length === 0) {
      return `Nothing in the text names NDIS, and there is no call stack in it.${leak(about)} The whole text of !analyze -v (with STACK_TEXT) would show whether NDIS was on the way.`;
    }
    const code = crash.bugcheck
      ? `${crash.bugcheck.name ?? codeText(crash.bugcheck.code)} is no bugcheck of NDIS, and `
      : '';
    return `${code.replace(/^./, (c) => c.toUpperCase())}none of the ${story.frames.length} frames of the stack${story.interrupting ? ', down to where it interrupted something else,' : ''} is of NDIS.${named}${beside}${leak(about)}`.replace(
      /^none/,
      'None',
    );
  }
  if (story.frames.length === 0) {
    return 'NDIS is named, but without a call stack nothing says which driver called it, and for what. Give the whole text of !analyze -v (with STACK_TEXT).';
  }
  return `NDIS is in the picture, but nothing in the text speaks for one of its rules more than for another.${named}`;
}

/** Driver Verifier names whoever leaks; whether that is a filter, its text does not say. */
function leak({ crash }: Case): string {
  const leaks = crash.bugcheck?.code === VERIFIER && parameter(crash.bugcheck, 1) === 0x62;
  const image = crash.fields.get('IMAGE_NAME')?.value ?? 'The driver';
  return leaks
    ? ` ${image} left pool memory behind at unload: if it is a filter driver, DET-03 and UNL-03 are about that.`
    : '';
}
