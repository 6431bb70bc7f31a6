/** A text, taken apart into the crashes that it tells of. */
import { stackIn, type Frame } from './frames';
import { bugcheckAt, bugcheckCalled, bugcheckNamed, type Bugcheck } from './identity';
import { linesOf, type Line } from './lines';
import { instructionIn, registersIn, type Instruction, type Registers } from './registers';

export interface Field {
  readonly value: string;
  readonly line: Line;
}

/** What one crash left in the text. */
export interface CrashText {
  readonly lines: readonly Line[];
  readonly bugcheck?: Bugcheck;
  /** `PROCESS_NAME`, `FAULTING_IP`… in capitals; the first of each. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly frames: readonly Frame[];
  readonly registers: Registers;
  readonly instruction?: Instruction;
}

/** A text with more is a list of crashes, not the analysis of some. */
export const MOST_CRASHES = 50;

const FIELD = /^\s*([A-Z][A-Z0-9_]{3,40}):\s*(.*)$/;
/** What other tools call it. */
const ALIASES: readonly (readonly [pattern: RegExp, key: string])[] = [
  [
    /^\s*(?:Caused By Driver|What failed|Probably caused by|Faulting module|Verursacht durch Treiber)\s*[:=]\s*(\S+\.sys)/i,
    'IMAGE_NAME',
  ],
  [/^\s*(?:Caused By Address)\s*[:=]\s*(\S+)/i, 'CAUSED_BY_ADDRESS'],
  [/This was probably caused by the following module:\s*(\S+\.sys)/i, 'IMAGE_NAME'],
];

/**
 * @param text whatever somebody saved or pasted
 * @returns a crash each; one crash that is told several times (event log, then WinDbg) is one. Empty when nothing in the
 * text is of a crash; of more than MOST_CRASHES the first ones. Never throws.
 */
export function parseCrashes(text: string): CrashText[] {
  const lines = linesOf(text);
  const starts = startsOf(lines);
  if (starts.length === 0) {
    const whole = crashOf(lines, bugcheckNamed(lines) ?? bugcheckCalled(lines));
    const anything =
      whole.bugcheck !== undefined ||
      whole.frames.length > 1 ||
      ['FAILURE_BUCKET_ID', 'BUCKET_ID', 'FAULTING_IP'].some((key) => whole.fields.has(key));
    return anything ? [whole] : [];
  }
  return starts.slice(0, MOST_CRASHES).map(({ bugcheck }, at) => {
    const end = starts[at + 1]?.index ?? lines.length;
    return crashOf(lines.slice(at === 0 ? 0 : starts[at]?.index, end), bugcheck);
  });
}

interface Start {
  readonly index: number;
  readonly bugcheck: Bugcheck;
}

function startsOf(lines: readonly Line[]): Start[] {
  const starts: Start[] = [];
  lines.forEach((_, index) => {
    const bugcheck = starts.length > MOST_CRASHES ? undefined : bugcheckAt(lines, index);
    if (!bugcheck) return;
    const last = starts.at(-1);
    if (last && isSame(last.bugcheck, bugcheck)) {
      starts[starts.length - 1] = { index: last.index, bugcheck: fuller(last.bugcheck, bugcheck) };
    } else if (!starts.some((earlier) => isRepeated(earlier.bugcheck, bugcheck))) {
      starts.push({ index, bugcheck });
    }
  });
  return starts;
}

/** Told twice, as far as both say it. */
function isSame(one: Bugcheck, other: Bugcheck): boolean {
  if (one.code !== other.code) return false;
  return one.parameters.every((value, at) => {
    const second = other.parameters[at];
    return value === undefined || second === undefined || value === second;
  });
}

/** A page that shows its question twice. */
function isRepeated(one: Bugcheck, other: Bugcheck): boolean {
  return one.parameters.length === 4 && other.parameters.length === 4 && isSame(one, other);
}

function fuller(one: Bugcheck, other: Bugcheck): Bugcheck {
  const weight = ({ parameters, remarks, name }: Bugcheck) =>
    parameters.length + remarks.length + (name === undefined ? 0 : 1);
  return weight(other) > weight(one) ? { ...other, lines: [...one.lines, ...other.lines] } : one;
}

function crashOf(lines: readonly Line[], bugcheck: Bugcheck | undefined): CrashText {
  const instruction = instructionIn(lines);
  return {
    lines,
    ...(bugcheck && { bugcheck }),
    fields: fieldsIn(lines),
    frames: stackIn(lines),
    registers: registersIn(lines),
    ...(instruction && { instruction }),
  };
}

function fieldsIn(lines: readonly Line[]): Map<string, Field> {
  const fields = new Map<string, Field>();
  lines.forEach((line, index) => {
    for (const [pattern, key] of ALIASES) {
      const value = pattern.exec(line.text)?.[1];
      if (value !== undefined && !fields.has(key)) fields.set(key, { value, line });
    }
    const [, key, value = ''] = FIELD.exec(line.text) ?? [];
    if (key === undefined || fields.has(key)) return;
    const next = lines[index + 1];
    // FAULTING_IP and its like have their value on the line below.
    if (value.trim() !== '') fields.set(key, { value: value.trim(), line });
    else if (next && next.text.trim() !== '' && !FIELD.test(next.text)) {
      fields.set(key, { value: next.text.trim(), line: next });
    }
  });
  return fields;
}
