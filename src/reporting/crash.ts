/** What is known of a bugcheck, from the trace: one place, so that page, terminal and Allure tell the same in the same order. */
import type { ScenarioResult } from '../conformance/results';
import type { Crossing } from '../trace';
import { argumentLines } from './bugcheck-arguments';

export interface Crash {
  /** `SYSTEM_SERVICE_EXCEPTION (0x3B)` */
  readonly title: string;
  /** What the driver did, in a sentence. */
  readonly reason: string;
  /** In the order of `!analyze -v`: arguments, registers, stack, whose memory it was, where in the trace. Each has at least one line. */
  readonly details: readonly CrashDetail[];
}

export interface CrashDetail {
  readonly name:
    'Arguments' | 'Instruction' | 'Registers' | 'Stack' | 'Block' | 'Allocated in' | 'Freed in' | 'Crossing' | 'Breaks';
  readonly lines: readonly string[];
}

const REGISTERS_A_LINE = 4;

type Stopped = Pick<ScenarioResult, 'bugcheck' | 'trace'> & Partial<Pick<ScenarioResult, 'violations'>>;

/** @returns undefined when the system kept running; only title and reason when the trace was not kept */
export function crashOf({ bugcheck, trace, violations = [] }: Stopped): Crash | undefined {
  if (bugcheck === undefined) return undefined;
  const [, title = bugcheck, reason = ''] = /^(\S+ \(\S+\)): (.*)$/s.exec(bugcheck) ?? [];
  const crossing = trace.find(({ ddi, dir }) => dir === '!!' && ddi === 'Bugcheck');
  const args = crossing?.args ?? {};
  const lines = (value: unknown): string[] =>
    (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
  /** A stack where one is known, else the place. */
  const stack = (name: string, place: string) =>
    lines(args[name]).length > 0 ? lines(args[name]) : lines(args[place]);
  const values = ['p1', 'p2', 'p3', 'p4'].flatMap((name) => lines(args[name]));
  const details: CrashDetail[] = [
    { name: 'Arguments', lines: argumentLines(lines(args['code'])[0] ?? '', values) },
    { name: 'Instruction', lines: lines(args['instruction']) },
    { name: 'Registers', lines: rowsOf(lines(args['registers'])) },
    { name: 'Stack', lines: lines(args['stack']) },
    { name: 'Block', lines: blockLines(args) },
    { name: 'Allocated in', lines: stack('blockAllocationStack', 'blockAllocatedAt') },
    { name: 'Freed in', lines: stack('blockFreeStack', 'blockFreedAt') },
    { name: 'Crossing', lines: crossing ? [whereIn(crossing)] : [] },
    { name: 'Breaks', lines: [...new Set(violations.map(({ rule }) => rule))] },
  ];
  return { title, reason, details: details.filter((detail) => detail.lines.length > 0) };
}

function rowsOf(registers: readonly string[]): string[] {
  const rows = Math.ceil(registers.length / REGISTERS_A_LINE);
  return Array.from({ length: rows }, (_, row) =>
    registers
      .slice(row * REGISTERS_A_LINE, (row + 1) * REGISTERS_A_LINE)
      .map((register) => register.padStart('rax='.length + 16))
      .join(' '),
  );
}

function blockLines({ blockTag, blockAddress, blockLength, blockOffset }: NonNullable<Crossing['args']>): string[] {
  if (typeof blockTag !== 'string') return [];
  const tag = `tag '${blockTag}'`;
  if (typeof blockAddress !== 'string') return [tag];
  return [`${blockAddress}, ${String(blockLength)} bytes, ${tag}, touched at offset ${String(blockOffset)}`];
}

function whereIn({ seq, module, thread, irql }: Crossing): string {
  return [
    `#${seq}`,
    ...(module === undefined ? [] : [`of ${module}`]),
    ...(thread === undefined ? [] : [`on thread ${thread}`]),
    ...(irql === undefined ? [] : [`at IRQL ${irql}`]),
  ].join(' ');
}

/** @returns the details as a table in text, each with as many lines as it has */
export function crashRows({ details }: Crash): string[] {
  const width = Math.max(...details.map(({ name }) => name.length), 0) + 2;
  return details.flatMap(({ name, lines }) => lines.map((line, i) => `${(i === 0 ? name : '').padEnd(width)}${line}`));
}
