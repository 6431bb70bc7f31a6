/** The vocabulary of crossings (`trace/1`) and what reads and writes it. */
export * from './crossing';
export { CannotRead, openTraceFile } from './file';
export { mayFollow, stateAfter, type ModuleState } from './module-state';
export type { TraceListener, TraceProblem } from './parser';
export { readTrace, type TraceEntry } from './reader';
export { closeBelt, newBelt, type Belt } from './scan/belt';
export { isLargeFile, scanTrace, scanTraceFile } from './scan/scan-trace';
export { sendTrace, takeTrace } from './scan/two-threads';
export type { Told } from './told';
export { sequenceText, type SequenceTextOptions } from './sequence-text';
export { NDIS_STATUSES, normaliseStatus, statusValue } from './status';
export { crossingText } from './text';
export { traceLines, traceToNdjson } from './writer';
