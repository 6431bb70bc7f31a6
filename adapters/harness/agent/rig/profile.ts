import type { DriverProfile } from '../../../contract';

/**
 * What the rig cannot ask the driver for is not taken out of its profile, but refused when it is asked for: rules about it do apply to the driver.
 * @param profile of the vendor
 * @param command it is by the vendor's command that the driver originates sends, and not by requests of the profile
 * @returns the profile for scenarios
 */
export function profileOn(profile: DriverProfile, command: boolean): DriverProfile {
  if (!command) return profile;
  return {
    ...profile,
    capabilities: [...new Set([...profile.capabilities, 'originatesSends'] as const)],
    device: profile.device ?? { name: "what the vendor's command opens", fileName: '' },
    requests: { ...profile.requests, send: profile.requests.send ?? { irp: 'IRP_MJ_WRITE' } },
  };
}
