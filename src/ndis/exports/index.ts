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

type WdkFunction = (...parameters: unknown[]) => unknown;

/**
 * The functions of one machine, made when they are first asked for: a driver calls a few of them in a scenario, and an object with
 * a hundred members of its own is a hash table, which V8 puts where only a full collection finds it, with the machine behind it.
 */
class MachineWdk {
  private readonly made = new Map<string, WdkFunction>();

  constructor(private readonly cx: ExportContext) {}

  /** @param make the function, which needs no receiver */
  static offer(name: string, make: (cx: ExportContext) => WdkFunction): void {
    Object.defineProperty(MachineWdk.prototype, name, {
      get(this: MachineWdk): WdkFunction {
        let made = this.made.get(name);
        if (!made) this.made.set(name, (made = make(this.cx)));
        return made;
      },
    });
  }
}

for (const [name, implementation] of GUARDED) {
  const point = POINTS[name] ?? name;
  MachineWdk.offer(name, (cx) => {
    const { boundary } = cx.ndis;
    return (...parameters) => boundary.call(point, implementation, cx, parameters);
  });
}
for (const [name, implementation] of PLAIN) {
  MachineWdk.offer(
    name,
    (cx) =>
      (...parameters) =>
        implementation(cx, ...parameters),
  );
}

/** @returns everything that the driver under test can call, wired to one machine; the functions need no receiver */
export function makeWdk(cx: ExportContext): Wdk {
  return new MachineWdk(cx) as unknown as Wdk;
}
