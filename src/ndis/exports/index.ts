import type { Call } from '../../kernel';
import type { Boundary } from '../boundary';
import type { Wdk } from '../wdk';
import type { ExportContext } from './context';
import { controlExports } from './control';
import { dataExports } from './data';
import { deferredExports } from './deferred';
import { deviceExports } from './device';
import { lifeExports } from './life';
import { memoryExports } from './memory';
import { nblExports } from './nbls';
import { synchronisationExports, waitExports } from './synchronisation';

export { ExportContext } from './context';

/** Everything that the driver under test can call, wired to one machine. */
export function makeWdk(cx: ExportContext): Wdk {
  const { boundary } = cx.ndis;
  const { BuildNetBufferListInPrivateMemory, ...nbls } = nblExports(cx);
  return {
    ...guarded(boundary, lifeExports(cx)),
    ...guarded(boundary, dataExports(cx)),
    ...guarded(boundary, nbls),
    BuildNetBufferListInPrivateMemory,
    ...guarded(boundary, controlExports(cx)),
    ...guarded(boundary, memoryExports(cx)),
    ...guarded(boundary, deferredExports(cx)),
    ...guarded(boundary, deviceExports(cx)),
    ...guarded(boundary, waitExports(cx)),
    ...synchronisationExports(cx),
  };
}

type Exports = Record<string, (...parameters: never[]) => Call<unknown>>;

/** Puts the border between driver and kit in front of each export. */
function guarded<T extends object>(boundary: Boundary, exports: T): T {
  const table: Exports = {};
  for (const [name, implementation] of Object.entries(exports as Exports)) {
    table[name] = boundary.callable(name, implementation);
  }
  return table as T;
}
