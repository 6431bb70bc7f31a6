/** The vocabulary of crossings (`trace/1`) and what reads and writes it. */
export * from './crossing';
export { openTraceFile } from './file';
export { readTrace, type TraceEntry, type TraceProblem } from './reader';
export { sequenceText, type SequenceTextOptions } from './sequence-text';
export { normaliseStatus, statusValue } from './status';
export { crossingText } from './text';
export { traceLines, traceToNdjson } from './writer';
