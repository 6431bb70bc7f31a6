/** A run: which adapter and driver, which scenarios, what the verdicts are. `run.ts` reads as its story. */
export type { KillMatrix, MatrixRow, RuleResult, RunResult, ScenarioResult, StepResult, Verdict } from './results';
export type { MatrixOptions, RunOptions } from './api';
export { CannotJudge } from './cannot-judge';
export { ADAPTERS, openAdapter, type Subject } from './adapters';
export { ENGINES, type EngineName } from './engines';
export { killMatrix } from './matrix';
export { kitImage } from './kit-image';
export { makeFolder } from './make-folder';
export { nearest } from './nearest';
export { runSpecification } from './run';
export {
  applyWaivers,
  loadWaivers,
  readWaivers,
  type AppliedWaiver,
  type WaivedRun,
  type Waiver,
  type Waivers,
  type WaiverState,
} from './waivers';
