import type {
  Adapter,
  AdapterCapability,
  Capabilities,
  DriverCapability,
  DriverProfile,
} from '../../adapters/contract';
import { ADAPTER_CAPABILITIES, DRIVER_CAPABILITIES } from '../../adapters/contract';
import { NotApplicable, NotObserved } from './expectation';

export type Need = AdapterCapability | DriverCapability;

/** What an adapter and its driver can do, asked once. */
export interface Abilities {
  readonly capabilities: Capabilities;
  readonly profile: DriverProfile;
}

const known = new WeakMap<Adapter, Promise<Abilities>>();

export function abilitiesOf(adapter: Adapter): Promise<Abilities> {
  let abilities = known.get(adapter);
  if (!abilities) {
    abilities = Promise.all([adapter.capabilities(), adapter.profile()]).then(([capabilities, profile]) => ({
      capabilities,
      profile,
    }));
    known.set(adapter, abilities);
  }
  return abilities;
}

/**
 * @param tags of the scenario
 * @returns the capabilities asked for by `@needs-…`
 * @throws Error for a capability that does not exist
 */
export function needsOf(tags: readonly string[]): Need[] {
  return tags.filter((tag) => tag.startsWith('@needs-')).map((tag) => asNeed(tag.slice('@needs-'.length)));
}

/**
 * @throws NotApplicable when the driver lacks one
 * @throws NotObserved when the adapter lacks one
 */
export function requireNeeds({ capabilities, profile }: Abilities, needs: readonly Need[], driver: string): void {
  for (const need of needs) {
    if (need in DRIVER_CAPABILITIES) {
      const capability = need as DriverCapability;
      if (profile.capabilities.includes(capability)) continue;
      throw new NotApplicable(`the profile of ${driver} does not say that ${DRIVER_CAPABILITIES[capability]}`);
    }
    const capability = need as AdapterCapability;
    if (capabilities.adapter.includes(capability)) continue;
    throw new NotObserved(`on this adapter it is not so that ${ADAPTER_CAPABILITIES[capability]}`);
  }
}

function asNeed(name: string): Need {
  if (name in DRIVER_CAPABILITIES || name in ADAPTER_CAPABILITIES) return name as Need;
  throw new Error(`@needs-${name}: there is no such capability`);
}
