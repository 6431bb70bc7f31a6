import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Subject } from './adapters';
import { kitRoot } from './kit-root';

/** Where the kit has its own images and profiles. */
export const KIT_FOLDERS: readonly string[] = ['drivers/build', 'drivers/profiles'].map((folder) =>
  join(kitRoot, folder),
);
/** How all drivers of the kit in C are asked; exhibits are for its reference filter. */
const PROFILE = join(kitRoot, 'drivers/profiles/reference.yaml');
/** The kit's reference filter; its run shows other drivers of the kit as well. */
export const KIT_DRIVER = 'reference';
const REFERENCE = `${KIT_DRIVER}.sys`;

/**
 * @param name of a driver of the kit
 * @param folder with the images that `npm run build:drivers` made
 * @returns the driver as machine code, asked by the interface that all drivers of the kit in C share
 */
export function kitImage(name: string, folder: string): Subject {
  return { driver: join(folder, `${name}.sys`), profile: PROFILE };
}

/** Is it the reference filter of the kit that is under test, as machine code? Somebody else's driver has a profile of its own. */
export function isKitReferenceImage({ driver, profile }: Subject): boolean {
  return basename(driver) === REFERENCE && profile !== undefined && resolve(profile) === PROFILE;
}

/**
 * @param reference path of the image of the reference filter
 * @returns the driver of that name that was built beside it; undefined when there is none
 */
export function exhibitBeside(reference: string, name: string): Subject | undefined {
  const subject = kitImage(name, dirname(reference));
  return existsSync(subject.driver) ? subject : undefined;
}
