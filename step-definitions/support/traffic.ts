/** Whose NBLs, OID requests and status indications a filter deals with, and what it has in its hands. */
import type { Crossing, NblView } from '../../src/trace';

/** Something that the filter originated, and the crossing in which it did. */
export interface Origination {
  readonly kind: 'send' | 'receive' | 'OID request' | 'status indication';
  readonly what: string;
  readonly crossing: Crossing;
}

/** An NBL of somebody else that the filter handed on, itself or as a clone, and the crossing in which it did. */
export interface PassThrough {
  readonly kind: 'send' | 'receive';
  readonly nbl: string;
  readonly crossing: Crossing;
}

/** What the filter did with NBLs, OID requests and status indications, its own and those of others. */
export interface Traffic {
  readonly originated: readonly Origination[];
  readonly passed: readonly PassThrough[];
  /** What neighbours handed to the filter, each time. */
  readonly taken: readonly PassThrough[];
  /** Sends from above that are in the filter's hands now: neither passed on nor completed. */
  readonly sendsHeld: readonly string[];
  /** Receives from below that are in the filter's hands now. */
  readonly receivesHeld: readonly string[];
}

/** NDIS_RECEIVE_FLAGS_RESOURCES: the NBLs are lent for the time of the call. */
const LOW_RESOURCES = 0x2;

export type Chosen = (crossing: Crossing) => boolean;

/** Everything that happens at the border of the driver under test, not between neighbours. */
export const ofTheDriver: Chosen = (crossing) => crossing.neighbour === undefined;

/**
 * Reads a trace from its beginning.
 * @param crossings the whole trace: who handed an NBL to whom is known only from the start
 * @param chosen which crossings count, e.g. those of one module; `originated` and `passed` keep the order of the trace
 */
export function trafficOf(crossings: readonly Crossing[], chosen: Chosen = ofTheDriver): Traffic {
  const reader = new TrafficReader();
  for (const crossing of crossings) if (ofTheDriver(crossing)) reader.read(crossing, chosen(crossing));
  return reader;
}

class TrafficReader implements Traffic {
  readonly originated: Origination[] = [];
  readonly passed: PassThrough[] = [];
  readonly taken: PassThrough[] = [];
  /** NBLs that neighbours handed to a module, as `module nbl`. */
  private readonly foreign = new Set<string>();
  /** Names of NBLs that the filter derived from those of neighbours. */
  private readonly copies = new Set<string>();
  private readonly requestsFromAbove = new Set<string>();
  private readonly clones = new Set<string>();
  private readonly held = { send: new Set<string>(), receive: new Set<string>() };
  /** What each delivery that a thread is in has lent to the filter, innermost last. */
  private readonly lent = new Map<string, string[][]>();
  private readonly insideFilterStatus = new Map<string, number>();
  /** Threads that open a handle: what the filter asks the adapter for that is not what the scenario asks the filter for. */
  private readonly opening = new Set<string>();

  get sendsHeld(): string[] {
    return [...this.held.send].map(withoutModule);
  }

  get receivesHeld(): string[] {
    return [...this.held.receive].map(withoutModule);
  }

  read(crossing: Crossing, counts: boolean): void {
    switch (`${crossing.dir}${crossing.ddi}`) {
      case '<=NdisAllocateNetBufferAndNetBufferList':
      case '<=NdisAllocateNetBufferList':
      case '<=NdisAllocateCloneNetBufferList':
      case '<=NdisAllocateFragmentNetBufferList':
      case '<=NdisAllocateReassembledNetBufferList':
        return this.allocated(crossing);
      case '->FilterSendNetBufferLists':
      case '->FilterSendNetBufferListsComplete':
        return this.take(crossing, 'send', counts);
      case '->FilterReceiveNetBufferLists':
        return this.takeReceives(crossing, counts);
      case '<-FilterReceiveNetBufferLists':
        return this.giveBackLowResources(crossing);
      case '->FilterReturnNetBufferLists':
        return this.take(crossing, 'receive', counts);
      case '=>NdisFSendNetBufferLists':
        return this.handOn(crossing, 'send', counts);
      case '=>NdisFIndicateReceiveNetBufferLists':
        return this.handOn(crossing, 'receive', counts);
      case '=>NdisFSendNetBufferListsComplete':
        return each(crossing, (key) => this.held.send.delete(key));
      case '=>NdisFReturnNetBufferLists':
        return each(crossing, (key) => this.held.receive.delete(key));
      default:
        return this.readControl(crossing, counts);
    }
  }

  private readControl(crossing: Crossing, counts: boolean): void {
    switch (`${crossing.dir}${crossing.ddi}`) {
      case '->FilterOidRequest':
      case '->FilterDirectOidRequest':
        this.requestsFromAbove.add(argument(crossing, 'request'));
        return;
      case '<=NdisAllocateCloneOidRequest':
        this.clones.add(argument(crossing, 'clone'));
        return;
      case '->IRP_MJ_CREATE':
        this.opening.add(threadOf(crossing));
        return;
      case '<-IRP_MJ_CREATE':
        this.opening.delete(threadOf(crossing));
        return;
      case '=>NdisFOidRequest':
      case '=>NdisFDirectOidRequest':
      case '=>NdisFSynchronousOidRequest':
        return this.request(crossing, counts && !this.opening.has(threadOf(crossing)));
      case '->FilterStatus':
        this.insideFilterStatus.set(threadOf(crossing), this.depth(crossing) + 1);
        return;
      case '<-FilterStatus':
        this.insideFilterStatus.set(threadOf(crossing), this.depth(crossing) - 1);
        return;
      case '=>NdisFIndicateStatus':
        if (counts && this.depth(crossing) === 0) {
          this.originated.push({ kind: 'status indication', what: argument(crossing, 'code'), crossing });
        }
    }
  }

  /** Names are used again: it is no stranger's any more, unless it is derived from one. */
  private allocated(crossing: Crossing): void {
    const original = argument(crossing, 'original');
    const isCopy = this.copies.has(original) || [...this.foreign].some((key) => withoutModule(key) === original);
    each(crossing, (key, { nbl }) => {
      this.foreign.delete(key);
      if (isCopy) this.copies.add(nbl);
      else this.copies.delete(nbl);
    });
  }

  private take(crossing: Crossing, kind: 'send' | 'receive', counts: boolean): void {
    const comesFromAbove = crossing.ddi === 'FilterSendNetBufferLists';
    each(crossing, (key, { nbl }) => {
      if (comesFromAbove) this.foreign.add(key);
      if (comesFromAbove && counts) this.taken.push({ kind, nbl, crossing });
      if (counts && this.foreign.has(key)) this.held[kind].add(key);
    });
  }

  private takeReceives(crossing: Crossing, counts: boolean): void {
    each(crossing, (key, { nbl }) => {
      this.foreign.add(key);
      if (!counts) return;
      this.held.receive.add(key);
      this.taken.push({ kind: 'receive', nbl, crossing });
    });
    const lowResources = (Number(crossing.args?.['flags'] ?? 0) & LOW_RESOURCES) !== 0;
    const deliveries = this.lent.get(threadOf(crossing)) ?? [];
    this.lent.set(threadOf(crossing), [...deliveries, lowResources ? keys(crossing) : []]);
  }

  private giveBackLowResources(crossing: Crossing): void {
    for (const key of this.lent.get(threadOf(crossing))?.pop() ?? []) this.held.receive.delete(key);
  }

  private handOn(crossing: Crossing, kind: 'send' | 'receive', counts: boolean): void {
    for (const { nbl } of crossing.nbls ?? []) {
      const key = keyOf(crossing, nbl);
      this.held[kind].delete(key);
      if (!counts) continue;
      if (this.foreign.has(key) || this.copies.has(nbl)) this.passed.push({ kind, nbl, crossing });
      else this.originated.push({ kind, what: nbl, crossing });
    }
  }

  private request(crossing: Crossing, counts: boolean): void {
    const request = argument(crossing, 'request');
    if (!counts || this.clones.has(request) || this.requestsFromAbove.has(request)) return;
    this.originated.push({ kind: 'OID request', what: argument(crossing, 'oid'), crossing });
  }

  private depth(crossing: Crossing): number {
    return this.insideFilterStatus.get(threadOf(crossing)) ?? 0;
  }
}

function each(crossing: Crossing, act: (key: string, nbl: NblView) => void): void {
  for (const nbl of crossing.nbls ?? []) act(keyOf(crossing, nbl.nbl), nbl);
}

function keys(crossing: Crossing): string[] {
  return (crossing.nbls ?? []).map(({ nbl }) => keyOf(crossing, nbl));
}

function keyOf(crossing: Crossing, nbl: string): string {
  return `${crossing.module ?? ''} ${nbl}`;
}

function withoutModule(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

function threadOf(crossing: Crossing): string {
  return crossing.thread ?? '';
}

function argument(crossing: Crossing, name: string): string {
  return String(crossing.args?.[name] ?? '');
}
