/** A Windows test machine as what scenarios are played on: one conversation, whatever becomes of connections and of the machine. */
import { RigRefusal, type Adapter } from '../../../adapters/contract';
import { openSession, sshChannel, type Session } from '../../../adapters/harness/controller';
import {
  realClock,
  type Clock,
  type Greeting,
  type Measurement,
  type NumberedObservation,
} from '../../../adapters/harness/protocol';
import type { OpenChannel } from '../../../adapters/stdio';
import type { Crossing } from '../../trace';
import { CannotJudge } from '../cannot-judge';
import type { LabIdentity } from '../identity';
import { kitVersion, packageName } from '../kit-root';
import { agentCommand } from './agent-command';
import { unfit } from './fitness';
import { guarded, type Guard, type Inquest, type Watch } from './guarded-rig';
import { interruptibleChannel, interruptibleClock } from './interruptible';
import type { MachineFolder } from './machine-folder';
import type { MachineNotes } from './notes';
import type { LabFiles } from './read-lab';
import { ScenarioNotes } from './scenario-notes';
import { SearchParty, type Found } from './search-party';
import { Verified } from './verified';
import { identityOf, portraitOf } from './which-machine';

export interface LabOptions {
  /** Names the run to the agent. */
  readonly run: string;
  /** For what comes from the machine; undefined: it is not kept. */
  readonly folder?: MachineFolder | undefined;
  /** Ends the agent of another run. */
  readonly takeover?: boolean | undefined;
  /** Aborted: nobody waits for a machine that is not there. */
  readonly signal?: AbortSignal | undefined;
  /** Words for people, while it goes on. */
  readonly tell: (text: string) => void;
  /** What the machine saw, as it comes in. */
  readonly onObservations?: ((seen: readonly NumberedObservation[]) => void) | undefined;
  /** Driver Verifier watches the driver, where the target file wants that: the machine may be started again for it. */
  readonly verifies?: boolean | undefined;
  /** Where to look, for whoever cannot reach it. */
  readonly advice?: string | undefined;
  /** What the machine's shell and its agent write for people. */
  readonly log: (text: string) => void;
  /** The way to the machine; default: the system's ssh. */
  readonly channel?: OpenChannel | undefined;
  readonly clock?: Clock | undefined;
}

/** Bytes of all traces of a run, as JSON: beyond it a machine is not believed any more. */
const MOST_TRACE_BYTES = 2 ** 30;
const NEVER = new AbortController().signal;

/**
 * Reaches the machine and greets its agent.
 * @throws CannotJudge when it cannot be reached, is in use, or nothing can be judged on it
 */
export async function openLab(files: LabFiles, options: LabOptions): Promise<Lab> {
  const lab = new Lab(files, options);
  await lab.open();
  return lab;
}

export class Lab {
  readonly adapter: Adapter;
  private session: Session | undefined;
  private givenUp: string | undefined;
  /** Hash of the image under test. */
  private driver: string | undefined;
  private isResting = false;
  private traceBytes = 0;
  private readonly party: SearchParty;
  private readonly verified: Verified;
  private readonly notes = new ScenarioNotes();

  constructor(
    private readonly files: LabFiles,
    private readonly options: LabOptions,
  ) {
    const { folder, signal = NEVER, tell, log, clock = realClock } = options;
    this.party = new SearchParty({ target: files.target, folder, clock, signal, tell, log });
    this.verified = new Verified(files.target.name, files.target.verifier && options.verifies === true, tell);
    this.adapter = guarded(() => this.connected.adapter, this.guard());
  }

  /** @throws CannotJudge */
  async open(): Promise<void> {
    const { target, offered } = this.files;
    const { run, folder, takeover = false, signal = NEVER, tell, log, clock = realClock } = this.options;
    const known = folder?.known;
    const channel = this.options.channel ?? sshChannel(target.ssh, agentCommand(target), target.limits.sleep);
    const { revive } = this.party;
    try {
      this.session = await openSession({
        channel: interruptibleChannel(channel, signal, () => this.session?.isConnected === true),
        clock: interruptibleClock(clock, signal),
        controller: { name: packageName, version: kitVersion },
        run,
        lease: target.limits.lease,
        answerWithin: target.limits.answer,
        patience: target.limits.boot,
        takeover,
        target: offered,
        ...(known && { known }),
        log,
        ...(revive && { revive }),
      });
    } catch (failure) {
      throw this.cannotJudge(failure);
    }
    const unfit = this.unfit();
    if (unfit !== undefined) {
      await this.session.end();
      throw new CannotJudge(`${target.name} (${target.file}): ${unfit}`);
    }
    this.tellLeft();
    const { observation } = await this.session.adapter.capabilities();
    tell(`${target.name}: ${portraitOf(this.files, this.session.machine, observation)}`);
    try {
      await this.verified.watch(this.session);
      this.tellLeft();
      await this.party.lookAround(this.session);
    } catch (failure) {
      await this.session.end();
      throw this.cannotJudge(failure);
    }
  }

  get identity(): LabIdentity {
    return identityOf(this.files, this.connected.machine);
  }

  /** What the machine says of itself. */
  get facts(): Greeting {
    return this.connected.machine;
  }

  /** How many observations are missing for good. */
  get lostObservations(): number {
    return this.connected.lost;
  }

  /** @param samples how often each thing is measured @throws RigRefusal */
  calibrate(samples: number): Promise<readonly Measurement[]> {
    return this.connected.calibrate(samples);
  }

  /** Why no scenario can be played on the machine any more; undefined while one can. */
  get isOver(): string | undefined {
    return this.givenUp;
  }

  /** @returns what became of the machine since the last call: in one scenario */
  takeNotes(): MachineNotes | undefined {
    return this.notes.take();
  }

  /**
   * Has the machine take back everything, when nothing more is played. One that stops over that is looked for once more. Never throws.
   * @returns what became of it, where it was lost
   */
  async rest(): Promise<Found | undefined> {
    const { session } = this;
    const { signal = NEVER, tell } = this.options;
    const { name, limits } = this.files.target;
    if (!session || this.isResting) return undefined;
    this.isResting = true;
    let lost: Found | undefined;
    for (let tries = 0; tries < 2; tries += 1) {
      if (!session.isConnected) {
        if (this.givenUp !== undefined || signal.aborted) break;
        lost = await this.look(session.machine.boot);
      }
      const undoing = session.isConnected && (await session.undo().catch(() => undefined));
      if (!undoing) continue;
      for (const failure of undoing.failed) tell(`${name}: this could not be taken back: ${failure}`);
      // What was seen meanwhile is told to nobody after goodbye.
      await this.keepObservations().catch(() => undefined);
      await this.verified.release(session);
      return lost;
    }
    tell(
      `${name} does not answer: what was changed on it is taken back by its agent, at the latest ${limits.lease / 1000} s after the connection was lost, or by the next agent there.`,
    );
    return lost;
  }

  /** Has the machine take back everything, if that has not happened yet, and says goodbye. Never throws. */
  async end(): Promise<void> {
    await this.rest();
    await this.session?.end();
  }

  private get connected(): Session {
    if (!this.session) throw new RigRefusal('environment', 'The machine is not connected');
    return this.session;
  }

  private guard(): Guard {
    return {
      ready: async () => {
        if (this.givenUp !== undefined) throw new RigRefusal('environment', this.givenUp);
        const { session } = this;
        if (session && !session.isConnected) {
          const { words } = await this.inquest(session.machine.boot);
          throw new RigRefusal('environment', `Between two scenarios: ${words}`);
        }
      },
      watch: () => this.watch(),
      closed: () => this.keepObservations(),
      received: (crossings) => this.received(crossings),
    };
  }

  private watch(): Watch {
    const greeting = this.connected.machine;
    this.notes.begin(greeting.boot);
    return {
      isIntact: () => this.connected.isConnected && this.connected.machine === greeting,
      inquest: () => this.inquest(greeting.boot),
    };
  }

  /** Takes over what the machine saw since the last call. @throws RigRefusal, CannotJudge */
  async keepObservations(): Promise<void> {
    const session = this.connected;
    const lost = session.lost;
    const seen = await session.observations();
    this.options.folder?.add(seen);
    this.options.onObservations?.(seen);
    this.notes.miss(session.lost - lost);
  }

  private received(crossings: readonly Crossing[]): void {
    for (const crossing of crossings) this.traceBytes += JSON.stringify(crossing).length;
    if (this.traceBytes > MOST_TRACE_BYTES)
      throw new RigRefusal('environment', `The machine tells of more crossings than ${MOST_TRACE_BYTES} bytes hold`);
  }

  /** @param before the start of the machine that was lost */
  private async inquest(before: string): Promise<Inquest> {
    const { told, bugcheck } = await this.look(before);
    this.notes.begin(before);
    this.notes.stopped(told);
    return { words: told.words, ...(bugcheck !== undefined && { bugcheck }) };
  }

  private async look(before: string): Promise<Found> {
    const found = await this.party.search(this.connected, before);
    const { how, words } = found.told;
    this.tellLeft();
    if (how === 'gone') this.givenUp = words;
    const unfit = how === 'gone' ? undefined : this.unfit();
    if (unfit !== undefined) this.givenUp = `${this.files.target.name} came back as another one: ${unfit}`;
    this.options.tell(words);
    if (this.givenUp === undefined && !this.isResting) await this.watchAgain();
    return found;
  }

  /** The agent that is there now knows nothing of Driver Verifier, and the lab may have reverted the machine. */
  private async watchAgain(): Promise<void> {
    try {
      await this.verified.watch(this.connected);
      this.tellLeft();
    } catch (failure) {
      this.givenUp = failure instanceof Error ? failure.message : String(failure);
    }
  }

  /** @returns why nothing can be judged on the machine as it is, and what to do */
  private unfit(): string | undefined {
    const { machine } = this.connected;
    this.driver ??= machine.driver?.sha256;
    return unfit(machine, this.files.target, this.driver);
  }

  private tellLeft(): void {
    const { name } = this.files.target;
    for (const { undone, failed } of this.connected.left.splice(0)) {
      for (const what of undone) this.options.tell(`${name}: an agent that was killed had left something; ${what}`);
      for (const what of failed) this.options.tell(`${name}: what an agent had left could not be taken back: ${what}`);
    }
  }

  private cannotJudge(failure: unknown): unknown {
    const { name, file } = this.files.target;
    if (this.options.signal?.aborted)
      return new CannotJudge(`interrupted before ${name} answered: nothing was played.`);
    if (!(failure instanceof RigRefusal)) return failure;
    const busy = /in use by run/.test(failure.message) ? ' (--takeover)' : '';
    const { advice } = this.options;
    const words = `${failure.message.replace(/\.+$/, '')}${busy}.${advice === undefined ? '' : ` ${advice}`}`;
    return new CannotJudge(`${name} (${file}): ${words}`, { cause: failure });
  }
}
