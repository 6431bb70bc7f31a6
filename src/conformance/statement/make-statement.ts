/** Makes the statement of a run. Pure: the same run and facts give the same bytes. */
import { sha256 } from '../identity';
import { tokenOf } from '../replay/token';
import type { RunResult, ScenarioResult } from '../results';
import { traceFileOf } from '../trace-files';
import { applyWaivers, type LoadedWaivers } from '../waivers';
import { digestOf } from './canonical';
import { derive, driverVersionOf } from './derive';
import { reproduceCommand } from './reproduce';
import { STATEMENT_FILE, WAIVED, type Environment, type Statement, type StatementScenario } from './statement';

/** What a statement says that is not in the run. */
export interface StatementFacts {
  readonly environment: Environment;
  readonly time: Statement['time'];
  /** The list that the run was held against, and the day. */
  readonly waivers?: { readonly list: LoadedWaivers; readonly on: string };
}

export interface MadeStatement {
  readonly statement: Statement;
  /** What is written beside the traces, the statement last: path below the folder of the run -> content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * @param run with full evidence
 * @param facts the machine, the time, and the waivers if there are any
 */
export function makeStatement(run: RunResult, facts: StatementFacts): MadeStatement {
  const { identity, part, missing = [] } = run;
  const { environment, time, waivers } = facts;
  const driverVersion = driverVersionOf(identity);
  const waived = waivers && applyWaivers(run, waivers.list.waivers, { today: waivers.on, driverVersion });
  const scenarios = run.scenarios.map((scenario) => statementScenario(run, scenario));
  const told: Omit<Statement, 'digest'> = {
    schema: 'statement/1',
    identity,
    environment,
    time,
    ...derive({
      conformance: identity.conformance,
      scenarios: run.scenarios.map((scenario, index) => ({
        ...scenario,
        traceFile: scenarios[index]?.trace.file ?? '',
      })),
      rules: run.rules,
      waived,
      missing,
      isPart: part !== undefined,
    }),
    scenarios,
    ...(waivers && waived && { waivers: { file: waivers.list.file, on: waivers.on, entries: waived.entries } }),
    ...(part && { part: { index: part.index, of: part.of } }),
    ...(missing.length > 0 && { missing }),
    reproduce: reproduceCommand(identity, part, waivers && { file: waivers.list.file, on: waivers.on }),
  };
  const statement = { ...told, digest: digestOf(told) };
  return {
    statement,
    files: new Map<string, Uint8Array>([
      ...(waivers ? [[`${WAIVED}/${waivers.list.file.file}`, waivers.list.bytes] as const] : []),
      [STATEMENT_FILE, Buffer.from(statementText(statement), 'utf8')],
    ]),
  };
}

/** @returns the statement as `lwf` writes it */
export function statementText(statement: Statement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}

function statementScenario(run: RunResult, scenario: ScenarioResult): StatementScenario {
  const { id, name, rule, verdict, reason, spoiled, trace, machine } = scenario;
  const file = traceFileOf(run, scenario);
  return {
    id,
    name,
    ...(rule !== undefined && { rule }),
    verdict,
    ...(reason !== undefined && { reason }),
    ...(spoiled && { spoiled }),
    ...(machine && { boot: machine.boot }),
    trace: { file: file.path, sha256: sha256(file.bytes), crossings: trace.length },
    replay: tokenOf(run.identity, scenario),
  };
}
