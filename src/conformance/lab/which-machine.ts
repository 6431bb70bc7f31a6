/** Which machine a run is made on, and with which driver: as the results have it, and in words. */
import type { Capabilities } from '../../../adapters/contract';
import type { Greeting } from '../../../adapters/harness/protocol';
import type { LabIdentity } from '../identity';
import type { LabFiles } from './read-lab';

export function identityOf(
  { target, targetFile, profileFile }: LabFiles,
  { os, agent, driver }: Greeting,
): LabIdentity {
  return {
    machine: {
      name: target.name,
      target: targetFile,
      os,
      agent,
      adapter: target.adapter.name,
      instrumented: target.driver.probe,
    },
    ...(driver && { image: { file: driver.file, sha256: driver.sha256, size: driver.bytes } }),
    profile: profileFile,
  };
}

/** @param observation what the machine sees of the driver */
export function portraitOf(
  { target, offered }: LabFiles,
  { os, boot, driver }: Greeting,
  observation: Capabilities['observation'],
): string {
  const image = driver
    ? `${driver.file}, SHA-256 ${driver.sha256.slice(0, 12)}…`
    : `${offered.driver.name}, image not found`;
  const build = target.driver.probe ? 'built with the probe header' : 'as it ships';
  return `${os.name}, build ${os.build}, ${os.arch}; boot ${boot}; ${observation}; ${image}, ${build}`;
}
