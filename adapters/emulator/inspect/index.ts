/**
 * What can be found out about a driver without anybody who knows it: by its file, and by dry runs of it. The draft of its profile
 * says what was found; what was not is left open there.
 */
import { readImage } from '../image';
import { controlCodes, type ControlCode } from './control-codes';
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
import { installed, type Installed } from './install';
import type { Registration, RegistryRead } from './observer';
import { tried, wholeLife, type Stage, type Subject, type Tried } from './trial';

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
}

/**
 * Inspects a driver: boots it some dozens of times, each on a fresh machine.
 * @param subject the image, and what runs it
 * @param known what the user knows already
 * @throws BadImage when the file is not a driver that can be run
 */
export async function inspect(subject: Subject, known: Known): Promise<Inspection> {
  const image = readImage(subject.image, {});
  const install: Installed = await installed(subject, known);
  const life = await wholeLife(subject, install.draft);
  const routines = life.observer.dispatchRoutines();
  const control = routines.get('IRP_MJ_DEVICE_CONTROL');
  const devices = devicesIn(life.crossings, install.draft);
  const ground = {
    ...(life.observer.registration && { registration: life.observer.registration }),
    stages: life.stages,
    ...(life.lacks !== undefined && { lacks: life.lacks }),
    reads: [...new Map(life.observer.reads.map((read) => [`${read.key}\0${read.name ?? ''}`, read])).values()],
    ...(install.repaired !== undefined && { repaired: install.repaired }),
    devices,
    majors: [...routines.keys()],
    codes: control === undefined ? [] : controlCodes(image, control),
  };
  const opens = await tryOpens(subject, install.draft, devices, known);
  return { ...ground, opens, ...(await handled(subject, install.draft, likely(opens), known)) };
}

/** Tries what an application can do with a handle. */
async function handled(
  subject: Subject,
  bare: Draft,
  ways: readonly OpenTried[],
  { send }: Known,
): Promise<Pick<Inspection, 'draft' | 'writes' | 'asked'>> {
  const [first] = ways;
  if (!first) return { draft: bare, writes: [] };
  const wayTo = ({ device, file }: OpenTried, oneAtATime: boolean) => ({ device, file, oneAtATime });
  if (send === 'none') return { draft: { ...bare, open: wayTo(first, false) }, writes: [] };
  if (typeof send === 'object') {
    const draft: Draft = { ...bare, open: wayTo(first, false), send: { code: send.code, blocks: false } };
    const asked = await tried(subject, draft, 'send');
    if (!asked) return { draft, writes: [] };
    return {
      draft: { ...draft, open: wayTo(first, refusesASecond(asked)), send: { code: send.code, blocks: blocks(asked) } },
      writes: [],
      asked,
    };
  }
  const writes = await tryWrites(subject, bare, ways);
  const last = writes.at(-1);
  if (!last || !originates(last.tried)) return { draft: { ...bare, open: wayTo(first, false) }, writes };
  const request: DraftRequest = { blocks: blocks(last.tried) };
  return {
    draft: {
      ...bare,
      open: wayTo(last.open, refusesASecond(last.tried)),
      ...(last.tried.sends > 0 ? { send: request } : { receive: request }),
    },
    writes,
  };
}

function blocks({ atOnce }: Tried): boolean {
  return atOnce.state === 'pending';
}

/** The second request of the handle failed while the first one was out. */
function refusesASecond({ atOnce, beside }: Tried): boolean {
  return atOnce.state === 'pending' && beside.state === 'done' && !beside.status.endsWith('STATUS_SUCCESS');
}
