/** ndis.sys of the emulated machine: its exports, on the model of NDIS that the simulator plays on too. */
import type { ExportModule } from '../contract';
import type { Guest } from '../guest';
import { bufferExports } from './exports/buffers';
import { configurationExports } from './exports/configuration';
import { controlExports } from './exports/control';
import { dataExports } from './exports/data';
import { dataStartExports } from './exports/data-start';
import { deferredExports } from './exports/deferred';
import { deviceExports } from './exports/devices';
import { lifeExports } from './exports/life';
import { memoryExports } from './exports/memory';
import { derivedNblExports } from './exports/nbl-derivation';
import { nblExports } from './exports/nbls';
import { objectExports } from './exports/objects';
import { olderExports } from './exports/older';
import { otherDriverExports } from './exports/other-drivers';
import { poolExports } from './exports/pools';
import { processorExports } from './exports/processors';
import { synchronisationExports } from './exports/synchronisation';
import { systemExports } from './exports/system';

export { Configurations } from './configurations';
export { emulatedDriver, type EmulatedDriverOptions } from './emulated-driver';
export { NdisPart, type AdapterName, type AdapterNames, type NetInterface } from './part';

export const ndisModule: ExportModule<Guest> = {
  module: 'ndis.sys',
  exports: [
    ...lifeExports,
    ...dataExports,
    ...poolExports,
    ...nblExports,
    ...dataStartExports,
    ...derivedNblExports,
    ...bufferExports,
    ...controlExports,
    ...memoryExports,
    ...synchronisationExports,
    ...deferredExports,
    ...deviceExports,
    ...systemExports,
    ...configurationExports,
    ...objectExports,
    ...processorExports,
    ...otherDriverExports,
    ...olderExports,
  ],
};
export { MEDIA } from './media';
