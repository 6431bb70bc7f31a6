/** The traces that are enclosed with a statement: are they what was hashed, and what do the judges say of them? */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createJudges, type Violation } from '../../rules';
import { readTrace, type TraceHeader } from '../../trace';
import { sha256 } from '../identity';
import { TRACES } from '../trace-files';
import { interrupted } from './interrupted';
import type { Statement, StatementScenario } from './statement';

/** What the judges find in one enclosed trace. */
export interface JudgedTrace {
  readonly header: TraceHeader | undefined;
  readonly crossings: number;
  readonly violations: readonly Violation[];
  readonly strictFindings: readonly Violation[];
  readonly exercised: Readonly<Record<string, number>>;
  /** Lines that are no crossings. */
  readonly problems: readonly string[];
}

/** @param bytes of a trace, as they are on disk */
async function judgeTrace(bytes: Uint8Array): Promise<JudgedTrace> {
  const judges = createJudges();
  const problems: string[] = [];
  let header: TraceHeader | undefined;
  let crossings = 0;
  for await (const entry of readTrace(oneByOne(bytes))) {
    if (entry.crossing) {
      crossings += 1;
      judges.see(entry.crossing);
    } else if (entry.problem) problems.push(`line ${entry.problem.line}: ${entry.problem.what}`);
    else header = entry.header;
  }
  judges.finish();
  return {
    header,
    crossings,
    violations: judges.violations.filter(({ reading }) => reading === 'default'),
    strictFindings: judges.violations.filter(({ reading }) => reading === 'strict'),
    exercised: judges.allExercised(),
    problems,
  };
}

async function* oneByOne(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

export interface Evidence {
  /** Scenario id -> its trace, where it is the one that was hashed. */
  readonly judged: ReadonlyMap<string, JudgedTrace>;
  /** What is wrong with the files, one sentence each. */
  readonly faults: readonly string[];
  /** What their content contradicts, one sentence each. */
  readonly contradictions: readonly string[];
}

/**
 * @param statement of the schema
 * @param folder that it lies in
 * @throws CannotJudge when `signal` is aborted
 */
export async function readEvidence(statement: Statement, folder: string, signal?: AbortSignal): Promise<Evidence> {
  const judged = new Map<string, JudgedTrace>();
  const faults: string[] = [];
  const contradictions: string[] = [];
  const named = new Map<string, string>();
  for (const scenario of statement.scenarios) {
    // So that a signal comes through between two traces.
    await setImmediate();
    if (signal?.aborted) throw interrupted();
    const { file } = scenario.trace;
    const other = named.get(file);
    if (other !== undefined) faults.push(`${file} is named by two scenarios, ${other} and ${scenario.id}.`);
    named.set(file, scenario.id);
    const bytes = bytesAt(join(folder, file));
    if (typeof bytes === 'string') {
      faults.push(`${file}, the trace of ${scenario.id}, ${bytes}.`);
    } else if (sha256(bytes) !== scenario.trace.sha256) {
      faults.push(`${file}, the trace of ${scenario.id}, is not the file that was hashed: it was edited or exchanged.`);
    } else {
      const trace = await judgeTrace(bytes);
      judged.set(scenario.id, trace);
      contradictions.push(...contradictionsOf(statement, scenario, trace));
    }
  }
  const strangers = filesBelow(folder).filter((file) => !named.has(file));
  faults.push(...strangers.map((file) => `${file} lies among the traces and belongs to no scenario of the statement.`));
  return { judged, faults, contradictions };
}

function contradictionsOf(
  { identity }: Statement,
  { id, trace }: StatementScenario,
  { header, crossings, problems }: JudgedTrace,
): string[] {
  const told = [header?.scenario, header?.driver, header?.adapter, header?.seed];
  const wanted = [id, identity.driver.name, identity.adapter.name, identity.seed];
  const isOther = told.some((value, index) => value !== wanted[index]);
  const [problem] = problems;
  return [
    ...(isOther
      ? [
          `${trace.file} says it is the trace of ${told[0] ?? 'no scenario'} (driver ${told[1] ?? '?'}, adapter ${told[2] ?? '?'}, seed ${told[3] ?? '?'}), and not of ${id}.`,
        ]
      : []),
    ...(crossings === trace.crossings
      ? []
      : [`${trace.file} holds ${crossings} crossings, and the statement says ${trace.crossings}.`]),
    ...(problem === undefined ? [] : [`${trace.file} is no trace as lwf writes it: ${problem}`]),
  ];
}

/** @returns what is wrong with the file where it cannot be read */
function bytesAt(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'is missing' : `cannot be read (${code})`;
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(join(folder, TRACES), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .sort();
  } catch {
    // Without the folder every trace is missing, and that is told of each.
    return [];
  }
}
