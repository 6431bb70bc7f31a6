/** A .sys file with its profile as the driver under test. */
import { basename } from 'node:path';
import type { Adapter } from '../../adapters/contract';
import { createEmulator } from '../../adapters/emulator';
import { createInterpreter } from '../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../adapters/emulator/cpu/jit';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import { BadImage } from '../../adapters/emulator/image';
import type { SiteLog } from '../../adapters/emulator/sites';
import { WINDOW_SIZE } from '../../adapters/emulator/machine';
import { BadProfile, readProfile } from '../../adapters/emulator/profile';
import { CannotJudge } from './cannot-judge';
import type { EngineName } from './engines';
import { bytesOf, imageAt } from './image-bytes';

const ENGINE_OF = { jit: createJit, interpreter: createInterpreter };

export interface ImageOptions {
  /** Of the .sys file; a .pdb beside it gives names to stack traces. */
  readonly path: string;
  /** Path of the profile (YAML, docs/profile.md). */
  readonly profile: string | undefined;
  readonly engine: EngineName;
  /** Finds other drivers by name, for scenarios that show them. */
  readonly exhibits?: (name: string) => Adapter | undefined;
  /** Watches where in the machine code crossings happen. */
  readonly sites?: SiteLog | undefined;
}

/** @throws CannotJudge when a file cannot be read, or is not what it should be */
export function openImage({ path, profile: profilePath, engine, exhibits, sites }: ImageOptions): Adapter {
  if (profilePath === undefined) {
    // Where there is nothing to read, that is to be said first.
    imageAt(path);
    throw new CannotJudge(
      `${path} needs a profile that says how to make this driver do things: --profile FILE. \`lwf init ${path}\` writes one.`,
    );
  }
  const profile = profileIn(profilePath);
  const files = imageAt(path);
  try {
    return createEmulator({
      driver: basename(path),
      ...files,
      profile,
      engine: () => ENGINE_OF[engine](createMemory(WINDOW_SIZE)),
      ...(exhibits && { exhibits }),
      ...(sites && { sites }),
    });
  } catch (failure) {
    if (failure instanceof BadImage) throw new CannotJudge(`${path}: ${failure.message}`, { cause: failure });
    throw failure;
  }
}

/** @throws CannotJudge when the file cannot be read, or is no profile */
export function profileIn(path: string): ReturnType<typeof readProfile> {
  const bytes = bytesOf(path, 'profile');
  if (bytes.toString('latin1', 0, 2) === 'MZ') {
    throw new CannotJudge(`${path} is an image: --profile takes the YAML file that says how to ask it.`);
  }
  try {
    return readProfile(bytes.toString('utf8'), path);
  } catch (failure) {
    if (failure instanceof BadProfile)
      throw new CannotJudge(failure.message.replaceAll('\n', '; '), { cause: failure });
    throw failure;
  }
}
