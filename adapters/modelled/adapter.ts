import type { Adapter, AdapterCapability, Capabilities, DriverProfile, Rig, RigOptions } from '../contract';
import { ADAPTER_CAPABILITIES } from '../contract';
import type { ModelledDriver } from './driver';
import { ModelledRig } from './rig';

/** A machine that is all a model can be seen and provoked in everything. */
const CAPABILITIES: Capabilities = {
  adapter: Object.keys(ADAPTER_CAPABILITIES) as AdapterCapability[],
  observation: 'memory',
};

/**
 * @param name of the adapter, for reports
 * @param driver the driver under test
 * @param exhibit finds another driver by name, for scenarios that show what a particular driver does
 * @returns the adapter that plays scenarios against the driver on the model
 */
export function modelledAdapter(
  name: string,
  driver: ModelledDriver,
  exhibit: (name: string) => Adapter | undefined,
): Adapter {
  return {
    name,
    driver: driver.name,
    async capabilities(): Promise<Capabilities> {
      return CAPABILITIES;
    },
    async profile(): Promise<DriverProfile> {
      return driver.profile;
    },
    async open(options: RigOptions): Promise<Rig> {
      return new ModelledRig(driver, options);
    },
    exhibit,
  };
}
