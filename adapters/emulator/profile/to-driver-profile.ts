import type { Ask, DriverProfile, Request } from '../../contract';
import { MAJOR } from './plan';
import type { AskPlan, EmulatorProfile } from './profile';

/**
 * What scenarios need to know of the driver. A request is that of the step that makes the driver act: the last one that blocks, else the
 * last; its `input` keeps all steps as the profile has them, and `times`, `scope` and `blocks` of the whole.
 */
export function toDriverProfile(profile: EmulatorProfile): DriverProfile {
  const requests: Partial<Record<Ask, Request>> = {};
  for (const [ask, plan] of Object.entries(profile.asks) as [Ask, AskPlan][]) requests[ask] = requestOf(plan);
  const { open, capabilities } = profile;
  return { capabilities, ...(open && { device: { name: open.device, fileName: open.file } }), requests };
}

function requestOf({ steps, source, times, scope }: AskPlan): Request {
  const acting = steps.findLast(({ blocks }) => blocks) ?? steps.at(-1);
  return {
    irp: MAJOR[acting?.kind ?? 'ioctl'],
    ...(acting?.code && { ioControlCode: acting.code.name }),
    input: { steps: source, times, scope, blocks: steps.some(({ blocks }) => blocks) },
  };
}
