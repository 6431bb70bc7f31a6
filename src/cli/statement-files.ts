import { makeStatement } from '../conformance/statement';
import type { RunResult } from '../conformance';
import { renderStatement, renderStatementSummary } from '../reporting';
import { areas, rules } from '../rules';

/**
 * The conformance statement of a run, for people and for programs.
 * @param started when the command began
 * @returns file below the folder of the reports -> content; statement.json, which vouches for all, comes last
 */
export function statementFiles(run: RunResult, started: Date): ReadonlyMap<string, string | Uint8Array> {
  const { platform, arch, version } = process;
  const { statement, files } = makeStatement(run, {
    environment: { platform, arch, node: version.replace(/^v/, '') },
    time: { started: started.toISOString(), finished: new Date().toISOString() },
  });
  return new Map<string, string | Uint8Array>([
    ['statement.html', renderStatement(statement, { rules, areas })],
    ['statement-summary.html', renderStatementSummary(statement, { rules, areas })],
    ...files,
  ]);
}
