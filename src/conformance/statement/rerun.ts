/** Plays scenarios of a statement again: the same driver must leave the same bytes. */
import type { Subject } from '../adapters';
import { sha256, type RunIdentity } from '../identity';
import { tokenOf } from '../replay/token';
import type { ScenarioResult } from '../results';
import { runSpecification } from '../run';
import { withoutPlaces } from '../symbol-names';
import { traceFileOf } from '../trace-files';
import { canonicalJson } from './canonical';
import { interrupted } from './interrupted';
import type { Statement, StatementScenario } from './statement';

export type RerunChoice = 'sample' | 'all' | 'none';

/** Failures that a sample takes in. */
const FAILURES = 20;

/**
 * Chooses what is played again: failures, and others by a hash, so that nobody can choose them by taste.
 * @param size how many scenarios beside the failures
 * @param word of the reviewer: with one that the vendor does not know, the sample cannot be foreseen
 */
export function sampleOf(statement: Statement, size: number, word: string): StatementScenario[] {
  const { scenarios, digest } = statement;
  const lot = ({ id }: StatementScenario): string => sha256(`${digest}\n${word}\n${id}`);
  const failures = scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'error').slice(0, FAILURES);
  const drawn = scenarios
    .filter((scenario) => !failures.includes(scenario))
    .map((scenario) => ({ scenario, lot: lot(scenario) }))
    .sort((left, right) => (left.lot < right.lot ? -1 : 1))
    .slice(0, size)
    .map(({ scenario }) => scenario);
  const chosen = new Set([...failures, ...drawn]);
  return scenarios.filter((scenario) => chosen.has(scenario));
}

export interface RerunOptions {
  readonly subject: Subject;
  /** Reads a trace that is enclosed with the statement: path below its folder -> bytes; undefined when it cannot be read. */
  readonly enclosed: (file: string) => Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onScenario?: ((scenario: ScenarioResult, finished: number, total: number) => void) | undefined;
}

export interface Rerun {
  /** What came out otherwise, one sentence each. */
  readonly faults: readonly string[];
  /** What was compared, as in: they give … */
  readonly compared: string;
  /** What could not be compared, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * @param chosen scenarios of the statement
 * @throws CannotJudge when the driver cannot be run, or it is interrupted
 */
export async function rerun(
  { identity }: Statement,
  chosen: readonly StatementScenario[],
  { subject, enclosed, signal, onScenario }: RerunOptions,
): Promise<Rerun> {
  const run = await runSpecification({
    ...subject,
    seed: identity.seed,
    conformance: identity.conformance,
    paths: chosen.map(({ id }) => id),
    evidence: 'full',
    ...(signal && { signal }),
    ...(onScenario && { onScenario }),
  });
  if (run.missing) throw interrupted();
  const { selection: _again, symbols, ...now } = run.identity;
  const { selection: _then, symbols: _symbols, ...then } = identity;
  const others = (Object.keys({ ...then, ...now }) as (keyof typeof then)[]).filter(
    (name) => canonicalJson([then[name]]) !== canonicalJson([now[name]]),
  );
  const hasSameNames = symbols?.sha256 === identity.symbols?.sha256;
  const repeats = REPEATING.every((capability) => identity.adapter.capabilities.includes(capability));
  const comparison: Comparison = {
    repeats,
    plain: hasSameNames ? (text) => text : (text) => withoutPlaces(text, identity.driver),
    enclosed,
  };
  const found = new Map(run.scenarios.map((scenario) => [scenario.id, scenario]));
  const faults = [
    ...others.map(
      (name) => `What the statement says of its ${name} is not so: played again it is ${canonicalJson(now[name])}.`,
    ),
    ...chosen.flatMap((stated) => {
      const again = found.get(stated.id);
      if (!again) return `${stated.id} could not be played again.`;
      const different = scenarioFaults(stated, again, traceFileOf(run, again).bytes, comparison);
      if (different.length > 0 || !repeats || tokenOf(run.identity, again) === stated.replay) return different;
      return `The token of ${stated.id} is not the one that playing it again gives.`;
    }),
  ];
  const traces = hasSameNames ? 'the same traces, byte for byte' : 'the same traces';
  return {
    faults,
    compared: repeats ? `the same verdicts and ${traces}` : 'the same verdicts',
    notes: [
      ...(hasSameNames ? [] : [otherSymbolsText(identity)]),
      ...(repeats
        ? []
        : [`The adapter ${identity.adapter.name} does not promise the same trace twice: traces were not compared.`]),
    ],
  };
}

/** An adapter that has both gives the same trace for the same seed and the same calls (docs/adapter-protocol.md); a real machine does not. */
const REPEATING = ['exactTrace', 'virtualTime'];

function otherSymbolsText({ symbols }: RunIdentity): string {
  const were = symbols
    ? `The symbols that lay beside the driver (${symbols.file}, sha256 ${symbols.sha256}) do not here`
    : 'Symbols lie beside the driver here, and did not then';
  return `${were}: what is where in its machine code, as stacks tell it, was not compared.`;
}

interface Comparison extends Pick<RerunOptions, 'enclosed'> {
  readonly repeats: boolean;
  /** What of a text is compared. */
  readonly plain: (text: string) => string;
}

function scenarioFaults(
  stated: StatementScenario,
  again: ScenarioResult,
  bytes: Buffer,
  { repeats, plain, enclosed }: Comparison,
): string[] {
  const { id, verdict, reason = '', spoiled, trace } = stated;
  if (again.verdict !== verdict)
    return [`${id} is said to be "${verdict}", and played again it is "${again.verdict}".`];
  if (!repeats) return [];
  const isSame = (): boolean => {
    if (sha256(bytes) === trace.sha256) return true;
    const then = enclosed(trace.file);
    if (then === undefined || sha256(then) !== trace.sha256) return false;
    return plain(Buffer.from(then).toString('utf8')) === plain(bytes.toString('utf8'));
  };
  if (!isSame()) return [`${id} leaves another trace when it is played again.`];
  if (plain(again.reason ?? '') !== plain(reason) || again.spoiled !== spoiled) {
    return [`${id} is "${verdict}" for another reason when it is played again: ${again.reason ?? 'none'}.`];
  }
  return [];
}
