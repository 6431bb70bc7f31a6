/**
 * What can be found out about a driver without anybody who knows it: by its file, and by dry runs of it. The draft of its profile
 * says what was found; what was not is left open there.
 */
import type { Crossing } from '../../../src/trace';
import { requireRunnable } from '../runnable';
import { readImage } from '../image';
import { controlCodes, readsAttribute, type ControlCode } from './control-codes';
import {
  devicesIn,
  likely,
  originates,
  tryOpens,
  tryWrites,
  type DeviceSeen,
  type OpenTried,
  type WriteTried,
} from './devices';
import type { Draft, DraftRequest } from './draft';
import { installed } from './install';
import type { Registration, RegistryRead } from './observer';
import { onOneProcessor, tried, type Stage, type Subject, type Tried } from './trial';

export { adviceOn, type Advice } from './advice';
export type { ControlCode } from './control-codes';
export type { DeviceSeen, OpenTried, WriteTried } from './devices';
export { profileText, type Draft, type Remarks } from './draft';
export type { Registration, RegistryRead } from './observer';
export type { Stage, Subject, Tried } from './trial';

/** What the user knows already; what is absent is found out. */
export interface Known {
  /** File name of the .sys. */
  readonly image: string;
  readonly driver?: string;
  readonly service?: string;
  readonly device?: string;
  readonly file?: string;
  /** How an application makes it send a frame: by a write, by a control code, or not at all; undefined: a write is tried. */
  readonly send?: 'write' | 'none' | { readonly code: number };
}

export interface Inspection {
  readonly draft: Draft;
  readonly registration?: Registration;
  /** What NDIS answered to it, when it refused. */
  readonly refused?: string;
  /** The life of the driver from its load to its unload, as far as it came. */
  readonly stages: readonly Stage[];
  /** What the emulator lacks for the driver; undefined when it lacked nothing. */
  readonly lacks?: string;
  readonly reads: readonly RegistryRead[];
  /** How the driver was got to load, when it did not at first. */
  readonly repaired?: string;
  readonly devices: readonly DeviceSeen[];
  readonly opens: readonly OpenTried[];
  readonly writes: readonly WriteTried[];
  /** What the control code that the user gave did. */
  readonly asked?: Tried;
  /** Requests that the driver has a routine for: IRP_MJ_CREATE … */
  readonly majors: readonly string[];
  readonly codes: readonly ControlCode[];
  /** Its routine for IRP_MJ_CREATE looks at the extended attribute of the open. */
  readonly readsAttribute: boolean;
}

/**
 * Inspects a driver: boots it some dozens of times, each on a fresh machine.
 * @param subject the image, and what runs it
 * @param known what the user knows already
 * @throws BadImage when the file is not a driver that can be run
 */
export async function inspect(subject: Subject, known: Known): Promise<Inspection> {
  const image = readImage(subject.image, {});
  requireRunnable(image);
  const once = onOneProcessor(subject);
  const { draft, life, repaired } = await installed(once, known);
  const { observer, routines, stages, lacks, crossings } = life;
  const control = routines.get('IRP_MJ_DEVICE_CONTROL');
  const create = routines.get('IRP_MJ_CREATE');
  const devices = devicesIn(crossings, draft);
  const opens = await tryOpens(once, draft, devices, known);
  return {
    ...(observer.registration && { registration: observer.registration }),
    ...refusal(crossings),
    stages,
    ...(lacks !== undefined && { lacks }),
    reads: [...new Map(observer.reads.map((read) => [`${read.key}\0${read.name ?? ''}`, read])).values()],
    ...(repaired !== undefined && { repaired }),
    devices,
    majors: [...routines.keys()],
    codes: control === undefined ? [] : controlCodes(image, control),
    readsAttribute: create !== undefined && readsAttribute(image, create),
    opens,
    ...(await handled(once, draft, opens, known)),
  };
}

function refusal(crossings: readonly Crossing[]): Pick<Inspection, 'refused'> {
  const status = crossings.find(({ dir, ddi }) => dir === '<=' && ddi === 'NdisFRegisterFilterDriver')?.status;
  return status === undefined || status === 'NDIS_STATUS_SUCCESS' ? {} : { refused: status };
}

/** Tries what an application can do with a handle. */
async function handled(
  subject: Subject,
  bare: Draft,
  opens: readonly OpenTried[],
  { device, file = '', send }: Known,
): Promise<Pick<Inspection, 'draft' | 'writes' | 'asked'>> {
  const ways = likely(opens);
  // What the user says stays, whether it opens here or not.
  const first = ways[0] ?? (device === undefined ? undefined : { device, file });
  if (!first) return { draft: bare, writes: [] };
  const open = { device: first.device, file: first.file, oneAtATime: false };
  if (send === 'none') return { draft: { ...bare, open }, writes: [] };
  if (send !== undefined) {
    const request: DraftRequest = { blocks: false, ...(send !== 'write' && { code: send.code }) };
    const draft: Draft = { ...bare, open, send: request };
    const asked = await tried(subject, draft, 'send');
    return asked ? { draft: { ...draft, ...asItAnswers(draft, asked) }, writes: [], asked } : { draft, writes: [] };
  }
  const writes = await tryWrites(subject, bare, ways);
  const last = writes.at(-1);
  if (!last || !originates(last.tried)) return { draft: { ...bare, open }, writes };
  const way = { device: last.open.device, file: last.open.file, oneAtATime: false };
  const draft: Draft = { ...bare, open: way, [last.tried.sends > 0 ? 'send' : 'receive']: { blocks: false } };
  return { draft: { ...draft, ...asItAnswers(draft, last.tried) }, writes };
}

/** @returns the open and the request, with how the driver answers */
function asItAnswers({ open, send, receive }: Draft, answer: Tried): Pick<Draft, 'open' | 'send' | 'receive'> {
  return {
    ...(open && { open: { ...open, oneAtATime: refusesASecond(answer) } }),
    ...(send && { send: { ...send, blocks: blocks(answer) } }),
    ...(receive && { receive: { ...receive, blocks: blocks(answer) } }),
  };
}

function blocks({ atOnce }: Tried): boolean {
  return atOnce.state === 'pending';
}

/** The second request of the handle failed while the first one was out. */
function refusesASecond({ atOnce, beside }: Tried): boolean {
  return atOnce.state === 'pending' && beside.state === 'done' && !beside.status.endsWith('STATUS_SUCCESS');
}
