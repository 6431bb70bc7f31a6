/** The driver as lwf_probe.h would report it: events of TraceLogging, one for each crossing that a probe sees. */
import { isProbed } from '../../../adapters/harness/decode/probe-arguments';
import { PROBE_PROVIDER } from '../../../adapters/harness/decode/probe-record';
import { statusValue, type Crossing, type NblView } from '../../../src/trace';
import { array, u32, u64 } from '../probe/bytes';
import { METADATA } from '../probe/metadata';
import { Addresses } from './addresses';
import { valuesOf } from './probe-values';

const IMAGE = 0xffff_f800_0000_0000n;
const DIRECTIONS = ['->', '<-', '=>', '<='] as const;
const LOCKED = 4;
const UNLOCKED = 5;
const MARK = 7;
const END = 8;
const HAS_STATUS = 1;
const TELLS_LOCKS = 2;

/** What ETW is handed. */
export interface ProbeEvent {
  readonly provider: string;
  readonly metadata: Uint8Array;
  readonly payload: Uint8Array;
  readonly cpu: number;
}

type Place = Pick<Crossing, 'irql' | 'cpu' | 'thread'>;
/** Where the probe says something of its own accord. */
const OF_PROBE: Place = { thread: 'etw' };

interface Draft {
  readonly direction: number;
  readonly ddi: string;
  readonly options?: number;
  readonly text?: string;
  readonly handle?: bigint;
  readonly context?: bigint;
  readonly status?: number;
  readonly values?: readonly bigint[];
  readonly chain?: readonly bigint[];
}

export class ProbeEvents {
  private readonly addresses = new Addresses();
  /** Handles of modules, by the names of these. */
  private readonly handles = new Map<string, string>();
  private readonly contexts = new Map<string, bigint>();
  private readonly locks = new Map<string, readonly string[]>();
  private loads = 0;
  private count = 0;
  private isHeard = true;
  /** From DriverEntry until DriverUnload, or until DriverEntry fails. */
  private isOpen = false;
  private hasMissed = false;

  /** @param write called with each event, in order */
  constructor(private readonly write: (event: ProbeEvent) => void) {}

  /** @param isHeard while nobody listens no number is taken, but the next event leaves one out */
  hear(crossing: Crossing, isHeard: (provider: string) => boolean = () => true): void {
    const { dir, ddi, module, neighbour, args, status } = crossing;
    if (dir === '!!' || neighbour !== undefined || !isProbed(ddi)) return;
    if (dir === '->' && ddi === 'DriverEntry') {
      this.isOpen = true;
      this.loads += 1;
      this.count = 0;
      this.hasMissed = false;
    }
    const { addresses } = this;
    this.isHeard = isHeard(PROBE_PROVIDER);
    if (ddi === 'FilterAttach' && dir === '->') this.handles.set(module ?? '', String(args?.['handle']));
    if (dir === '=>' && ddi === 'NdisFSetAttributes' && module !== undefined)
      this.contexts.set(module, addresses.of(args?.['context']));
    this.holds(crossing);
    const given = status ?? args?.['status'];
    this.event(crossing, {
      direction: DIRECTIONS.indexOf(dir),
      ddi,
      options: TELLS_LOCKS | (given === undefined ? 0 : HAS_STATUS),
      text: textOf(crossing),
      handle: ddi === 'NdisDeregisterDeviceEx' ? 0n : addresses.of(args?.['handle'] ?? this.handles.get(module ?? '')),
      ...((dir === '->' || dir === '<-') &&
        module !== undefined &&
        ddi.startsWith('Filter') && { context: this.contexts.get(module) ?? 0n }),
      status: valueOf(given),
      values: valuesOf(crossing, addresses),
      chain: (crossing.nbls ?? []).flatMap((nbl) => this.nbl(nbl)),
    });
    this.end(crossing);
  }

  /** Somebody asks how much has been written. */
  mark(isHeard: (provider: string) => boolean = () => true): void {
    if (!this.isOpen) return;
    this.isHeard = isHeard(PROBE_PROVIDER);
    this.event(OF_PROBE, { direction: MARK, ddi: 'EtwEnableCallback' });
  }

  private end({ dir, ddi, status }: Crossing): void {
    const hasFailed = ddi === 'DriverEntry' && (valueOf(status) | 0) < 0;
    if (dir !== '<-' || !(hasFailed || ddi === 'FilterDriverUnload')) return;
    this.event(OF_PROBE, { direction: END, ddi: 'EtwUnregister' });
    this.isOpen = false;
  }

  /** Locks are told when they are taken and given back, between the crossings. */
  private holds(crossing: Crossing): void {
    const { thread = '', locks = [] } = crossing;
    const before = this.locks.get(thread) ?? [];
    this.locks.set(thread, locks);
    for (const lock of before) if (!locks.includes(lock)) this.lock(crossing, UNLOCKED, lock);
    for (const lock of locks) if (!before.includes(lock)) this.lock(crossing, LOCKED, lock);
  }

  private lock(crossing: Crossing, direction: number, lock: string): void {
    const ddi = direction === LOCKED ? 'NdisAcquireSpinLock' : 'NdisReleaseSpinLock';
    this.event(crossing, { direction, ddi, options: TELLS_LOCKS, handle: this.addresses.of(lock) });
  }

  private nbl({ nbl, source, status, nbs = [], cancelId, context = 0 }: NblView): bigint[] {
    const { addresses } = this;
    const state = BigInt(valueOf(status)) & 0xffff_ffffn;
    return [
      ...[addresses.of(nbl), addresses.of(source), state | (BigInt(context) << 32n), addresses.of(cancelId)],
      BigInt(nbs.length),
      ...nbs.flatMap(({ nb, dataOffset = 0, dataLength = 0, mdls = '' }) => {
        const chain = mdls.split('+').filter((mdl) => mdl !== '');
        const place = BigInt(dataOffset) | (BigInt(dataLength) << 32n);
        return [addresses.of(nb), place, BigInt(chain.length), ...chain.map((mdl) => addresses.of(mdl))];
      }),
    ];
  }

  private event({ irql = 0, cpu = 0, thread }: Place, draft: Draft): void {
    if (!this.isHeard) {
      if (!this.hasMissed) this.count += 1;
      this.hasMissed = true;
      return;
    }
    this.hasMissed = false;
    this.count += 1;
    const { direction, ddi, options = 0, text = '', handle = 0n, context = 0n, status = 0 } = draft;
    const payload = Buffer.concat([
      ...[u64(IMAGE, BigInt(this.loads), BigInt(this.count), 0n), Buffer.from([direction, options, irql])],
      ...[Buffer.from(`${ddi}\0`, 'latin1'), Buffer.from(`${text}\0`, 'utf16le')],
      ...[u64(handle, context, this.addresses.of(thread)), u32(cpu, 0, status)],
      ...[array(draft.values ?? []), array(draft.chain ?? [])],
    ]);
    this.write({ provider: PROBE_PROVIDER, metadata: METADATA, payload, cpu });
  }
}

function textOf({ dir, ddi, args }: Crossing): string {
  const name = args?.['name'];
  if (typeof name !== 'string' || (dir !== '->' && dir !== '=>')) return '';
  return ddi === 'IRP_MJ_CREATE' ? `\\${name}` : name;
}

/** A status without a name is known by its digits. */
function valueOf(status: unknown): number {
  if (typeof status !== 'string') return 0;
  return statusValue(status) ?? Number(status);
}
