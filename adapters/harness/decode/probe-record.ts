/** One event of the probe (probe/lwf_probe.h), taken out of the envelope that ETW puts around it. */
import type { Direction, NblView, NetBufferView } from '../../../src/trace';
import {
  BadEvent,
  readSchema,
  readValues,
  type EventSchema,
  type FieldValue,
  type SelfDescribingEvent,
} from './trace-logging';

/** Of the provider, as lwf_probe.h has it. */
export const PROBE_PROVIDER = '{C1F6A9B2-8E0D-4F57-9A3B-5D20E7C48A61}';
const EVENT_NAME = 'Crossing';

/** What the numbers of `direction` mean; from the fifth on they are no crossings. */
const DIRECTIONS = ['->', '<-', '=>', '<=', 'locked', 'unlocked', 'limit', 'mark', 'end'] as const;

const HAS_STATUS = 0x01;
const TELLS_LOCKS = 0x02;
const MORE = 0x04;
const CUT = 0x08;

export interface ProbeRecord {
  /** The image that wrote it, from when it was loaded: several may report, and one may be loaded again. */
  readonly image: string;
  /** 1, 2, 3 … over everything that the driver's image writes. */
  readonly seq: number;
  /** Number of the record whose chain this one goes on with; 0 for none. */
  readonly of: number;
  readonly direction: Direction | 'locked' | 'unlocked' | 'limit' | 'mark' | 'end';
  readonly ddi: string;
  readonly text: string;
  readonly irql: number;
  readonly handle: bigint;
  readonly context: bigint;
  readonly thread: bigint;
  readonly cpu: number;
  readonly line: number;
  readonly status: number | undefined;
  readonly values: readonly bigint[];
  /** Words of the chain, see `chainOf`. */
  readonly chain: readonly bigint[];
  /** Locks that are taken and released are reported at this time. */
  readonly tellsLocks: boolean;
  /** Another record goes on with the chain. */
  readonly more: boolean;
  /** The chain is longer than the probe follows it. */
  readonly isCut: boolean;
  readonly time: number;
}

/** Reads records. It remembers the last metadata, as that of a driver is always the same. */
export class ProbeRecords {
  private metadata: Uint8Array = Buffer.alloc(0);
  private schema: EventSchema = { name: '', fields: [] };

  /** @throws BadEvent, with what is wrong, when the event is none of a probe or was damaged */
  read(event: SelfDescribingEvent): ProbeRecord {
    if (event.provider.toUpperCase() !== PROBE_PROVIDER) throw new BadEvent('it is not from the provider of the probe');
    if (!Buffer.from(event.metadata).equals(this.metadata)) {
      this.schema = readSchema(event.metadata);
      this.metadata = Uint8Array.from(event.metadata);
    }
    if (this.schema.name !== EVENT_NAME)
      throw new BadEvent(`it is no crossing but a ${JSON.stringify(this.schema.name)}`);
    return recordOf(readValues(this.schema, event.payload), event.time);
  }
}

function recordOf(values: ReadonlyMap<string, FieldValue>, time: number): ProbeRecord {
  const value = (name: string): bigint => {
    const found = values.get(name);
    if (typeof found !== 'bigint') throw new BadEvent(`it has no ${name}`);
    return found;
  };
  const text = (name: string): string => {
    const found = values.get(name);
    if (typeof found !== 'string') throw new BadEvent(`it has no ${name}`);
    return found;
  };
  const list = (name: string): readonly bigint[] => {
    const found = values.get(name);
    if (!Array.isArray(found)) throw new BadEvent(`it has no ${name}`);
    return found as readonly bigint[];
  };
  const direction = DIRECTIONS[Number(value('direction'))];
  if (direction === undefined) throw new BadEvent(`its direction is ${value('direction')}`);
  const options = Number(value('options'));
  return {
    image: `${value('image').toString(16)} ${value('loaded')}`,
    seq: safe(value('seq'), 'seq'),
    of: safe(value('of'), 'of'),
    direction,
    ddi: text('ddi'),
    text: text('text'),
    irql: Number(value('irql')),
    handle: value('handle'),
    context: value('context'),
    thread: value('thread'),
    cpu: Number(value('cpu')),
    line: Number(value('line')),
    status: (options & HAS_STATUS) === 0 ? undefined : Number(value('status')),
    values: list('values'),
    chain: list('chain'),
    tellsLocks: (options & TELLS_LOCKS) !== 0,
    more: (options & MORE) !== 0,
    isCut: (options & CUT) !== 0,
    time,
  };
}

/** More crossings than any machine makes: numbers of a trace stay exact when as many are missing. */
const HIGHEST = 1n << 48n;

function safe(value: bigint, name: string): number {
  if (value > HIGHEST) throw new BadEvent(`its ${name} is ${value}`);
  return Number(value);
}

/** How objects of a chain are called in the trace. */
export interface ChainNames {
  nbl(address: bigint): string;
  buffer(address: bigint): string;
  mdl(address: bigint): string;
  source(handle: bigint): string;
  cancelId(value: bigint): string;
  status(value: number): string;
}

const LOW = 0xffff_ffffn;

/**
 * @param words of each NBL its address, its SourceHandle, its status with the bytes of context space above it, its cancel id and how many
 *   NET_BUFFERs follow; of each of these its address, its offset with its length above it, how many MDLs follow, and these
 * @throws BadEvent when the words end too early
 */
export function chainOf(words: readonly bigint[], names: ChainNames): NblView[] {
  let at = 0;
  const next = (): bigint => {
    const word = words[at];
    if (word === undefined) throw new BadEvent('its chain ends too early');
    at += 1;
    return word;
  };
  const buffer = (): NetBufferView => {
    const address = next();
    const place = next();
    const mdls: string[] = [];
    for (let left = next(); left > 0n; left -= 1n) mdls.push(names.mdl(next()));
    return {
      nb: names.buffer(address),
      dataOffset: Number(place & LOW),
      dataLength: Number(place >> 32n),
      mdls: mdls.join('+'),
    };
  };
  const nbls: NblView[] = [];
  while (at < words.length) {
    const nbl = names.nbl(next());
    const source = names.source(next());
    const state = next();
    const cancelId = next();
    const nbs: NetBufferView[] = [];
    for (let left = next(); left > 0n; left -= 1n) nbs.push(buffer());
    const status = names.status(Number(state & LOW));
    const context = Number(state >> 32n);
    nbls.push({ nbl, source, status, nbs, ...(cancelId !== 0n && { cancelId: names.cancelId(cancelId) }), context });
  }
  return nbls;
}
