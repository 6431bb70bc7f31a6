import type { Call } from '../../src/kernel';
import type { DriverObject, Wdk } from '../../src/ndis/wdk';
import type { NtStatus } from '../../src/ndis/status';
import type { DriverProfile } from '../contract';

/**
 * A filter driver written in TypeScript for the simulator. `load` is called once per machine boot and returns
 * DriverEntry; keep all globals of the driver inside `load`, so that every scenario starts with a fresh image.
 */
export interface SimulatedDriver {
  readonly name: string;
  readonly profile: DriverProfile;
  load(wdk: Wdk): (driver: DriverObject) => Call<NtStatus>;
}
