import type { Crossing } from '../../../trace';

/** What a driver allocates and must give back. */
export type ResourceKind = 'memory' | 'pool' | 'timer' | 'workItem' | 'configuration' | 'device' | 'clone';

export interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  /** The module it belongs to; undefined: the driver as a whole. */
  readonly module: string | undefined;
  readonly at: Crossing;
  /** The FilterAttach in which it was allocated. */
  readonly attach: Crossing | undefined;
}

interface Pairing {
  readonly kind: ResourceKind;
  /** Name of the member of `args` with its identity. */
  readonly arg: string;
}

const ALLOCATIONS: Readonly<Record<string, Pairing>> = {
  NdisAllocateMemoryWithTagPriority: { kind: 'memory', arg: 'memory' },
  NdisAllocateMemoryWithTag: { kind: 'memory', arg: 'memory' },
  ExAllocatePoolWithTag: { kind: 'memory', arg: 'memory' },
  ExAllocatePoolZero: { kind: 'memory', arg: 'memory' },
  ExAllocatePool2: { kind: 'memory', arg: 'memory' },
  NdisAllocateNetBufferListPool: { kind: 'pool', arg: 'pool' },
  NdisAllocateTimerObject: { kind: 'timer', arg: 'timer' },
  NdisAllocateIoWorkItem: { kind: 'workItem', arg: 'workItem' },
  NdisOpenConfigurationEx: { kind: 'configuration', arg: 'configuration' },
  NdisRegisterDeviceEx: { kind: 'device', arg: 'device' },
  NdisAllocateCloneOidRequest: { kind: 'clone', arg: 'clone' },
};

const FREES: Readonly<Record<string, Pairing>> = {
  NdisFreeMemory: { kind: 'memory', arg: 'memory' },
  ExFreePool: { kind: 'memory', arg: 'memory' },
  ExFreePoolWithTag: { kind: 'memory', arg: 'memory' },
  NdisFreeNetBufferListPool: { kind: 'pool', arg: 'pool' },
  NdisFreeTimerObject: { kind: 'timer', arg: 'timer' },
  NdisFreeIoWorkItem: { kind: 'workItem', arg: 'workItem' },
  NdisCloseConfiguration: { kind: 'configuration', arg: 'configuration' },
  NdisDeregisterDeviceEx: { kind: 'device', arg: 'device' },
  NdisFreeCloneOidRequest: { kind: 'clone', arg: 'clone' },
};

export const ALLOCATING_RETURNS = Object.keys(ALLOCATIONS).map((ddi) => `<=${ddi}` as const);
export const MEMORY_RETURNS = ALLOCATING_RETURNS.filter((key) => ALLOCATIONS[key.slice(2)]?.kind === 'memory');
export const FREEING_CALLS = Object.keys(FREES).map((ddi) => `=>${ddi}` as const);

/** `args.scope` of what belongs to the driver as a whole. */
export const DRIVER_SCOPE = 'driver';

/** So many identities are remembered after what they stood for was freed. */
const REMEMBERED = 8192;

/** What the driver has allocated and not given back, by scope. */
export class Ledger {
  private readonly live = new Map<string, Resource>();
  private readonly known = new Map<string, Resource>();

  /**
   * @param crossing the return of an allocating call
   * @param attach entry of the FilterAttach that its thread is in
   */
  allocated(crossing: Crossing, attach?: Crossing): void {
    const pairing = ALLOCATIONS[crossing.ddi];
    const id = pairing && crossing.args?.[pairing.arg];
    if (!pairing || typeof id !== 'string') return;
    const resource: Resource = { kind: pairing.kind, id, module: crossing.module, at: crossing, attach };
    this.live.set(`${pairing.kind} ${id}`, resource);
    if (this.known.size >= REMEMBERED) this.prune();
    this.known.set(id, resource);
  }

  private prune(): void {
    for (const [id, resource] of this.known) if (!this.isLive(resource)) this.known.delete(id);
  }

  /**
   * Whose memory an `!!Access` was to.
   * @returns undefined when it is not known, or when it had not been freed
   */
  freedMemoryOf({ args }: Crossing): { readonly module: string | undefined } | undefined {
    const object = args?.['object'];
    if (args?.['what'] !== 'memory') return undefined;
    const resource = typeof object === 'string' ? this.find(object) : undefined;
    const freed = args['freed'] ?? (resource !== undefined && !this.isLive(resource));
    if (freed !== true) return undefined;
    const scope = args['scope'];
    if (typeof scope === 'string') return { module: scope === DRIVER_SCOPE ? undefined : scope };
    return resource && { module: resource.module };
  }

  /** @param crossing a freeing call */
  freed(crossing: Crossing): void {
    const pairing = FREES[crossing.ddi];
    const id = pairing && crossing.args?.[pairing.arg];
    if (!pairing) return;
    if (typeof id === 'string') this.live.delete(`${pairing.kind} ${id}`);
    else this.freedUnnamed(pairing.kind);
  }

  /** It may have been any of that kind. */
  private freedUnnamed(kind: ResourceKind): void {
    for (const [key, resource] of this.live) if (resource.kind === kind) this.live.delete(key);
    for (const [id, resource] of this.known) if (resource.kind === kind) this.known.delete(id);
  }

  /** Has it not been given back yet? */
  isLive(resource: Resource): boolean {
    return this.live.get(`${resource.kind} ${resource.id}`) === resource;
  }

  /** What it was, also after it was freed. */
  find(id: string): Resource | undefined {
    return this.known.get(id);
  }

  /** Crossings were lost: what is live is unknown. */
  forget(): void {
    this.live.clear();
    this.known.clear();
  }

  /** @param module its name; undefined: what belongs to the driver as a whole */
  of(module: string | undefined): Resource[] {
    return [...this.live.values()].filter((resource) => resource.module === module);
  }
}

/** For messages: `pool p3`. */
export function resourceName({ kind, id }: Resource): string {
  return `${kind === 'workItem' ? 'work item' : kind === 'configuration' ? 'configuration handle' : kind} ${id}`;
}
