/** The machine of the emulator: an image of a driver, booted and linked to the modelled system, whose functions can be called. */
export { stackOf, whereIs } from './backtrace';
export { Boots } from './boots';
export type { DataExport, Export, ExportModule, GuestCall, Result } from './contract';
export { GuestBugcheck, GuestException, type BlockHit, type CrashDetails, type StackFrame } from './crash';
export { Guest, type GuestOptions } from './guest';
export { isModelled } from './imports';
export { addressOfImage, isReturnToSystem } from './landmarks';
export { ROOM_FOR_IMAGE, WINDOW_SIZE } from './layout';
export type { GuestBlock, PoolRequest } from './pool';
export type { WatchedRange } from './watched';
export { GuestDevices, type NewDevice } from './io/devices';
export { GuestIrps } from './io/irps';
export type { PlaceBytes, RawRequest, RequestBytes } from './io/requests';
export * from './ntoskrnl';
export { ntStatusOf, STATUS } from './status';
