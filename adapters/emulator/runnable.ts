/** Images that are drivers, and that this machine cannot run all the same. */
import { BadImage, type Image } from './image';
import { ROOM_FOR_IMAGE } from './machine';

/** What the framework's loader stub imports the framework by. */
const KMDF = 'wdfldr.sys';
const MEGABYTE = 1024 * 1024;

/** @throws BadImage when the image needs a framework that is not there, or more memory than there is */
export function requireRunnable(image: Image): void {
  if (image.imports.some(({ module }) => module === KMDF)) {
    throw new BadImage(
      `The image is built on the Kernel-Mode Driver Framework (it imports ${KMDF.toUpperCase()}), and the emulator has NDIS and the kernel, but no framework: ` +
        'build the filter without it (NdisFRegisterFilterDriver and NdisRegisterDeviceEx need none), or record a trace of it and give that to lwf check.',
    );
  }
  if (image.sizeOfImage > ROOM_FOR_IMAGE) {
    throw new BadImage(
      `The image takes ${Math.ceil(image.sizeOfImage / MEGABYTE)} MB in memory, and the machine of the emulator has room for ${ROOM_FOR_IMAGE / MEGABYTE} MB of it: ` +
        'build it with smaller tables, or allocate them from the pool.',
    );
  }
}
