/** The rig of every adapter that plays a driver against the model of NDIS in `src/ndis`: the simulator and the emulator. */
export { modelledAdapter } from './adapter';
export type { ModelledDriver } from './driver';
export { ModelledRig } from './rig';
export type { PlannedIrp, PlannedOpen, RequestPlan } from './request-plan';
