/** The simulator: drivers written in TypeScript, played against the model of NDIS in `src/ndis`. */
import type { Adapter, AdapterCapability, Capabilities, DriverProfile, Rig, RigOptions } from '../contract';
import { ADAPTER_CAPABILITIES } from '../contract';
import type { SimulatedDriver } from './driver';
import { ModelledRig } from '../modelled';

export type { SimulatedDriver } from './driver';

/** The simulator sees and provokes everything. */
const CAPABILITIES: Capabilities = {
  adapter: Object.keys(ADAPTER_CAPABILITIES) as AdapterCapability[],
  observation: 'memory',
};

/**
 * @param driver the driver under test
 * @param exhibits finds another driver by name, for scenarios that show what a particular driver does
 */
export function createSimulator(
  driver: SimulatedDriver,
  exhibits: (name: string) => SimulatedDriver | undefined = () => undefined,
): Adapter {
  return {
    name: 'simulator',
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
    exhibit(name: string): Adapter | undefined {
      const other = exhibits(name);
      return other && createSimulator(other, exhibits);
    },
  };
}
