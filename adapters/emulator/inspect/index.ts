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
  takesOne,
  tryCodes,
  tryOpens,
  tryWrites,
  type CodeTried,
  type DeviceSeen,
  type OpenTried,
  type WriteTried,
} from './devices';
import type { Draft, DraftRequest } from './draft';
import { NO_SWITCH, wantsSwitch, whereItFails, type FilterSeen } from './filters';
import { installed } from './install';
import { registrationOf, type Registration, type RegistryRead } from './observer';
import { onOneProcessor, tried, type Boot, type Stage, type Subject, type Tried } from './trial';

export { adviceOn, type Advice } from './advice';
export type { ControlCode } from './control-codes';
export type { CodeTried, DeviceSeen, OpenTried, WriteTried } from './devices';
export { profileText, type Draft, type Remarks } from './draft';
export type { FilterSeen } from './filters';
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
  /** How an application makes it send a frame: by a write, by a control code, or not at all; undefined: all of them are tried. */
  readonly send?: 'write' | 'none' | { readonly code: number };
}

export interface Inspection {
  readonly draft: Draft;
  /** Of the filter that is on the adapters. */
  readonly registration?: Registration;
  /** The filters of an image that registers several, or whose only one does not take an Ethernet adapter. */
  readonly filters: readonly FilterSeen[];
  /** Why it attaches to no adapter, when it comes to that: it wants a Hyper-V extensible switch, or what it answers on each medium. */
  readonly attachesNowhere?: string;
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
  /** What each control code did with a frame; none when a write did it, or the user said how it sends. */
  readonly codesTried: readonly CodeTried[];
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
  const { draft, life, repaired, filters } = await installed(once, known);
  const { observer, routines, stages, lacks, crossings } = life;
  const registration = registrationOf(observer.registrations, draft.filter);
  const control = routines.get('IRP_MJ_DEVICE_CONTROL');
  const create = routines.get('IRP_MJ_CREATE');
  const devices = devicesIn(crossings, draft);
  const opens = await tryOpens(once, draft, devices, known);
  const codes = control === undefined ? [] : controlCodes(image, control);
  return {
    ...(registration && { registration }),
    filters,
    ...nowhere(life, filters),
    ...refusal(crossings),
    stages,
    ...(lacks !== undefined && { lacks }),
    reads: [...new Map(observer.reads.map((read) => [`${read.key}\0${read.name ?? ''}`, read])).values()],
    ...(repaired !== undefined && { repaired }),
    devices,
    majors: [...routines.keys()],
    codes,
    readsAttribute: create !== undefined && readsAttribute(image, create),
    opens,
    ...(await handled(once, draft, { opens, codes: codes.map(({ value }) => value) }, known)),
  };
}

function nowhere(life: Boot, filters: readonly FilterSeen[]): Pick<Inspection, 'attachesNowhere'> {
  if (wantsSwitch(life)) return { attachesNowhere: NO_SWITCH };
  const [only, ...others] = filters;
  return only && others.length === 0 && only.medium === undefined ? { attachesNowhere: whereItFails(only) } : {};
}

function refusal(crossings: readonly Crossing[]): Pick<Inspection, 'refused'> {
  const status = crossings.find(({ dir, ddi }) => dir === '<=' && ddi === 'NdisFRegisterFilterDriver')?.status;
  return status === undefined || status === 'NDIS_STATUS_SUCCESS' ? {} : { refused: status };
}

const NOT_TRIED: Pick<Inspection, 'writes' | 'codesTried'> = { writes: [], codesTried: [] };

/** Tries what an application can do with a handle. */
async function handled(
  subject: Subject,
  bare: Draft,
  { opens, codes }: { readonly opens: readonly OpenTried[]; readonly codes: readonly number[] },
  { device, file = '', send }: Known,
): Promise<Pick<Inspection, 'draft' | 'writes' | 'codesTried' | 'asked'>> {
  const ways = likely(opens);
  // What the user says stays, whether it opens here or not.
  const first = ways[0] ?? (device === undefined ? undefined : { device, file });
  if (!first) return { draft: bare, ...NOT_TRIED };
  const open = { device: first.device, file: first.file, oneAtATime: false };
  if (send === 'none') return { draft: { ...bare, open }, ...NOT_TRIED };
  if (send !== undefined) {
    const request: DraftRequest = { blocks: false, ...(send !== 'write' && { code: send.code }) };
    const draft: Draft = { ...bare, open, send: request };
    const asked = await tried(subject, draft, 'send');
    return asked ? { draft: { ...draft, ...asItAnswers(draft, asked) }, ...NOT_TRIED, asked } : { draft, ...NOT_TRIED };
  }
  const writes = await tryWrites(subject, bare, ways);
  const written = writes.at(-1);
  if (written && originates(written.tried)) return { draft: asTried(bare, written), writes, codesTried: [] };
  const codesTried = ways[0] ? await tryCodes(subject, bare, ways[0], codes) : [];
  const taken = codesTried.at(-1);
  const isTaken = taken !== undefined && takesOne(taken.tried);
  return { draft: isTaken ? asTried(bare, taken) : { ...bare, open }, writes, codesTried };
}

/** @returns the draft with the way to open, and the request, that made the driver send or indicate */
function asTried(
  bare: Draft,
  { open, tried: answer, ...how }: WriteTried & Pick<DraftRequest, 'code' | 'input'>,
): Draft {
  const request: DraftRequest = { blocks: false, ...how };
  const draft: Draft = {
    ...bare,
    open: { device: open.device, file: open.file, oneAtATime: false },
    [answer.sends > 0 ? 'send' : 'receive']: request,
  };
  return { ...draft, ...asItAnswers(draft, answer) };
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
