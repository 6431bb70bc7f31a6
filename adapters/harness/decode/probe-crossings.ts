/** From the records of a probe to the crossings of a trace: names for addresses, modules for handles and contexts, locks for threads. */
import { DISPATCH_LEVEL, normaliseStatus, type Crossing } from '../../../src/trace';
import { argumentsOf, isPassedStatus } from './probe-arguments';
import { ProbeModules, ProbeObjects, type Kind } from './probe-objects';
import { chainOf, type ChainNames, type ProbeRecord } from './probe-record';

interface ProbeThread {
  /** Modules of the handlers that it is in, innermost last. */
  inside: (string | undefined)[];
  /** Calls that have not returned, innermost last. */
  calls: { readonly ddi: string; readonly module: string | undefined }[];
  locks: string[];
  /** Nothing is missing by which it could have taken one. */
  knowsLocks: boolean;
}

/** Objects that begin with the return of what makes them: the place of their address among the values. */
const MADE_ON_RETURN: Readonly<Record<string, Kind>> = {
  NdisAllocateNetBufferListPool: 'pool',
  NdisAllocateMdl: 'd',
  NdisAllocateMemoryWithTagPriority: 'memory',
  ExAllocatePoolWithTag: 'memory',
  NdisAllocateTimerObject: 'timer',
  NdisAllocateIoWorkItem: 'work',
  NdisRegisterDeviceEx: 'device',
  NdisOpenConfigurationEx: 'configuration',
  NdisAllocateCloneOidRequest: 'o',
  NdisFRegisterFilterDriver: 'driver',
};

/** Calls that name an object, whose owner they concern. */
const OF_OWNER: Readonly<Record<string, Kind>> = {
  NdisFreeNetBufferListPool: 'pool',
  NdisAllocateNetBufferAndNetBufferList: 'pool',
  NdisAllocateCloneNetBufferList: 'pool',
  NdisAllocateFragmentNetBufferList: 'pool',
  NdisAllocateReassembledNetBufferList: 'pool',
  NdisFreeNetBufferList: 'pool',
  NdisFreeCloneNetBufferList: 'pool',
  NdisFreeFragmentNetBufferList: 'pool',
  NdisFreeReassembledNetBufferList: 'pool',
  NdisFreeMdl: 'd',
  NdisFreeMemory: 'memory',
  NdisSetTimerObject: 'timer',
  NdisCancelTimerObject: 'timer',
  NdisFreeTimerObject: 'timer',
  NdisTimerFunction: 'timer',
  NdisQueueIoWorkItem: 'work',
  NdisFreeIoWorkItem: 'work',
  NdisIoWorkItemFunction: 'work',
  NdisCloseConfiguration: 'configuration',
};

/** Calls that hand a chain over, be it an empty one. */
const HANDS_OVER_A_CHAIN =
  /^(?:(?:Filter|NdisF)(?:Send|Receive|Return|IndicateReceive)NetBufferLists(?:Complete)?|NdisFreeNetBufferList)$/;

/** Calls of no handle that concern the module whose handler makes them. */
const OF_CALLER = new Set([
  'NdisAllocateNetBufferListContext',
  'NdisFreeNetBufferListContext',
  'NdisRetreatNetBufferDataStart',
  'NdisAdvanceNetBufferDataStart',
  'NdisWaitEvent',
  'NdisMSleep',
  'ExWaitForRundownProtectionRelease',
]);

const MAKES_NBL = /^NdisAllocate(NetBufferAnd|Clone|Fragment|Reassembled)NetBufferList$/;
const FREES_NBL = /^NdisFree(Clone|Fragment|Reassembled)?NetBufferList$/;
const ISSUES_REQUEST = /^NdisF(Direct|Synchronous)?OidRequest$/;
const BRINGS_REQUEST = /^Filter(Direct|Synchronous)?OidRequest$/;

/** Makes crossings of the records of one image, in order. */
export class ProbeCrossings {
  private readonly objects = new ProbeObjects();
  private readonly modules = new ProbeModules(this.objects);
  private readonly threads = new Map<bigint, ProbeThread>();
  /** Module that an object was made for, by its name. */
  private readonly owners = new Map<string, string>();
  private readonly clones = new Set<bigint>();
  /** Requests of the driver's own that are on their way. */
  private readonly pending = new Set<bigint>();
  /** Requests from above that the driver has not completed. */
  private readonly foreign = new Set<bigint>();
  private readonly deviceNames = new Map<string, string>();
  private count = 0;
  private hasLost = false;

  /** Records are missing: so many numbers are left out, and where threads are is not known any more. */
  lose(records: number): void {
    this.count += records;
    this.hasLost = true;
    this.threads.clear();
  }

  /** @returns the crossing, or undefined for a record of something else. @throws BadEvent when its chain is damaged */
  take(record: ProbeRecord): Crossing | undefined {
    const { direction } = record;
    if (direction === 'limit' || direction === 'mark' || direction === 'end') return undefined;
    const thread = this.threadOf(record);
    if (direction === 'locked' || direction === 'unlocked') return this.lock(record, thread);
    this.begin(record);
    const module = this.moduleOf(record, thread);
    const crossing = this.crossing(record, direction, module, thread);
    if (direction === '->') thread.inside.push(module);
    if (direction === '<-') thread.inside.pop();
    if (direction === '=>') thread.calls.push({ ddi: record.ddi, module });
    this.end(record);
    return crossing;
  }

  private threadOf({ thread: address, irql }: ProbeRecord): ProbeThread {
    const known = this.threads.get(address);
    const thread: ProbeThread = known ?? { inside: [], calls: [], locks: [], knowsLocks: !this.hasLost };
    if (!known) this.threads.set(address, thread);
    // Who holds a spin lock is at DISPATCH_LEVEL.
    if (irql < DISPATCH_LEVEL) thread.knowsLocks = true;
    return thread;
  }

  private lock({ direction, handle }: ProbeRecord, { locks }: ProbeThread): undefined {
    const name = this.objects.of('lock', handle);
    if (direction === 'locked') locks.push(name);
    else if (locks.includes(name)) locks.splice(locks.lastIndexOf(name), 1);
  }

  private crossing(
    record: ProbeRecord,
    dir: Crossing['dir'],
    module: string | undefined,
    { locks, knowsLocks }: ProbeThread,
  ): Crossing {
    const { ddi, status: value } = record;
    const status = value === undefined ? undefined : normaliseStatus(value, ddi);
    const args = argumentsOf({
      record,
      status,
      value: (index) => record.values[index] ?? 0n,
      object: (kind, address) => this.nameOf(kind, address),
      handle: (address) => this.handleName(address),
    });
    const name = this.nameOfDevice(record, args['handle']);
    const tells = dir === '<=' ? MAKES_NBL : dir === '<-' ? undefined : HANDS_OVER_A_CHAIN;
    const nbls = record.chain.length > 0 || tells?.test(ddi) ? chainOf(record.chain, this.names) : undefined;
    this.count += 1;
    return {
      seq: this.count,
      dir,
      ddi,
      ...(module !== undefined && { module }),
      thread: `t-${record.thread.toString(16)}`,
      cpu: record.cpu,
      irql: record.irql,
      ...(record.tellsLocks && knowsLocks && { locks: [...locks] }),
      time: record.time,
      ...(status !== undefined && !isPassedStatus(record) && { status }),
      ...(Object.keys(args).length > 0 && { args: name === undefined ? args : { ...args, name } }),
      ...(nbls && { nbls }),
    };
  }

  private nameOf(kind: Kind, address: bigint): string | null {
    if (address === 0n) return null;
    // A context is usually a block of pool, and is known by that already.
    if (kind === 'context') return this.objects.known('memory', address) ?? this.objects.of(kind, address);
    return this.objects.of(kind, address);
  }

  private handleName(address: bigint): string | null {
    if (address === 0n) return null;
    return (
      this.modules.ofHandle(address)?.handle ?? this.objects.known('driver', address) ?? this.objects.of('h', address)
    );
  }

  private readonly names: ChainNames = {
    nbl: (address) => this.objects.of('n', address),
    buffer: (address) => this.objects.of('b', address),
    mdl: (address) => this.objects.of('d', address),
    source: (address) => this.handleName(address) ?? 'NULL',
    cancelId: (value) => this.objects.of('id', value),
    status: (value) => normaliseStatus(value, 'NdisFSendNetBufferLists') ?? `0x${value.toString(16)}`,
  };

  /** The device that is taken away is called what it was when it was made. */
  private nameOfDevice({ direction, ddi }: ProbeRecord, device: unknown): string | undefined {
    return direction === '=>' && ddi === 'NdisDeregisterDeviceEx' ? this.deviceNames.get(String(device)) : undefined;
  }

  /** Objects that begin with this crossing. */
  private begin({ direction, ddi, handle, values, status, chain, text }: ProbeRecord): void {
    const [first = 0n, second = 0n] = values;
    const made = direction === '<=' ? MADE_ON_RETURN[ddi] : undefined;
    if (made && first !== 0n) {
      const name = this.objects.fresh(made, first);
      const owner = this.modules.ofHandle(handle)?.name;
      if (owner !== undefined) this.owners.set(name, owner);
      if (made === 'o') this.clones.add(first);
      if (made === 'device') this.deviceNames.set(name, this.nameAsked);
    }
    if (direction === '=>' && ddi === 'NdisRegisterDeviceEx') this.nameAsked = text;
    if (direction === '<=' && MAKES_NBL.test(ddi) && chain[0] !== undefined) this.beginNbl(chain);
    if (direction === '->' && ddi === 'FilterAttach') this.modules.attach(handle);
    if (direction === '=>' && ddi === 'NdisFSetAttributes') this.modules.setContext(handle, first);
    if (direction === '->' && ddi.startsWith('IRP_MJ_')) {
      this.objects.fresh('irp', first);
      if (ddi === 'IRP_MJ_CREATE' && second !== 0n) this.objects.fresh('file', second);
    }
    if (ddi.includes('OidRequest')) this.beginRequest(direction, ddi, first, status);
  }

  private beginRequest(
    direction: ProbeRecord['direction'],
    ddi: string,
    request: bigint,
    status: number | undefined,
  ): void {
    if (direction === '=>' && ISSUES_REQUEST.test(ddi)) {
      // In memory of the driver's own every request is a new one, unless it is still on its way.
      const isKnown = [this.clones, this.pending, this.foreign].some((requests) => requests.has(request));
      if (!isKnown) this.objects.fresh('o', request);
      this.pending.add(request);
    }
    if (direction === '<=' && ISSUES_REQUEST.test(ddi) && status !== PENDING) this.pending.delete(request);
    if (direction === '->' && ddi.endsWith('OidRequestComplete')) this.pending.delete(request);
    if (direction === '->' && BRINGS_REQUEST.test(ddi)) {
      this.objects.fresh('o', request);
      this.foreign.add(request);
    }
  }

  private nameAsked = '';

  private beginNbl(chain: readonly bigint[]): void {
    // Of an NBL that was just made, everything in it is new but the MDLs.
    const renew: ChainNames = {
      ...this.names,
      nbl: (address) => this.objects.fresh('n', address),
      buffer: (address) => this.objects.fresh('b', address),
      source: () => '',
      mdl: () => '',
    };
    chainOf(chain, renew);
  }

  /** Objects that end with this crossing. */
  private end({ direction, ddi, values, chain, status }: ProbeRecord): void {
    const [first = 0n] = values;
    if (direction === '<-' && BRINGS_REQUEST.test(ddi) && status !== PENDING) this.foreign.delete(first);
    if (direction !== '=>') return;
    if (ddi.endsWith('OidRequestComplete')) this.foreign.delete(first);
    if (FREES_NBL.test(ddi) && chain[0] !== undefined) this.objects.forget('n', chain[0]);
    if (ddi === 'NdisFreeCloneOidRequest') this.clones.delete(first);
  }

  private moduleOf(record: ProbeRecord, thread: ProbeThread): string | undefined {
    const { direction, ddi, handle, context, values } = record;
    if (direction === '<=') return returning(ddi, thread);
    if (ddi === 'FilterAttach') return this.modules.ofHandle(handle)?.name;
    if (context !== 0n) return this.modules.ofContext(context)?.name;
    const kind = OF_OWNER[ddi];
    if (kind && direction !== '<-') return this.ownerOf(kind, values[0] ?? 0n);
    if (direction === '<-') return kind && thread.inside.at(-1);
    if (direction === '->') return undefined;
    if (OF_CALLER.has(ddi)) return thread.inside.at(-1);
    return this.modules.ofHandle(handle)?.name;
  }

  private ownerOf(kind: Kind, address: bigint): string | undefined {
    const name = this.objects.known(kind, address);
    return name === undefined ? undefined : this.owners.get(name);
  }
}

const PENDING = 0x103;

/** What a call concerned, its return concerns too. */
function returning(ddi: string, { calls }: ProbeThread): string | undefined {
  const index = calls.findLastIndex((call) => call.ddi === ddi);
  return index < 0 ? undefined : calls.splice(index)[0]?.module;
}
