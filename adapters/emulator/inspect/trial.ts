/** One dry run: a driver, installed by a draft of its profile, is booted on a fresh machine and made to do a little. */
import { KitError } from '../../../src/kernel';
import type { Crossing } from '../../../src/trace';
import type { Ask, Operation, OperationState, Rig } from '../../contract';
import type { Engine } from '../cpu/contract';
import { createEmulator } from '../index';
import { readProfile, type EmulatorProfile } from '../profile';
import { profileText, type Draft } from './draft';
import { Observer } from './observer';

/** The adapter that a dry run is made on, and the application in it. */
export const ADAPTER = 'A';
export const APP = 'application';
/** Longer than timers of drivers run. */
export const A_MINUTE = 60_000;

/** As long as a timer between a request and its frame may run. */
const A_SECOND = 1000;
/** By which a driver hands on frames. */
const DATA_CALLS = ['NdisFSendNetBufferLists', 'NdisFIndicateReceiveNetBufferLists'];

/** What a driver is run with. */
export interface Subject {
  readonly image: Uint8Array;
  readonly pdb?: Uint8Array;
  readonly engine: () => Engine;
}

/** @returns the subject with one processor for all boots, each over fresh memory: what it has translated serves the next one */
export function onOneProcessor(subject: Subject): Subject {
  const one = subject.engine();
  const fresh = one.memory.snapshot();
  return {
    ...subject,
    engine() {
      one.memory.restore(fresh);
      return one;
    },
  };
}

export type StageName = 'load' | 'attach' | 'restart' | 'pause' | 'restart again' | 'detach' | 'unload';

/** How one thing that NDIS did with the driver ended. */
export interface Stage {
  readonly name: StageName;
  readonly state: OperationState;
}

/** Told of one boot. */
export interface Boot {
  readonly stages: readonly Stage[];
  readonly crossings: readonly Crossing[];
  readonly observer: Observer;
  /** RVA of the driver's routine for each kind of request that it has one for. */
  readonly routines: ReadonlyMap<string, number>;
  /** What the emulator lacks to go on; undefined when it lacked nothing. */
  readonly lacks: string | undefined;
}

/** @returns whether something ended well */
export function isFine(state: OperationState | undefined): boolean {
  return state?.state === 'done' && state.status.endsWith('STATUS_SUCCESS');
}

/** @returns `STATUS_SUCCESS`, `it never ends`, or the bugcheck */
export function told(state: OperationState): string {
  if (state.state === 'pending') return 'it never ends';
  return state.state === 'done' ? state.status : `the system stops: ${state.bugcheck}`;
}

/** A whole life: loaded, attached, run, traffic both ways, paused, run again, detached, unloaded. It ends where something fails. */
export async function wholeLife(subject: Subject, draft: Draft): Promise<Boot> {
  return boot(subject, draft, async (session) => {
    if (!(await session.start())) return;
    const { rig } = session;
    await rig.sendFromAbove(ADAPTER, { count: 1 });
    await rig.receiveFromBelow(ADAPTER, { count: 1 });
    await rig.letTimePass(A_MINUTE);
    for (const [name, act] of [
      ['pause', () => rig.pause(ADAPTER)],
      ['restart again', () => rig.restart(ADAPTER)],
      ['detach', () => rig.detach(ADAPTER)],
      ['unload', () => rig.unload()],
    ] as const) {
      if (!(await session.stage(name, act))) return;
    }
  });
}

/** DriverEntry alone. */
export async function loaded(subject: Subject, draft: Draft): Promise<Boot> {
  return boot(subject, draft, async (session) => void (await session.stage('load', () => session.rig.load())));
}

/** What an application got. */
export interface Opened {
  readonly state: OperationState;
  /** The request reached the driver. */
  readonly reached: boolean;
}

/** An application opens the device, on a module that runs. @returns undefined when it does not come so far */
export async function opened(subject: Subject, draft: Draft): Promise<Opened | undefined> {
  let result: Opened | undefined;
  await boot(subject, draft, async (session) => {
    if (!(await session.start())) return;
    const state = await session.open();
    const reached = (await session.rig.trace()).some(({ dir, ddi }) => dir === '->' && ddi === 'IRP_MJ_CREATE');
    result = { state, reached };
    await session.rig.closeHandle(APP);
  });
  return result;
}

/** What a request with a frame brought about. */
export interface Tried {
  /** How it stood while the adapter kept the frame, or would have, and once the adapter had sent it. */
  readonly atOnce: OperationState;
  readonly inTheEnd: OperationState;
  /** How another one of the same handle stood meanwhile. */
  readonly beside: OperationState;
  /** NdisFSendNetBufferLists, NdisFIndicateReceiveNetBufferLists: calls that nobody but the request can have caused. */
  readonly sends: number;
  readonly receives: number;
  readonly bugcheck: string | undefined;
}

/** An application puts a request with a frame, twice, while the adapter below keeps what it gets. */
export async function tried(subject: Subject, draft: Draft, ask: Ask): Promise<Tried | undefined> {
  let result: Tried | undefined;
  await boot(subject, draft, async (session) => {
    const { rig } = session;
    if (!(await session.start()) || !isFine(await session.open())) return;
    const before = (await rig.trace()).length;
    const { first, atOnce, seen, beside } = await whileHeld(rig, async () => {
      const one = await rig.ask(APP, ask, 1);
      const atOnceSeen = (await rig.trace()).slice(before);
      // Some leave it to a timer.
      if (!DATA_CALLS.some((name) => atOnceSeen.some((crossing) => isCall(crossing, name))))
        await rig.letTimePass(A_SECOND);
      const state = await rig.operation(one);
      const crossings = (await rig.trace()).slice(before);
      const other = await rig.ask(APP, ask, 1);
      return { first: one, atOnce: state, seen: crossings, beside: await rig.operation(other) };
    });
    const calls = (ddi: string) => seen.filter((one) => isCall(one, ddi)).length;
    result = {
      atOnce,
      beside,
      inTheEnd: await rig.operation(first),
      sends: calls('NdisFSendNetBufferLists'),
      receives: calls('NdisFIndicateReceiveNetBufferLists'),
      bugcheck: await rig.bugcheck(),
    };
  });
  return result;
}

/** Does something while the adapter and the protocol keep what they get; afterwards they give all of it back. */
export async function whileHeld<T>(rig: Rig, act: () => Promise<T>): Promise<T> {
  await rig.setNeighbours(ADAPTER, { miniportSends: 'hold', protocolReceives: 'hold' });
  const result = await act();
  await rig.setNeighbours(ADAPTER, { miniportSends: 'later', protocolReceives: 'later' });
  await rig.completeSends(ADAPTER);
  await rig.returnReceives(ADAPTER);
  await rig.letTimePass(A_MINUTE);
  return result;
}

/** @returns whether it is a call of the driver's, of that name */
export function isCall({ dir, ddi, neighbour }: Crossing, name: string): boolean {
  return dir === '=>' && ddi === name && neighbour === undefined;
}

/** One machine that is under way. */
export class Session {
  readonly stages: Stage[] = [];

  constructor(readonly rig: Rig) {}

  /** Loads the driver and brings a module to Running. @returns false when that fails */
  async start(): Promise<boolean> {
    const { rig } = this;
    if (!(await this.stage('load', () => rig.load()))) return false;
    await rig.addAdapter(ADAPTER);
    if (!(await this.stage('attach', () => rig.attach(ADAPTER)))) return false;
    return (await this.stage('restart', () => rig.restart(ADAPTER))) && (await rig.modules()).length > 0;
  }

  async stage(name: StageName, act: () => Promise<Operation>): Promise<boolean> {
    const operation = await act();
    if ((await this.rig.operation(operation)).state === 'pending') await this.rig.letTimePass(A_MINUTE);
    const state = await this.rig.operation(operation);
    this.stages.push({ name, state });
    return isFine(state);
  }

  async open(): Promise<OperationState> {
    return this.rig.operation(await this.rig.openHandle(APP, ADAPTER));
  }
}

function boot(subject: Subject, draft: Draft, body: (session: Session) => Promise<void>): Promise<Boot> {
  return bootWith(subject, readProfile(profileText(draft), 'the draft of a profile'), body);
}

/** Boots a driver with a profile, and closes the machine whatever happens. */
export async function bootWith(
  subject: Subject,
  profile: EmulatorProfile,
  body: (session: Session) => Promise<void>,
): Promise<Boot> {
  const observer = new Observer();
  const emulator = createEmulator({
    ...subject,
    profile,
    modules: observer.modules,
  });
  const rig = await emulator.open({ seed: 1 });
  const session = new Session(rig);
  let lacks: string | undefined;
  try {
    await body(session);
  } catch (failure) {
    if (!(failure instanceof KitError)) throw failure;
    lacks = failure.message;
  }
  const crossings = await rig.trace();
  const routines = observer.dispatchRoutines();
  await rig.close();
  return { stages: session.stages, crossings, observer, routines, lacks };
}
