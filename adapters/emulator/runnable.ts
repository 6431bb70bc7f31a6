/** Images that are drivers, and that this machine cannot run all the same. */
import { BadImage, type Image } from './image';
import { ROOM_FOR_IMAGE } from './machine';

/** What the framework's loader stub imports the framework by. */
const KMDF = 'wdfldr.sys';
/** How a filter comes to NDIS; the others give the address of what is not imported. */
const REGISTERING = ['NdisFRegisterFilterDriver', 'MmGetSystemRoutineAddress', 'NdisGetRoutineAddress'];
/** What drivers of NDIS are that are no filters, by what they import. */
const OTHER_KINDS: readonly (readonly [name: string, kind: string])[] = [
  ['NdisIMRegisterLayeredMiniport', 'an intermediate driver of NDIS 5'],
  ['NdisRegisterProtocolDriver', 'a protocol driver'],
  ['NdisRegisterProtocol', 'a protocol driver of NDIS 5'],
  ['NdisMRegisterMiniportDriver', 'a miniport driver'],
  ['NdisMRegisterMiniport', 'a miniport driver of NDIS 5'],
  ['FwpsCalloutRegister0', 'a callout of the Windows Filtering Platform'],
  ['FwpsCalloutRegister1', 'a callout of the Windows Filtering Platform'],
  ['FwpsCalloutRegister2', 'a callout of the Windows Filtering Platform'],
  ['FwpsCalloutRegister3', 'a callout of the Windows Filtering Platform'],
];
const MEGABYTE = 1024 * 1024;

/** @throws BadImage when the image needs a framework that is not there or more memory than there is, and when it can be no filter */
export function requireRunnable(image: Image): void {
  if (image.imports.some(({ module }) => module === KMDF)) {
    throw new BadImage(
      `The image is built on the Kernel-Mode Driver Framework (it imports ${KMDF.toUpperCase()}), and the emulator has NDIS and the kernel, but no framework: ` +
        'build the filter without it (NdisFRegisterFilterDriver and NdisRegisterDeviceEx need none), or record a trace of it and give that to lwf check.',
    );
  }
  requireFilter(image);
  if (image.sizeOfImage > ROOM_FOR_IMAGE) {
    throw new BadImage(
      `The image takes ${Math.ceil(image.sizeOfImage / MEGABYTE)} MB in memory, and the machine of the emulator has room for ${ROOM_FOR_IMAGE / MEGABYTE} MB of it: ` +
        'build it with smaller tables, or allocate them from the pool.',
    );
  }
}

/** The rules are those of filters: a driver of another kind would break most of them by being what it is. */
function requireFilter({ imports, delayImports }: Image): void {
  const names = new Set([...imports, ...delayImports].map(({ name }) => name));
  // By ordinal nothing has a name.
  if (REGISTERING.some((name) => names.has(name)) || [...names].some((name) => name.startsWith('#'))) return;
  const [, kind] = OTHER_KINDS.find(([name]) => names.has(name)) ?? [];
  throw new BadImage(
    `The image does not import NdisFRegisterFilterDriver, so it is no lightweight filter driver${kind === undefined ? '' : ` but ${kind}`}, ` +
      'and the rules are those of filters: give the .sys file of the filter, as it was linked and not packed.',
  );
}
