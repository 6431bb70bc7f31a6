/** What a driver can do, by what its profile says how to ask for. */
import { ASKED_BY, DRIVER_CAPABILITIES, type DriverCapability } from '../../contract';
import type { Problems } from './problems';
import type { EmulatorProfile } from './profile';

const ALL = Object.keys(DRIVER_CAPABILITIES) as DriverCapability[];

/** @param claimed as the profile lists them; absent: everything that it says how to ask for */
export function readCapabilities(
  claimed: readonly DriverCapability[] | undefined,
  { open, asks }: Pick<EmulatorProfile, 'open' | 'asks'>,
  problems: Problems,
): readonly DriverCapability[] {
  const lacks = (capability: DriverCapability): string | undefined => {
    if (capability === 'userModeHandles') return open ? undefined : '"open" does not say how to open the driver';
    const ask = ASKED_BY[capability];
    return asks[ask] ? undefined : `"asks" does not say how to ask for "${ask}"`;
  };
  if (!claimed) return ALL.filter((capability) => lacks(capability) === undefined);
  for (const [index, capability] of claimed.entries()) {
    const fault = lacks(capability);
    if (fault !== undefined) problems.add(['capabilities', index], `"${capability}" cannot be shown: ${fault}`);
  }
  return ALL.filter((capability) => claimed.includes(capability));
}
