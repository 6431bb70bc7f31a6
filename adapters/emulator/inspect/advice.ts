/** Holds a profile against its driver: what it says is tried, alone, and what does not come about is told with its place in the file. */
import type { Ask } from '../../contract';
import { readImage } from '../image';
import { adapterFacts, planAsk, planOpen, planSetup, readProfile, Source, type EmulatorProfile } from '../profile';
import type { AskPlan, PlannedRequest, Step } from '../profile';
import { controlCodes } from './control-codes';
import { devicesNamed } from './devices';
import { adviceOnInstall } from './install-advice';
import { adviceOnPassing, isAboutPassing } from './passing';
import { adviceOnAnswer, adviceOnEffect, happened, requestText } from './request-advice';
import {
  ADAPTER,
  APP,
  bootWith,
  isFine,
  onOneProcessor,
  told,
  whileHeld,
  type Boot,
  type Session,
  type Subject,
} from './trial';

/** Something in a profile that does not fit the driver. Lines and columns count from 1. */
export interface Advice {
  readonly line: number;
  readonly column: number;
  /** What was tried, what the driver answered, and what to look at. */
  readonly message: string;
}

/** Where in the profile, and what is to be said there. */
export interface Remark {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * @param subject the image, and what runs it
 * @param text the profile
 * @param file what messages call it
 * @param withAsks each ask is tried too, on a machine of its own
 * @returns what does not fit, in the order of the file; nothing when everything that the profile says comes about
 * @throws BadProfile, BadImage when one of them cannot be read
 */
export async function adviceOn(subject: Subject, text: string, file: string, withAsks: boolean): Promise<Advice[]> {
  const profile = readProfile(text, file);
  const source = Source.parse(text, file);
  const remarks = await remarksOn(onOneProcessor(subject), profile, withAsks ? rawOf(source) : undefined);
  return remarks
    .map(({ path, message }) => source.problem(path, 'key', message))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Asks may be lists, or mappings with `steps`. */
function rawOf({ value }: Source): (ask: string) => readonly string[] {
  const asks = (value as { readonly asks?: Readonly<Record<string, unknown>> }).asks ?? {};
  return (ask) => (Array.isArray(asks[ask]) ? ['asks', ask] : ['asks', ask, 'steps']);
}

async function remarksOn(
  subject: Subject,
  profile: EmulatorProfile,
  stepsOf: ((ask: string) => readonly string[]) | undefined,
): Promise<Remark[]> {
  let opening: ((codes: readonly number[]) => Remark) | undefined;
  const life = await bootWith(subject, profile, async (session) => {
    if ((await session.start()) && profile.open) opening = await tryOpen(session, profile);
  });
  const remarks = adviceOnInstall(profile, life);
  if (opening) return [...remarks, opening(codesOf(subject, life))];
  if (!stepsOf || !profile.open || life.stages.some(({ state }) => !isFine(state)) || life.lacks !== undefined)
    return remarks;
  const codes = codesOf(subject, life);
  for (const [ask, plan] of Object.entries(profile.asks) as [Ask, AskPlan][]) {
    if (plan.steps.length === 0) continue;
    const remark =
      (await tryAsk(subject, profile, ask, plan, stepsOf(ask), codes)) ?? (await tryPassing(subject, profile, ask));
    if (remark) remarks.push(remark);
  }
  return remarks;
}

function codesOf({ image }: Subject, { routines }: Boot): readonly number[] {
  const routine = routines.get('IRP_MJ_DEVICE_CONTROL');
  return routine === undefined ? [] : controlCodes(readImage(image, {}), routine).map(({ value }) => value);
}

/** The open, and what `setup` says after it. */
async function tryOpen(
  session: Session,
  profile: EmulatorProfile,
): Promise<((codes: readonly number[]) => Remark) | undefined> {
  const { rig } = session;
  const state = await session.open();
  if (isFine(state)) return undefined;
  const planned = planOpen(profile, adapterFacts(profile, ADAPTER, 0));
  const crossings = await rig.trace();
  const isEntered = crossings.some(({ dir, ddi }) => dir === '->' && ddi === 'IRP_MJ_CREATE');
  if (!planned) return undefined;
  if (!isEntered) {
    const made = devicesNamed(crossings);
    const those = made.length === 0 ? 'it made none' : `it made ${made.join(', ')}`;
    return () => ({
      path: ['open', 'device'],
      message: `opening ${planned.device} fails with ${told(state)}: the driver made no device of that name; ${those}`,
    });
  }
  const created = crossings.find(({ dir, ddi }) => dir === '<-' && ddi === 'IRP_MJ_CREATE')?.status;
  if (created === 'STATUS_SUCCESS') {
    const requests = planSetup(profile, adapterFacts(profile, ADAPTER, 0));
    const at = requestsIn(crossings) - 1;
    return (codes) => atStep(['setup'], profile.setup, 1, at, requests, told(state), codesText(requests[at], codes));
  }
  const what = planned.fileName === '' ? 'the device itself' : `the file "${planned.fileName}"`;
  const also = planned.ea ? ` with the extended attribute ${planned.ea.name}` : '';
  return () => ({
    path: profile.open?.file ? ['open', 'file'] : profile.open?.ea ? ['open', 'ea'] : ['open'],
    message:
      `opening ${planned.device}, the driver answers IRP_MJ_CREATE of ${what}${also} with ${told(state)}: it finds no adapter by that name; ` +
      `compare "file" with what it remembers in FilterAttach (here: ${nameOf(profile)}), or let \`lwf init\` try the usual ones`,
  });
}

function nameOf(profile: EmulatorProfile): string {
  const { guid, miniport, ifIndex } = adapterFacts(profile, ADAPTER, 0);
  return `${guid}, ${miniport}, interface ${ifIndex}`;
}

/** One ask alone, while the adapter below keeps what it gets. */
async function tryAsk(
  subject: Subject,
  profile: EmulatorProfile,
  ask: Ask,
  plan: AskPlan,
  path: readonly string[],
  codes: readonly number[],
): Promise<Remark | undefined> {
  let remark: Remark | undefined;
  await bootWith(subject, profile, async (session) => {
    const { rig } = session;
    if (!(await session.start()) || !isFine(await session.open())) return;
    const before = (await rig.trace()).length;
    const { operation, atOnce } = await whileHeld(rig, async () => {
      const asked = await rig.ask(APP, ask, 1);
      return { operation: asked, atOnce: await rig.operation(asked) };
    });
    const state = await rig.operation(operation);
    const since = (await rig.trace()).slice(before);
    const requests = planAsk(profile, ask, adapterFacts(profile, ADAPTER, 0), 1, 0) ?? [];
    const at = requestsIn(since) - 1;
    if (state.state === 'crashed') return;
    if (!isFine(state)) {
      remark = atStep(path, plan.steps, plan.times, at, requests, told(state), codesText(requests[at], codes));
      return;
    }
    const effect = adviceOnEffect(ask, plan, { happened: happened(ask, since), waited: atOnce.state === 'pending' });
    if (effect)
      remark = { path: effect.inStep ? [...path, plan.steps.length - 1] : ['asks', ask], message: effect.message };
  });
  return remark;
}

/** The effect of an ask about frames that pass, on a machine of its own. */
async function tryPassing(subject: Subject, profile: EmulatorProfile, ask: Ask): Promise<Remark | undefined> {
  if (!isAboutPassing(ask)) return undefined;
  let message: string | undefined;
  await bootWith(subject, profile, async (session) => {
    if ((await session.start()) && isFine(await session.open())) message = await adviceOnPassing(session, ask);
  });
  return message === undefined ? undefined : { path: ['asks', ask], message };
}

/** How many requests an application put. */
function requestsIn(crossings: Boot['crossings']): number {
  const majors = ['IRP_MJ_WRITE', 'IRP_MJ_READ', 'IRP_MJ_DEVICE_CONTROL'];
  return crossings.filter(({ dir, ddi }) => dir === '->' && majors.includes(ddi)).length;
}

function codesText(request: PlannedRequest | undefined, codes: readonly number[]): string {
  if (!request?.code || codes.length === 0 || codes.includes(request.code.value)) return '';
  const list = codes.map((code) => `0x${code.toString(16).toUpperCase().padStart(8, '0')}`).join(', ');
  return `: this code is not one of its own, it compares with ${list}`;
}

/**
 * @param at the request that failed, among all of a sequence
 * @param foreign what is said of a code that the driver does not know; empty for one that it may know
 */
function atStep(
  path: readonly string[],
  steps: readonly Step[],
  times: number | 'count',
  at: number,
  requests: readonly PlannedRequest[],
  answer: string,
  foreign: string,
): Remark {
  const order = Array.from({ length: times === 'count' ? 1 : times }, () =>
    steps.flatMap((step, index) => Array.from({ length: step.times === 'count' ? 1 : step.times }, () => index)),
  ).flat();
  const request = requests[at];
  const step = order[at];
  if (!request || step === undefined) {
    return { path, message: `the driver has no routine for ${requests[0]?.irp ?? 'requests'}: ${answer}` };
  }
  return {
    path: [...path, step],
    message: `${requestText(request)}: the driver answers ${answer}${foreign || adviceOnAnswer(request, answer)}`,
  };
}
