/** Where a text says which bugcheck it was: WinDbg, the event log, the blue screen itself, and the tools that people paste from. */
import { bugcheckCode, bugcheckName } from './bugcheck-names';
import type { Line } from './lines';
import { hex } from './values';

export interface Bugcheck {
  readonly code: number;
  readonly name?: string;
  /** Which of two it was, the text does not say. */
  readonly mayBe?: { readonly code: number; readonly name: string };
  /** Up to four; undefined where the text has none. */
  readonly parameters: readonly (bigint | undefined)[];
  /** What WinDbg writes behind the parameters, the continuation lines included. */
  readonly remarks: readonly string[];
  /** Where it stands, and the lines of its parameters. */
  readonly lines: readonly Line[];
}

const HEADING = /^\s*(?:Bug[Cc]heck:?\s+)?([A-Z][A-Z0-9]+_[A-Z0-9_]{2,80})\s+\((?:0x)?([0-9a-fA-F]{1,8})\)\s*$/;
const SHORT = /\bBug[Cc]heck\s+(?:0x)?([0-9a-f]{1,8}),\s*\{([^{}]{0,200})\}/i;
/** `0x000000d1 (0x28, 0x2, 0x0, 0x…)`, in whatever language the rest is. */
const WITH_PARAMETERS = /\b0x([0-9a-f]{1,8})\s*[(:]\s*((?:0x[0-9a-f`]{1,17}\s*[,;)]\s*){4})/i;
const DOT_BUGCHECK = /^\s*Bugcheck code\s+(?:0x)?([0-9a-f]{1,8})\s*$/i;
const KEY_CODE = /^\s*(?:BUGCHECK_CODE:\s+(?:0x)?|BUGCHECK_STR:\s+0x)([0-9a-f]{1,8})(?:_\S*)?\s*$/i;
/** BlueScreenView and its like: a column, the code in eight digits, then the parameters one below the other. */
const COLUMN = /[:=|\t]\s*0x([0-9a-f]{8})\s*$/i;
const COLUMN_PARAMETER = /[:=|\t]\s*(?:0x)?([0-9a-f]{8}`?[0-9a-f]{8}|[0-9a-f]{8})\s*$/i;
const ARGUMENT = /^\s*(?:Arg(?:ument)?\s?([1-4])|BUGCHECK_P([1-4])):\s*(?:0x)?([0-9a-f`]{1,17})\b\s*,?\s*(.*)$/i;
const NAME = /\b[A-Z][A-Z]+(?:_[A-Z]+){1,8}\b/g;

/** With what !analyze -v describes a bugcheck: people copy from there on. */
const SENTENCES: readonly (readonly [beginning: string, code: number])[] = [
  ['The operating system detected an error in a networking driver', 0x7c],
  ['A device driver attempting to corrupt the system has been caught', 0xc4],
  ['An attempt was made to access a pageable (or completely invalid) address at an', 0xd1],
  ['An exception happened while executing a system service routine', 0x3b],
  ['The current thread is making a bad pool request', 0xc2],
  ['A kernel component has corrupted a critical data structure', 0x139],
  ['The DPC watchdog detected a prolonged run time', 0x133],
  ['Invalid system memory was referenced', 0x50],
];

const LOOK_AHEAD = 60;

/** @returns the bugcheck that the line at `index` declares, undefined for any other line */
export function bugcheckAt(lines: readonly Line[], index: number): Bugcheck | undefined {
  const line = lines[index];
  if (!line) return undefined;
  const heading = HEADING.exec(line.text);
  if (heading) return withArguments(lines, index, numberOf(heading[2]), heading[1]);
  const short = SHORT.exec(line.text);
  if (short) return made(numberOf(short[1]), undefined, parametersIn(short[2] ?? ''), [], [line]);
  const dotted = DOT_BUGCHECK.exec(line.text);
  if (dotted) {
    const next = lines[index + 1];
    const values = /^\s*Arguments\s+(.*)$/i.exec(next?.text ?? '')?.[1];
    return made(numberOf(dotted[1]), undefined, parametersIn(values ?? ''), [], next && values ? [line, next] : [line]);
  }
  const below = lines[index + 1];
  const broken = /\b0x[0-9a-f]{8}\s*$/i.test(line.text) && /^\s*\(0x/i.test(below?.text ?? '');
  const called = WITH_PARAMETERS.exec(broken ? `${line.text} ${below?.text.trim() ?? ''}` : line.text);
  if (called)
    return made(
      numberOf(called[1]),
      undefined,
      parametersIn(called[2] ?? ''),
      [],
      below && broken ? [line, below] : [line],
    );
  const key = KEY_CODE.exec(line.text);
  if (key) return withArguments(lines, index, numberOf(key[1]), undefined);
  const described = SENTENCES.find(([beginning]) => line.text.trimStart().startsWith(beginning));
  return described ? withArguments(lines, index, described[1], undefined) : inColumns(lines, index);
}

/**
 * The last resort: a name on its own, as the blue screen of Windows 10 shows it.
 * @returns the first name that is known to be that of a bugcheck
 */
export function bugcheckNamed(lines: readonly Line[]): Bugcheck | undefined {
  for (const line of lines) {
    for (const [name] of line.text.matchAll(NAME)) {
      const code = bugcheckCode(name);
      if (code !== undefined) return made(code, name, [], [], [line]);
    }
  }
  return undefined;
}

/** The arguments of nt!KeBugCheckEx, as STACK_TEXT and kb print them, where the text has nothing but a stack. */
export function bugcheckCalled(lines: readonly Line[]): Bugcheck | undefined {
  for (const line of lines) {
    const columns = /^(?:[0-9a-f]{1,3}\s)?[0-9a-f`\s]+:((?:\s+[0-9a-f`]{8,17}){4})\s+:\s+nt!KeBugCheckEx/i.exec(
      line.text.trim(),
    );
    const [code, ...parameters] = parametersIn(columns?.[1] ?? '');
    if (code === undefined || code >= 0x1000n) continue;
    const bugcheck = made(Number(code), undefined, parameters, [], [line]);
    // The kernel itself makes one of the other, after this call.
    return bugcheck?.code === 0xa
      ? { ...bugcheck, mayBe: { code: 0xd1, name: 'DRIVER_IRQL_NOT_LESS_OR_EQUAL' } }
      : bugcheck;
  }
  return undefined;
}

function withArguments(
  lines: readonly Line[],
  index: number,
  code: number,
  name: string | undefined,
): Bugcheck | undefined {
  const used = [lines[index]].filter((line) => line !== undefined);
  const parameters: (bigint | undefined)[] = [];
  const remarks: string[] = [];
  let last = -1;
  for (let at = index + 1; at < Math.min(lines.length, index + LOOK_AHEAD); at++) {
    const line = lines[at];
    if (!line) break;
    const argument = ARGUMENT.exec(line.text);
    if (argument) {
      last = Number(argument[1] ?? argument[2]) - 1;
      parameters[last] ??= hex(argument[3] ?? '');
      remarks[last] ??= argument[4]?.trim() ?? '';
      used.push(line);
    } else if (HEADING.test(line.text) || (last >= 0 && /^\s*(?:Debugging Details|[A-Z_]{6,}:)/.test(line.text))) {
      if (!/^\s*BUGCHECK_/.test(line.text)) break;
    } else if (last >= 0 && /^\s+\S/.test(line.text)) {
      remarks[last] = `${remarks[last]} ${line.text.trim()}`;
    }
  }
  return made(
    code,
    name,
    parameters,
    Array.from(remarks, (remark) => remark ?? ''),
    used,
  );
}

function inColumns(lines: readonly Line[], index: number): Bugcheck | undefined {
  const line = lines[index];
  const code = line && COLUMN.exec(line.text)?.[1];
  if (!line || code === undefined || bugcheckName(numberOf(code)) === undefined) return undefined;
  const below = lines.slice(index + 1, index + 5);
  const parameters = below.map((each) => hex(COLUMN_PARAMETER.exec(each.text)?.[1] ?? ''));
  if (below.length < 4 || parameters.includes(undefined)) return undefined;
  return made(numberOf(code), undefined, parameters, [], [line, ...below]);
}

function parametersIn(text: string): (bigint | undefined)[] {
  return text
    .split(/[\s,;()]+/)
    .filter((part) => part !== '')
    .slice(0, 4)
    .map(hex);
}

function numberOf(text: string | undefined): number {
  return parseInt(text ?? '', 16);
}

/** A bugcheck of a dump that was taken by a debugger has the bit of a breakpoint set: 0x1000007E is 0x7E. */
const FROM_A_DEBUGGER = 0x1000_0000;

function made(
  written: number,
  name: string | undefined,
  parameters: readonly (bigint | undefined)[],
  remarks: readonly string[],
  lines: readonly Line[],
): Bugcheck | undefined {
  const code = written >= FROM_A_DEBUGGER && written < 2 * FROM_A_DEBUGGER ? written - FROM_A_DEBUGGER : written;
  if (!Number.isInteger(code) || code === 0 || (code > 0xffff && name === undefined)) return undefined;
  const known = name?.replace(/_M$/, '') ?? bugcheckName(code);
  return { code, ...(known !== undefined && { name: known }), parameters: Array.from(parameters), remarks, lines };
}
