/** What the package `ndis-lwf-spec` offers to programs: run the specification, judge a trace, prove the judges. */
export * from './conformance';
