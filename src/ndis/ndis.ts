import type { Kernel } from '../kernel';
import { Boundary } from './boundary';
import type { Chance } from './chance';
import type { FilterDriver } from './driver';
import type { NblPool } from './nbl-pool';
import { Shortage } from './shortage';
import type { Adapter, AdapterOptions } from './stack/adapter';
import { Adapter as AdapterStack } from './stack/adapter';
import type { FilterModule } from './stack/module';
import { Watch } from './watch';

export interface NdisVersion {
  readonly major: number;
  readonly minor: number;
}

/** NDIS of one machine from boot to shutdown: adapters with their stacks, and the driver under test once it has registered. */
export class Ndis {
  readonly boundary: Boundary;
  readonly watch: Watch;
  readonly shortage = new Shortage();
  readonly adapters = new Map<string, Adapter>();
  /** Instances of the driver under test that are or were attached, oldest first. */
  readonly modules: FilterModule[] = [];
  /** The filter that is on the adapters, from the moment FilterSetOptions has returned; kept after it has deregistered. */
  driver: FilterDriver | undefined;
  /** All filters that the image has registered. One is on the adapters; the others are installed, and on none of these. */
  readonly registered = new Set<FilterDriver>();
  /** UniqueName of the one that the adapters are bound to, of an image that registers several; undefined: the first. */
  boundFilter: string | undefined;
  /** NBL pools of the driver under test. */
  readonly pools = new Set<NblPool>();
  /** What NDIS takes NBLs from where the driver names no pool. */
  ownPool: NblPool | undefined;
  /** Identities of module contexts that are no pool memory. */
  readonly contexts = new WeakMap<object, string>();
  partialCancelIds = 0;
  /** Drivers made for a later one are refused; undefined for the newest there is. */
  version: NdisVersion | undefined;

  /** @param chance decides what NDIS and the neighbours are free to do in any way */
  constructor(
    readonly kernel: Kernel,
    readonly chance: Chance,
  ) {
    this.boundary = new Boundary(kernel);
    this.watch = new Watch(kernel);
  }

  /** Builds the stack of an adapter that is plugged in. Its miniport is still halted. */
  newAdapter(name: string, options: AdapterOptions): Adapter {
    const adapter = new AdapterStack(this, name, this.adapters.size + 1, options);
    this.adapters.set(name, adapter);
    return adapter;
  }
}
