import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Subject } from './adapters';
import { kitRoot } from './kit-root';

/** How all drivers of the kit in C are asked; exhibits are for its reference filter. */
export const KIT_PROFILE = join(kitRoot, 'drivers/profiles/reference.yaml');
/** File of the kit's reference filter as machine code. */
export const KIT_REFERENCE = 'reference.sys';

/**
 * @param name of a driver of the kit
 * @param folder with the images that `npm run build:drivers` made
 * @returns the driver as machine code, asked by the interface that all drivers of the kit in C share
 */
export function kitImage(name: string, folder: string): Subject {
  return { driver: join(folder, `${name}.sys`), profile: KIT_PROFILE };
}

/** Is it the reference filter of the kit that is under test, as machine code? Somebody else's driver has a profile of its own. */
export function isKitReferenceImage({ driver, profile }: Subject): boolean {
  return basename(driver) === KIT_REFERENCE && profile !== undefined && resolve(profile) === KIT_PROFILE;
}

/**
 * @param reference path of the image of the reference filter
 * @returns the driver of that name that was built beside it; undefined when there is none
 */
export function exhibitBeside(reference: string, name: string): Subject | undefined {
  const subject = kitImage(name, dirname(reference));
  return existsSync(subject.driver) ? subject : undefined;
}
