/** A run: which adapter and driver, which scenarios, what the verdicts are. `run.ts` reads as its story. */
export type {
  KillMatrix,
  MatrixRow,
  RuleResult,
  RunPart,
  RunResult,
  ScenarioResult,
  StepResult,
  Verdict,
} from './results';
export type { MatrixOptions, RunOptions } from './api';
export { CannotJudge } from './cannot-judge';
export { ADAPTERS, openAdapter, startAdapter, type Subject } from './adapters';
export { ENGINES, type EngineName } from './engines';
export { FolderChange } from './folder-change';
export {
  CONFORMANCE_PROFILES,
  type ConformanceProfile,
  type DriverFacts,
  type FileFacts,
  type RunIdentity,
  type Selection,
} from './identity';
export { removeJournal } from './journal';
export { removeMachineRun } from './lab/machine-run';
export { killMatrix } from './matrix';
export { kitImage } from './kit-image';
export { makeFolder } from './make-folder';
export { nearest } from './nearest';
export { outcomeOf, type Outcome } from './outcome';
export { runSpecification } from './run';
export { joinShards, type Shard, type ShardResult } from './shards';
export { traceFileOf, traceFilePath } from './trace-files';
export { textOf } from './text-of';
export { whyNot, whyUnreadable } from './why-not';
export {
  applyWaivers,
  loadWaivers,
  type LoadedWaivers,
  readWaivers,
  type AppliedWaiver,
  type WaivedRun,
  type Waiver,
  type Waivers,
  type WaiverState,
  toldOutcome,
  waivedOutcome,
  type WaivedOutcome,
} from './waivers';
export {
  makeStatement,
  signStatement,
  verifyStatement,
  type Statement,
  type StatementFacts,
  type Verification,
  type VerifyOptions,
} from './statement';
