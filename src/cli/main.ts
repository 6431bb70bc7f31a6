import type { AddCommand } from './command';
import { addBisect } from './commands/bisect';
import { addAdapterCheck } from './commands/adapter-check';
import { addCheck } from './commands/check';
import { addDiff } from './commands/diff';
import { addDoctor } from './commands/doctor';
import { addDrivers } from './commands/drivers';
import { addExplain } from './commands/explain';
import { addExplore } from './commands/explore';
import { addInit } from './commands/init';
import { addMatrix } from './commands/matrix';
import { addMerge } from './commands/merge';
import { addReplay } from './commands/replay';
import { addReport } from './commands/report';
import { addRun } from './commands/run';
import { addScan } from './commands/scan';
import { addServe } from './commands/serve';
import { addSign } from './commands/sign';
import { addVerify } from './commands/verify';
import type { ExitCode } from './exit-code';
import { runProgram } from './program';
import type { Terminal } from './terminal';

export const commands: readonly AddCommand[] = [
  addInit,
  addDoctor,
  addRun,
  addMerge,
  addCheck,
  addAdapterCheck,
  addExplore,
  addExplain,
  addDiff,
  addBisect,
  addDrivers,
  addMatrix,
  addReport,
  addReplay,
  addScan,
  addServe,
  addVerify,
  addSign,
];

/**
 * The command `lwf`.
 * @param args arguments without node and script
 * @param terminal where it writes
 * @returns the exit code; never throws
 */
export function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runProgram(commands, args, terminal);
}
