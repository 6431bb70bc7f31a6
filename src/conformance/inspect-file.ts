/** A .sys file looked at and tried out, for `lwf init`. It brings the emulator along: whoever inspects nothing does without. */
import { createJit } from '../../adapters/emulator/cpu/jit';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import { BadImage } from '../../adapters/emulator/image';
import { adviceOn, inspect, type Advice, type Inspection, type Known } from '../../adapters/emulator/inspect';
import { WINDOW_SIZE } from '../../adapters/emulator/machine';
import { BadProfile, controlCode } from '../../adapters/emulator/profile';
import { CannotJudge } from './cannot-judge';
import { bytesOf, imageAt } from './image-bytes';

/**
 * @param path of the .sys file; a .pdb beside it gives names
 * @param known what the user knows already
 * @throws CannotJudge when the file cannot be read or is not a driver that can be run, and for a name that no profile may have
 */
export async function inspectFile(path: string, known: Known): Promise<Inspection> {
  const files = imageAt(path);
  try {
    return await inspect({ ...files, engine: () => createJit(createMemory(WINDOW_SIZE)) }, known);
  } catch (failure) {
    if (failure instanceof BadImage) throw new CannotJudge(`${path}: ${failure.message}`, { cause: failure });
    if (failure instanceof BadProfile) {
      const why = failure.problems.map(({ message }) => message).join('; ');
      throw new CannotJudge(`What was given fits no profile: ${why}`, { cause: failure });
    }
    throw failure;
  }
}

/**
 * Holds a profile against its driver.
 * @param path of the .sys file
 * @param profile path of the profile
 * @param withAsks each ask is tried too: that takes a tenth of a second each
 * @returns what of the profile does not come about, with its place
 * @throws CannotJudge, BadProfile or BadImage when one of them cannot be read
 */
export function profileAdvice(path: string, profile: string, withAsks: boolean): Promise<Advice[]> {
  const subject = { ...imageAt(path), engine: () => createJit(createMemory(WINDOW_SIZE)) };
  return adviceOn(subject, bytesOf(profile, 'profile').toString('utf8'), profile, withAsks);
}

/**
 * @param text `write`, `none`, a number, or `CTL_CODE(…)` as in the driver's header
 * @returns how an application makes the driver send
 * @throws CannotJudge for anything else
 */
export function sendOf(text: string): NonNullable<Known['send']> {
  const word = text.trim().toLowerCase();
  if (word === 'write' || word === 'none') return word;
  const code = controlCode(text);
  if (typeof code === 'number') return { code };
  throw new CannotJudge(`A frame is sent by "write", by a control code, or "none": ${code}`);
}
