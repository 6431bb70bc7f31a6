import type { Wdk } from '../../../../src/ndis/wdk';
import type { DriverProfile } from '../../../contract';
import type { SimulatedDriver } from '../../driver';
import { referenceProfile } from './profile';
import type { ReferenceFilter } from './registration';

type FilterClass = new (wdk: Wdk) => ReferenceFilter;

/** Of the drivers as they were made here: a copy that somebody changed is another driver. */
const classes = new WeakMap<SimulatedDriver, FilterClass>();

/**
 * Makes a driver for the simulator of a class derived from the reference filter. Each boot gets its own instance.
 * @param name the driver's name in commands and reports
 * @param Filter the class
 * @param profile what it can do and how it is asked; the reference filter's when it is the same
 */
export function simulate(
  name: string,
  Filter: FilterClass,
  profile: DriverProfile = referenceProfile,
): SimulatedDriver {
  const driver: SimulatedDriver = {
    name,
    profile,
    load: (wdk) => {
      const filter = new Filter(wdk);
      return (driver) => filter.DriverEntry(driver);
    },
  };
  classes.set(driver, Filter);
  return driver;
}

/** @returns the class that a driver was made of; undefined for a driver that was not made by `simulate` */
export function classOf(driver: SimulatedDriver): FilterClass | undefined {
  return classes.get(driver);
}
