import type { Call, Kernel } from '../../kernel';
import { DISPATCH_LEVEL } from '../../trace';
import { Handle } from '../handle';
import type { Ndis } from '../ndis';
import type { NdisFilterAttachParameters, NdisRestartGeneralAttributes } from '../wdk';
import { NDIS_SEND_FLAGS_DISPATCH_LEVEL } from '../wdk';
import { ControlPath } from './control-path';
import { DataPath } from './data-path';
import type { Entry, StackFilter } from './filter';
import { isReachable } from './filter';
import { Miniport } from './miniport';
import type { Policy } from './policy';
import { defaultPolicy } from './policy';
import { Protocol } from './protocol';

/** `dut`: a module of the driver under test. */
export type LayerKind = 'dut' | 'neighbour';

/** A configured place in the stack; `filter` is the instance that is attached there now. */
export interface Slot {
  readonly kind: LayerKind;
  /** Name of a neighbour, e.g. `filter:N1`. */
  readonly name: string;
  filter: StackFilter | undefined;
}

export interface AdapterOptions {
  /** Bottom to top. */
  readonly layers: readonly LayerKind[];
  readonly mandatory: boolean;
  readonly noPauseOnSuspend: boolean;
}

/** A miniport instance with the stack of drivers on it. */
export class Adapter {
  readonly kernel: Kernel;
  readonly handle: Handle;
  readonly miniport: Miniport;
  readonly protocol: Protocol;
  readonly data: DataPath;
  readonly control: ControlPath;
  readonly policy: Policy = defaultPolicy();
  readonly slots: Slot[] = [];
  /** The stack as a whole is restarted: data may flow. */
  started = false;
  /** The stack was paused because the system sleeps: it is restarted when power is back. */
  pausedForSleep = false;
  /** The next restart hands the filters the attributes of the miniport; later ones only after the stack has changed. */
  attributesChanged = true;
  private readonly tickets: object[] = [];
  private neighbours = 0;

  constructor(
    readonly ndis: Ndis,
    readonly name: string,
    readonly index: number,
    readonly options: AdapterOptions,
  ) {
    this.kernel = ndis.kernel;
    this.handle = new Handle(ndis.kernel.identity('miniport'), this);
    this.miniport = new Miniport(this);
    this.protocol = new Protocol(this);
    this.data = new DataPath(this);
    this.control = new ControlPath(this);
    for (const kind of options.layers) this.slots.push(this.newSlot(kind));
  }

  newSlot(kind: LayerKind): Slot {
    return { kind, name: kind === 'dut' ? 'dut' : `filter:N${++this.neighbours}`, filter: undefined };
  }

  /** Attached filters, bottom to top. */
  get filters(): StackFilter[] {
    const filters: StackFilter[] = [];
    for (const { filter } of this.slots) if (filter) filters.push(filter);
    return filters;
  }

  /** The filters between one and the miniport, from top to bottom. @param from undefined: from the protocol */
  allBelow(from: StackFilter | undefined): StackFilter[] {
    const slots = from ? this.slots.slice(0, this.indexOf(from)) : [...this.slots];
    return slots.reverse().flatMap(({ filter }) => (filter && isReachable(filter.state) ? [filter] : []));
  }

  /** Next filter towards the miniport that has the handler. @param from undefined: from the protocol */
  below(from: StackFilter | undefined, entry: Entry): StackFilter | undefined {
    const { slots } = this;
    for (let i = from ? this.indexOf(from) - 1 : slots.length - 1; i >= 0; i -= 1) {
      const filter = slots[i]?.filter;
      if (filter && isReachable(filter.state) && filter.has(entry)) return filter;
    }
    return undefined;
  }

  /** Next filter towards the protocol that has the handler. @param from undefined: from the miniport */
  above(from: StackFilter | undefined, entry: Entry): StackFilter | undefined {
    const { slots } = this;
    for (let i = from ? this.indexOf(from) + 1 : 0; i < slots.length; i += 1) {
      const filter = slots[i]?.filter;
      if (filter && isReachable(filter.state) && filter.has(entry)) return filter;
    }
    return undefined;
  }

  get macAddress(): string {
    return `02-00-00-00-00-0${this.index}`;
  }

  /** NDIS_xxx_FLAGS_DISPATCH_LEVEL as it holds for the running thread; the value is the same for all four kinds. */
  get dispatchFlag(): number {
    return this.kernel.thread.irql >= DISPATCH_LEVEL ? NDIS_SEND_FLAGS_DISPATCH_LEVEL : 0;
  }

  /**
   * Lifecycle operations on one stack never overlap: each waits for its turn.
   * @see https://learn.microsoft.com/windows-hardware/drivers/network/pausing-a-filter-module
   */
  *exclusively<T>(body: () => Call<T>): Call<T> {
    const ticket = {};
    this.tickets.push(ticket);
    yield* this.kernel.until(`its turn on adapter ${this.name}`, () => this.tickets[0] === ticket);
    const result = yield* body();
    this.tickets.shift();
    return result;
  }

  attachParameters(filter: StackFilter): NdisFilterAttachParameters {
    return {
      FilterModuleGuidName: `{${this.name}}-{${filter.name}}`,
      BaseMiniportName: this.name,
      MiniportMediaType: 'NdisMedium802_3',
      CurrentMacAddress: this.macAddress,
      LowerIfIndex: this.ifIndexBelow(filter),
    };
  }

  ifIndexBelow(filter: StackFilter): number {
    return this.index * 100 + this.indexOf(filter);
  }

  /** What the miniport offers, for the filters to edit on the way up. */
  takeRestartAttributes(): NdisRestartGeneralAttributes | null {
    if (!this.attributesChanged) return null;
    this.attributesChanged = false;
    return { MtuSize: 1500, LookaheadSize: 256 };
  }

  private indexOf(filter: StackFilter): number {
    return this.slots.findIndex((slot) => slot.filter === filter);
  }
}
