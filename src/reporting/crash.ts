/** What is known of a bugcheck, from the trace: one place, so that page, terminal and Allure tell the same in the same order. */
import type { ScenarioResult } from '../conformance/results';

export interface Crash {
  /** `SYSTEM_SERVICE_EXCEPTION (0x3B)` */
  readonly title: string;
  /** What the driver did, in a sentence. */
  readonly reason: string;
  /** As a kernel developer reads them: parameters, stack, whose memory it was. Each has at least one line. */
  readonly details: readonly CrashDetail[];
}

export interface CrashDetail {
  readonly name: 'Parameters' | 'Stack' | 'Block' | 'Allocated in' | 'Freed in';
  readonly lines: readonly string[];
}

/** @returns undefined when the system kept running; only title and reason when the trace was not kept */
export function crashOf({ bugcheck, trace }: Pick<ScenarioResult, 'bugcheck' | 'trace'>): Crash | undefined {
  if (bugcheck === undefined) return undefined;
  const [, title = bugcheck, reason = ''] = /^(\S+ \(\S+\)): (.*)$/s.exec(bugcheck) ?? [];
  const args = trace.find(({ ddi, dir }) => dir === '!!' && ddi === 'Bugcheck')?.args ?? {};
  const lines = (value: unknown): string[] =>
    (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
  const details: CrashDetail[] = [
    { name: 'Parameters', lines: ['p1', 'p2', 'p3', 'p4'].flatMap((name) => lines(args[name])) },
    { name: 'Stack', lines: lines(args['stack']) },
    { name: 'Block', lines: lines(args['blockTag']).map((tag) => `tag '${tag}'`) },
    { name: 'Allocated in', lines: lines(args['blockAllocatedAt']) },
    { name: 'Freed in', lines: lines(args['blockFreedAt']) },
  ];
  return { title, reason, details: details.filter((detail) => detail.lines.length > 0) };
}

/** @returns the details as a table in text: parameters stand on one line, a stack has a line for each function */
export function crashRows({ details }: Crash): string[] {
  const width = Math.max(...details.map(({ name }) => name.length), 0) + 2;
  return details.flatMap(({ name, lines }) => {
    const shown = name === 'Parameters' ? [lines.join('  ')] : lines;
    return shown.map((line, i) => `${(i === 0 ? name : '').padEnd(width)}${line}`);
  });
}
