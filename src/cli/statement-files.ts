import { makeStatement } from '../conformance/statement';
import type { RunResult } from '../conformance';
import { renderStatement, renderStatementSummary } from '../reporting';
import { areas, rules } from '../rules';
import type { GivenWaivers } from './waiver-options';

/**
 * The conformance statement of a run, for people and for programs.
 * @param started when the command began
 * @param waivers what the run is held against
 * @returns file below the folder of the reports -> content; statement.json, which vouches for all, comes last
 */
export function statementFiles(
  run: RunResult,
  started: Date,
  waivers: GivenWaivers | undefined,
): ReadonlyMap<string, string | Uint8Array> {
  const { platform, arch, version } = process;
  const { statement, files } = makeStatement(run, {
    environment: { platform, arch, node: version.replace(/^v/, '') },
    time: { started: started.toISOString(), finished: new Date().toISOString() },
    ...(waivers && { waivers }),
  });
  return new Map<string, string | Uint8Array>([
    ['statement.html', renderStatement(statement, { rules, areas })],
    ['statement-summary.html', renderStatementSummary(statement, { rules, areas })],
    ...files,
  ]);
}
