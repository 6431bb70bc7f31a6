/** The target file of a lab machine, and the profile that it names. */
import { BadTarget, readTarget, type Target } from '../../../adapters/harness/target';
import type { OfferedTarget } from '../../../adapters/harness/protocol';
import { BadProfile, readProfile, toDriverProfile } from '../../../adapters/emulator/profile';
import { CannotJudge } from '../cannot-judge';
import { fileFacts, type FileFacts } from '../identity';
import { bytesOf } from '../image-bytes';

export interface LabFiles {
  readonly target: Target;
  readonly targetFile: FileFacts;
  readonly profileFile: FileFacts;
  /** What the agent is told of what it is to test. */
  readonly offered: OfferedTarget;
}

/** @param path of the target file @throws CannotJudge with every problem of it, or of the profile */
export function readLab(path: string): LabFiles {
  const bytes = bytesOf(path, 'target file');
  const target = understood(() => readTarget(bytes.toString('utf8'), path));
  const profileBytes = bytesOf(target.driver.profile, 'profile');
  const profile = understood(() => readProfile(profileBytes.toString('utf8'), target.driver.profile));
  const { component, service, inf, probe } = target.driver;
  return {
    target,
    targetFile: fileFacts(path, bytes),
    profileFile: fileFacts(target.driver.profile, profileBytes),
    offered: {
      adapter: target.adapter,
      driver: {
        name: profile.driver,
        ...(profile.image !== undefined && { image: profile.image }),
        component,
        service,
        ...(inf !== undefined && { inf }),
        probe,
        profile: toDriverProfile(profile),
      },
      ...(target.originate && { originate: target.originate }),
    },
  };
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (failure) {
    if (failure instanceof BadTarget || failure instanceof BadProfile)
      throw new CannotJudge(failure.message.replaceAll('\n', '; '), { cause: failure });
    throw failure;
  }
}
