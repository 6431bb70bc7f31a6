/** The agent: an adapter on a machine that must be left as it was found, whatever happens to whoever drives it. */
import type { Adapter } from '../../contract';
import { RigRefusal } from '../../contract';
import { Server, type ServedExtension } from '../../stdio';
import {
  HARNESS,
  harnessFault,
  isHarnessMethod,
  type Clock,
  type Crash,
  type Cursor,
  type Greeting,
  type MachineFacts,
  type MachineFile,
  type Measurement,
  type Observation,
  type Offer,
  type Undoing,
  type Watched,
} from '../protocol';
import { Changes, type UndoRunner } from './changes';
import { CollectedFiles, type FindFiles } from './files';
import { Journal } from './journal';
import type { JournalFolder } from './journal-folder';
import { Lease } from './lease';
import type { HeldLock, Lock } from './lock';
import { Observations } from './observations';
import { lateAdapter } from './late-adapter';
import { UNDO_VERIFIER } from './verifier';

/** What the adapter on the machine is given. */
export interface Ground {
  /** Every change of the machine goes through it, before it is made. */
  readonly changes: Pick<Changes, 'make'>;
  readonly observe: (observation: Observation) => void;
}

/** `Ended`: at the end of input or after `bye`; `Expired`: of the lease; `LeftChanges`: not all could be taken back; `Displaced`: by another agent. */
export const EXIT = { Ended: 0, Expired: 7, LeftChanges: 8, Displaced: 9 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What the agent is asked about its machine. */
export interface Inquiry {
  readonly findFiles: FindFiles;
  /** Finds the image under test. @returns undefined where it is not */
  readonly findDriver: (offer: Offer) => Promise<MachineFile | undefined>;
  /** @param after number of an entry that is known @returns the times that the machine stopped, oldest first */
  readonly findCrashes: (after: number) => Promise<readonly Crash[]>;
  /** @param samples how often each thing is measured */
  readonly measure: (samples: number) => Promise<readonly Measurement[]>;
}

/** What the agent does to its machine besides playing scenarios. */
export interface Control {
  /** Has Driver Verifier watch the driver. @throws RigRefusal */
  readonly watch: (changes: Pick<Changes, 'make'>, offer: Offer, again: boolean) => Promise<Watched>;
  /** Starts the machine again, with everything on it. @throws RigRefusal */
  readonly restart: () => Promise<void>;
  /** Ends what other agents have left running. This one has the machine. @throws RigRefusal */
  readonly endOthers: () => Promise<void>;
}

export interface AgentParts extends Inquiry, Control {
  /** Called once, when the controller has said hello, and what is to be tested. @throws RigRefusal when that cannot be */
  readonly adapter: (ground: Ground, offer: Offer) => Adapter | Promise<Adapter>;
  readonly undo: UndoRunner;
  readonly facts: MachineFacts;
  readonly version: string;
  readonly journals: JournalFolder;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly write: (line: string) => void;
}

/** Milliseconds that a call under way may take to end, when everything is to end. */
const PATIENCE = 5000;
/** As many as an answer holds. */
const MOST_CRASHES = 100;
/** Where nobody says how often something is to be measured. */
const SAMPLES = 5;
/** Journals of other runs that are kept, when nothing in them is left to take back. */
const KEPT_JOURNALS = 16;

interface Session {
  readonly offer: Offer;
  readonly changes: Changes;
  readonly observations: Observations;
  readonly held: HeldLock;
  readonly lease: Lease;
}

export class Agent {
  /** Resolves when the machine is as it was found, as far as that is possible. */
  readonly ended: Promise<ExitCode>;
  private readonly server: Server;
  private readonly files: CollectedFiles;
  private session: Session | undefined;
  private adapter: Adapter | undefined;
  private greeted = false;
  private leaving = false;
  private ending = false;
  private lockIsKnown = false;
  private resolve: (code: ExitCode) => void = () => undefined;

  constructor(private readonly parts: AgentParts) {
    this.ended = new Promise((resolve) => (this.resolve = resolve));
    this.files = new CollectedFiles(parts.findFiles);
    this.server = new Server({
      adapter: lateAdapter(() => this.adapter),
      version: parts.version,
      write: parts.write,
      extension: this.extension(),
      heard: () => this.session?.lease.renew(),
    });
  }

  /** @param chunk bytes of requests, cut anywhere */
  push(chunk: Uint8Array): void {
    if (this.ending || !this.isOurs()) return;
    this.server.push(chunk);
    void this.server.idle().then(() => {
      if (this.server.isOver) void this.finish(EXIT.Ended, true);
    });
  }

  /** The input has ended. */
  end(): void {
    void this.finish(EXIT.Ended);
  }

  private extension(): ServedExtension {
    return {
      name: HARNESS,
      hello: (offered) => this.hello(offered),
      has: isHarnessMethod,
      fault: (method, params) =>
        isHarnessMethod(method) ? harnessFault(method, 'params', params) : 'it is no method of the extension',
      call: (method, params) => this.call(method, params as Readonly<Record<string, unknown>>),
    };
  }

  private async hello(offered: unknown): Promise<Greeting> {
    if (this.greeted) throw new RigRefusal('environment', 'The controller has said hello already');
    const fault = offered === undefined ? 'it is not offered' : harnessFault('hello', 'params', offered);
    if (fault !== undefined) {
      throw new RigRefusal('environment', `This adapter is driven by controllers that know ${HARNESS}: ${fault}`);
    }
    this.greeted = true;
    const { run, lease, takeover = false, known } = offered as Offer;
    const { facts, clock, lock, version } = this.parts;
    const held = await lock.take({ run, lease, takeover, boot: facts.boot });
    if (this.ending) {
      held.release();
      throw new RigRefusal('environment', 'The agent is ending');
    }
    await this.parts.endOthers();
    const left = await this.takeBackWhatIsLeft(run, held);
    const journal = new Journal(this.parts.journals.open(run), facts.boot);
    const changes = new Changes(journal, this.parts.undo, () => this.isOurs());
    const observations = new Observations(journal, facts.boot, known);
    this.session = {
      offer: offered as Offer,
      held,
      changes,
      observations,
      lease: new Lease(
        clock,
        lease,
        () => this.beat(held),
        () => void this.finish(EXIT.Expired),
      ),
    };
    const observe = (observation: Observation): void => {
      if (this.isOurs()) observations.add(observation);
    };
    this.adapter = await this.parts.adapter({ changes, observe }, offered as Offer);
    const driver = await this.parts.findDriver(offered as Offer);
    return {
      ...facts,
      agent: version,
      ...(driver && { driver }),
      ...(left.undone.length + left.failed.length > 0 && { left }),
    };
  }

  /** Of agents that were killed, in this run and in others; the journals of others that are done with go, the oldest first. */
  private async takeBackWhatIsLeft(run: string, held: HeldLock): Promise<Undoing> {
    const { journals, undo, facts } = this.parts;
    const undone: string[] = [];
    const failed: string[] = [];
    for (const [age, other] of journals.runs().entries()) {
      const changes = new Changes(new Journal(journals.open(other), facts.boot), undo, () => held.isOurs());
      const result = await changes.undoAll();
      undone.push(...result.undone);
      failed.push(...result.failed);
      if (age >= KEPT_JOURNALS && other !== run && result.failed.length === 0) journals.remove(other);
    }
    return { undone, failed };
  }

  /**
   * Whether this agent may touch anything. One that was frozen wakes up in the middle of whatever came in meanwhile, so this is looked
   * at before all that it does, once for what happens together.
   */
  private isOurs(): boolean {
    if (this.lockIsKnown || !this.session) return true;
    if (!this.session.held.isOurs()) {
      this.vanish();
      return false;
    }
    this.lockIsKnown = true;
    queueMicrotask(() => (this.lockIsKnown = false));
    return true;
  }

  private beat(held: HeldLock): void {
    const state = held.beat();
    if (state === 'wanted') void this.finish(EXIT.Displaced);
    if (state === 'taken') this.vanish();
  }

  private async call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (!this.session) throw new RigRefusal('environment', 'The controller has not said hello');
    const { changes, observations } = this.session;
    switch (method) {
      case 'events':
        return observations.page(params['after'] as Cursor | undefined, params['limit'] as number | undefined);
      case 'collect':
        return { files: await this.files.collect() };
      case 'file':
        return this.files.piece(params['name'] as string, params['offset'] as number);
      case 'crashes':
        return {
          crashes: (await this.parts.findCrashes((params['after'] as number | undefined) ?? 0)).slice(-MOST_CRASHES),
        };
      case 'calibrate':
        return { measurements: await this.parts.measure((params['samples'] as number | undefined) ?? SAMPLES) };
      case 'verifier':
        return this.parts.watch(changes, this.session.offer, params['again'] === true);
      case 'reboot':
        return this.restart(changes);
      default:
        return changes.undoAll();
    }
  }

  /** What Driver Verifier is to watch is for the time after it. */
  private async restart(changes: Changes): Promise<object> {
    await changes.undoAll(UNDO_VERIFIER);
    await this.parts.restart();
    this.leaving = true;
    return {};
  }

  /** @param parted the controller has said goodbye: it knows all that it wants to */
  private async finish(code: ExitCode, parted = false): Promise<void> {
    if (this.ending) return;
    if (this.session?.held.beat() === 'taken') {
      this.vanish();
      return;
    }
    this.ending = true;
    this.session?.changes.close();
    await this.closed();
    // The machine is going down: whoever comes after its start goes on from there.
    const result = this.leaving ? undefined : await this.session?.changes.undoAll();
    this.session?.lease.end();
    if (parted && result?.failed.length === 0) this.forget();
    this.session?.held.release();
    this.resolve(result && result.failed.length > 0 ? EXIT.LeftChanges : code);
  }

  /** Nobody will ask for what was seen, and nothing is left to take back. */
  private forget(): void {
    try {
      if (this.session) this.parts.journals.remove(this.session.offer.run);
    } catch {
      // It is one more that the next agents read.
    }
  }

  /** A call that does not end must not keep the machine as it is. */
  private async closed(): Promise<void> {
    let stop: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => (stop = this.parts.clock.after(PATIENCE, resolve)));
    await Promise.race([this.server.end().catch(() => undefined), patience]);
    stop();
  }

  /** Another agent has the machine, and knows from the journal what this one did: to touch anything now would be its harm. */
  private vanish(): void {
    this.ending = true;
    this.session?.lease.end();
    this.session?.changes.close();
    this.resolve(EXIT.Displaced);
  }
}
