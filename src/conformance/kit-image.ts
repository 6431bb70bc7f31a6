import { join } from 'node:path';
import type { Subject } from './adapters';
import { kitRoot } from './kit-root';

/**
 * @param name of a driver of the kit
 * @param folder with the images that `npm run build:drivers` made
 * @returns the driver as machine code, asked by the interface that all drivers of the kit in C share
 */
export function kitImage(name: string, folder: string): Subject {
  return { driver: join(folder, `${name}.sys`), profile: join(kitRoot, 'drivers/profiles/reference.yaml') };
}
