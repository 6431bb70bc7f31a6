import type { Call, Kernel } from '../../src/kernel';
import type { DriverObject, NdisVersion, NtStatus, Wdk } from '../../src/ndis';
import type { DriverProfile } from '../contract';
import type { RequestPlan } from './request-plan';

/** A driver as the model of NDIS sees it: TypeScript that calls the WDK's functions, or machine code that is made to. */
export interface ModelledDriver {
  readonly name: string;
  readonly profile: DriverProfile;
  /** How applications talk to it, when the profile alone does not say: machine code wants bytes. */
  readonly requests?: RequestPlan;
  /** NDIS of the system that it is loaded on, which refuses drivers made for a later one; without it, of the newest. */
  readonly ndis?: NdisVersion;
  /** UniqueName of the filter that is on the adapters, of a driver that registers several; without it, the first. */
  readonly filter?: string;
  /**
   * Maps the image.
   * @param kernel the machine code of a driver runs on its threads and asks it for IRQL, locks and time
   * @returns its DriverEntry
   */
  load(wdk: Wdk, kernel: Kernel): (driver: DriverObject) => Call<NtStatus>;
}
