import type { AdapterName, AppName, DriverProfile, Rig } from '../../../adapters/contract';
import type { Limits } from './limits';

/** How far the administrator has brought a stack. NDIS may still be on its way there. */
export type Stack = 'unplugged' | 'detached' | 'attached' | 'running' | 'paused' | 'asleep' | 'removed';

export const ADAPTER_NAMES = ['A', 'B'] as const;
export const APP_NAMES = ['first', 'second'] as const;

/**
 * What the generator knows of a history while it plays it: enough to do only what the administrator, NDIS and the
 * neighbours are allowed to do. It holds no opinion on the driver.
 */
export interface Story {
  readonly stacks: Record<AdapterName, Stack>;
  /** Application -> adapter its handle is bound to. */
  readonly handles: Record<AppName, AdapterName | undefined>;
  /** Neighbour filters put in by the history. */
  readonly neighbours: Record<AdapterName, { above: boolean; below: boolean }>;
  loaded: boolean;
  stopped: boolean;
  /** Cancel ids used so far. */
  cancelIds: number;
  readonly profile: DriverProfile;
}

/** What a history plays on, and what it has said so far. */
export interface Stage {
  readonly rig: Rig;
  /** The sentences of what was done, in order, as they stand in a scenario. */
  readonly told: string[];
  readonly limits: Limits;
  /** Called after each stimulus: feeds the judges, and throws when they found something. */
  judge(): Promise<void>;
}

/** A story in which the driver is loaded and adapter "A" is plugged in. */
export function newStory(profile: DriverProfile): Story {
  return {
    stacks: { A: 'detached', B: 'unplugged' },
    handles: { first: undefined, second: undefined },
    neighbours: { A: { above: false, below: false }, B: { above: false, below: false } },
    loaded: true,
    stopped: false,
    cancelIds: 0,
    profile,
  };
}

/** A copy that no stimulus changes, for what may have to be taken back. Made before each of them: by hand it is quickest. */
export function copyOf(story: Story): Story {
  const neighbours: Record<AdapterName, { above: boolean; below: boolean }> = {};
  for (const [name, sides] of Object.entries(story.neighbours)) neighbours[name] = { ...sides };
  return { ...story, stacks: { ...story.stacks }, handles: { ...story.handles }, neighbours };
}
