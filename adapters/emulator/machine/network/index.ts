/** What drivers import from the network stack beside NDIS. */
import type { ExportModule } from '../contract';
import type { Guest } from '../guest';
import { filteringExports } from './filtering';
import { injectionExports } from './injection';
import { ipHelperExports } from './ip-helper';
import { interfaceExports } from './interfaces';
import { mdlCopyExports } from './mdl-copies';
import { moduleRegistrarExports } from './module-registrar';
import { winsockExports } from './winsock';

export const NETWORK_MODULES: readonly ExportModule<Guest>[] = [
  { module: 'fwpkclnt.sys', exports: [...filteringExports, ...injectionExports] },
  {
    module: 'netio.sys',
    exports: [...winsockExports, ...ipHelperExports, ...interfaceExports, ...mdlCopyExports, ...moduleRegistrarExports],
  },
];
