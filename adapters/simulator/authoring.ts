/** Everything that the author of a simulated driver needs, in one import: types and constants of the WDK, and the reference filter to derive from. */
export type { Call, Event, RundownRef, SpinLock } from '../../src/kernel';
export type { NdisStatus, NtStatus } from '../../src/ndis/status';
export * from '../../src/ndis/wdk';
export type { Ask, DriverCapability, DriverProfile, Request } from '../contract';
export type { SimulatedDriver } from './driver';
export { createSimulator } from '.';
export { chainOf, nblsOf, netBuffersOf, ReferenceFilter, referenceProfile, simulate } from './drivers/reference';
export type { FilterModule, Globals, LifecycleState, OpenHandle, Outstanding, OwnOid } from './drivers/reference';
