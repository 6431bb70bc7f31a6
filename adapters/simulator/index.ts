/** The simulator: drivers written in TypeScript, played against the model of NDIS in `src/ndis`. */
import type { Adapter } from '../contract';
import { modelledAdapter } from '../modelled';
import type { SimulatedDriver } from './driver';

export type { SimulatedDriver } from './driver';

/**
 * @param driver the driver under test
 * @param exhibits finds another driver by name, for scenarios that show what a particular driver does
 */
export function createSimulator(
  driver: SimulatedDriver,
  exhibits: (name: string) => SimulatedDriver | undefined = () => undefined,
): Adapter {
  return modelledAdapter('simulator', driver, (name) => {
    const other = exhibits(name);
    return other && createSimulator(other, exhibits);
  });
}
