/** Known violations that somebody answers for: read (`readWaivers`), and held against a run (`applyWaivers`). */
export {
  applyWaivers,
  type AppliedWaiver,
  type CoveredFailure,
  type WaivableRun,
  type WaivedRun,
  type WaiverFacts,
  type WaiverState,
} from './apply-waivers';
export { isDate, today } from './dates';
export { failuresOf, type Failure } from './failures';
export { loadWaivers, type LoadedWaivers } from './load-waivers';
export { readWaivers } from './read-waivers';
export type { Waiver, Waivers } from './waivers';
export { toldOutcome, waivedOutcome, type WaivedOutcome } from './waived-outcome';
