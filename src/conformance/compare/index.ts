/** Results held against each other: two (`compareRuns`), or many (`verdictMatrix`). */
export {
  CHANGE_KINDS,
  compareRuns,
  hasNewFailures,
  type ChangeKind,
  type Comparison,
  type OneSided,
  type RuleChange,
} from './compare';
export type { ComparedFacts, ComparedRun, ComparedWaiver } from './compared-run';
export { readResult, resultFile } from './read-result';
export { verdictMatrix, type VerdictMatrix } from './verdict-matrix';
