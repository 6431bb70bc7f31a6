import type { Wdk } from '../../../../src/ndis/wdk';
import type { DriverProfile } from '../../../contract';
import type { SimulatedDriver } from '../../driver';
import { referenceProfile } from './profile';
import type { ReferenceFilter } from './registration';

/**
 * Makes a driver for the simulator of a class derived from the reference filter. Each boot gets its own instance.
 * @param name the driver's name in commands and reports
 * @param Filter the class
 * @param profile what it can do and how it is asked; the reference filter's when it is the same
 */
export function simulate(
  name: string,
  Filter: new (wdk: Wdk) => ReferenceFilter,
  profile: DriverProfile = referenceProfile,
): SimulatedDriver {
  return {
    name,
    profile,
    load: (wdk) => {
      const filter = new Filter(wdk);
      return (driver) => filter.DriverEntry(driver);
    },
  };
}
