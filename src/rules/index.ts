/** The rules as data, and the judges that hold a trace to them. */
export * from './rule';
export * from './judges-contract';
export * from './catalogue';
export { createJudges, isJudged } from './judges';
