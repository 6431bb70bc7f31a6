/**
 * The reference filter: correct, complete, and the example to copy. One class, a file a topic; every file adds a topic to the class
 * of the file before it: gate, own NBLs, modification of frames, users of a module, sends, receives, cancellation, OID requests,
 * status and PnP, deferred work, pause and restart, attach and detach, module options, control device, registration.
 */
import type { SimulatedDriver } from '../../driver';
import { ReferenceFilter } from './registration';
import { simulate } from './simulate';

export { chainOf, nblsOf, netBuffersOf } from './chain';
export { referenceProfile } from './profile';
export { ReferenceFilter } from './registration';
export { simulate } from './simulate';
export { replacedMethods, watchedReference } from './variant';
export type { FilterModule, Globals, LifecycleState, OpenHandle, Outstanding, OwnOid } from './state';

export const reference: SimulatedDriver = simulate('reference', ReferenceFilter);
