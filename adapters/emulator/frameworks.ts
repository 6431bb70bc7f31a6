/** Drivers that are written on a framework, which this machine is without. */
import { BadImage, type Image } from './image';

/** What the framework's loader stub imports the framework by. */
const KMDF = 'wdfldr.sys';

/** @throws BadImage when the image needs a framework to run at all: what its DriverEntry calls first is not there */
export function requireNoFramework(image: Image): void {
  if (image.imports.every(({ module }) => module !== KMDF)) return;
  throw new BadImage(
    `The image is built on the Kernel-Mode Driver Framework (it imports ${KMDF.toUpperCase()}), and the emulator has NDIS and the kernel, but no framework: ` +
      'build the filter without it (NdisFRegisterFilterDriver and NdisRegisterDeviceEx need none), or record a trace of it and give that to lwf check.',
  );
}
