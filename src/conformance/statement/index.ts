/** The conformance statement: made of a run, checked by whoever receives it, signed by whoever made it. */
export { driverVersionOf } from './derive';
export { makeStatement, statementText, type MadeStatement, type StatementFacts } from './make-statement';
export type { Check, Finding, FindingKind, Standing, Verification } from './findings';
export { readStatement, type ReadStatement } from './read-statement';
export type { RerunChoice } from './rerun';
export { signStatement, type Signed } from './signature';
export {
  SIGNATURE_FILE,
  STATEMENT_FILE,
  WAIVED,
  type Environment,
  type Outcome,
  type Statement,
  type StatementRule,
  type StatementScenario,
  type StatementViolation,
  type StatementWaivers,
} from './statement';
export { verifyStatement, type VerifyOptions } from './verify';
