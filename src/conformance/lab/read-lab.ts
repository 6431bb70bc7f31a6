/** The target file of a lab machine, and the profile that it names. */
import { BadTarget, readTarget, type Target } from '../../../adapters/harness/target';
import { LONGEST_PROFILE, type OfferedTarget } from '../../../adapters/harness/protocol';
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

/** Which of the drivers on the machine. */
export type LabDriver = 'tested' | 'good' | 'bad';

/** @param path of the target file @param which driver is meant; there must be one @throws CannotJudge with every problem of it, or of the profile */
export function readLab(path: string, which: LabDriver = 'tested'): LabFiles {
  const bytes = bytesOf(path, 'target file');
  const read = understood(() => readTarget(bytes.toString('utf8'), path));
  const driver = which === 'tested' ? read.driver : read.calibration[which];
  if (!driver) throw new CannotJudge(`${path} names no filter as "calibration.${which}".`);
  // Whoever plays on the machine knows of one driver.
  const target = { ...read, driver };
  const profileBytes = bytesOf(target.driver.profile, 'profile');
  const profileText = profileBytes.toString('utf8');
  const profile = understood(() => readProfile(profileText, target.driver.profile));
  if (profileText.length > LONGEST_PROFILE) {
    throw new CannotJudge(
      `${target.driver.profile} has ${profileText.length} characters, and the agent on a lab machine takes a profile of at most ${LONGEST_PROFILE}: shorten its notes.`,
    );
  }
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
        ...(profile.open && { profileText }),
      },
      ...(target.originate && { originate: target.originate }),
      ...(target.limits.sleep !== undefined && { sleep: target.limits.sleep }),
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
