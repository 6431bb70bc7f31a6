/** A deterministic kernel: threads, IRQL, locks, events, rundown, timers on virtual time, pool memory, recorder. */
export { Bugcheck, KitError } from './bugcheck';
export { Kernel, type KernelOptions, type Witness } from './kernel';
export type { Event, RundownRef, SpinLock } from './locks';
export { DRIVER_SCOPE, Pool, type Block, type Scope } from './memory';
export { randomFrom } from './random';
export { Recorder } from './recorder';
export { RandomWalk, RunToBlock, type Scheduler } from './scheduler';
export type { Call, Frame, Step, Thread } from './thread';
