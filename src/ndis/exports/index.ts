import type { Wdk } from '../wdk';
import type { ExportContext } from './context';
import { controlExports } from './control';
import { dataExports } from './data';
import { dataStartExports } from './data-start';
import { deferredExports } from './deferred';
import { deviceExports } from './device';
import type { Implementation } from './implementations';
import { lifeExports } from './life';
import { memoryExports } from './memory';
import { derivedNblExports } from './nbl-derivation';
import { nblExports } from './nbls';
import { synchronisationExports, waitExports } from './synchronisation';

export { ExportContext } from './context';

const { BuildNetBufferListInPrivateMemory, ...poolExports } = nblExports;

/** Calls into NDIS and the kernel: each is a point of interruption, and the border between the driver's code and the kit's. */
const GUARDED = Object.entries({
  ...lifeExports,
  ...dataExports,
  ...poolExports,
  ...dataStartExports,
  ...derivedNblExports,
  ...controlExports,
  ...memoryExports,
  ...deferredExports,
  ...deviceExports,
  ...waitExports,
}) as [string, Implementation][];

/** Calls that are no crossings; they yield where they must. */
const PLAIN = Object.entries({ BuildNetBufferListInPrivateMemory, ...synchronisationExports }) as [
  string,
  (cx: ExportContext, ...parameters: unknown[]) => unknown,
][];

/** Names under which the driver comes to a call, where the kit's own shorthand has another. */
const POINTS: Readonly<Record<string, string>> = { AllocateOidRequest: 'NdisAllocateMemoryWithTagPriority' };

/** @returns everything that the driver under test can call, wired to one machine; the functions need no receiver */
export function makeWdk(cx: ExportContext): Wdk {
  const { boundary } = cx.ndis;
  const wdk: Record<string, (...parameters: unknown[]) => unknown> = {};
  for (const [name, implementation] of GUARDED) {
    const point = POINTS[name] ?? name;
    wdk[name] = (...parameters) => boundary.call(point, implementation, cx, parameters);
  }
  for (const [name, implementation] of PLAIN) wdk[name] = (...parameters) => implementation(cx, ...parameters);
  return wdk as unknown as Wdk;
}
