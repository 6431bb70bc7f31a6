/** One conversation with a machine over as many connections as it takes: the lease, the way back after a loss, what was seen. */
import type { Adapter } from '../../contract';
import { RigRefusal } from '../../contract';
import type { HelloResult } from '../../contract/protocol';
import { connectAdapter, type OpenChannel, type Peer, type StdioAdapter, type StdioOptions } from '../../stdio';
import {
  HARNESS,
  harnessFault,
  LEASE,
  type Clock,
  type CollectedFile,
  type Crash,
  type Cursor,
  type Greeting,
  type Measurement,
  type NumberedObservation,
  type Offer,
  type OfferedTarget,
  type Undoing,
  type Watched,
} from '../protocol';
import { Backoff } from './backoff';
import { collectFiles, offeredFiles, type Collected, type CollectOptions } from './collect';
import { EventLog } from './event-log';
import { hopeless } from './ssh';

export interface SessionOptions extends Pick<StdioOptions, 'controller' | 'log'> {
  readonly channel: OpenChannel;
  readonly clock: Clock;
  /** Names the run: letters, digits and -. An agent of the same run makes way for a new one. */
  readonly run: string;
  /** Milliseconds of silence after which the machine takes everything back by itself. */
  readonly lease: number;
  /** Milliseconds that an answer may take. */
  readonly answerWithin: number;
  /** Milliseconds after which a machine that was lost is given up. */
  readonly patience: number;
  /** Brings the machine back when it was given up (the lab's own commands), for one more time of patience. */
  readonly revive?: () => Promise<void>;
  readonly takeover?: boolean;
  /** The last observation that is known, of a run that is taken up again. */
  readonly known?: Cursor;
  /** What is tested on the machine. */
  readonly target?: OfferedTarget;
  readonly mostEvents?: number;
  /** Of observations at once, as JSON. */
  readonly mostEventBytes?: number;
}

const ONE_MACHINE = 'A lab machine plays one scenario at a time, on one rig';

/** @throws RigRefusal when the machine cannot be reached or does not speak as it must: the first time it is tried once */
export async function openSession(options: SessionOptions): Promise<Session> {
  const session = new Session(options);
  await session.connect();
  return session;
}

export class Session {
  /** What the agents of this session took back for those before them, in words. */
  readonly left: Undoing[] = [];
  private readonly log: EventLog;
  private remote: StdioAdapter | undefined;
  private peer: Peer | undefined;
  private greeting: Greeting | undefined;
  private stopLease: () => void = () => undefined;

  constructor(private readonly options: SessionOptions) {
    this.log = new EventLog(options.known, options.mostEvents, options.mostEventBytes);
  }

  /** What scenarios are played on. After a loss the next `open` looks for the machine again. */
  get adapter(): Adapter {
    if (!this.remote) throw new RigRefusal('environment', 'The machine is not connected');
    return this.remote;
  }

  /** What the machine said of itself last. */
  get machine(): Greeting {
    if (!this.greeting) throw new RigRefusal('environment', 'The machine is not connected');
    return this.greeting;
  }

  /** Whether the conversation is unbroken, as far as is known here. */
  get isConnected(): boolean {
    return this.peer !== undefined && !this.peer.isBroken;
  }

  /** Observations that are missing for good. */
  get lost(): number {
    return this.log.lost;
  }

  async connect(): Promise<void> {
    const { run, lease, takeover = false, known, target } = this.options;
    const offer: Offer = { run, lease, takeover, ...(known && { known }), ...(target && { target }) };
    this.remote = await connectAdapter({
      ...this.options,
      extensions: { [HARNESS]: offer },
      oneRig: ONE_MACHINE,
      greeted: (peer, facts) => this.greeted(peer, facts),
      starting: (attempt) => (this.greeting ? this.again(attempt) : attempt().catch(explained)),
    });
  }

  /** Looks for a machine that was lost, as the next `open` would. No rig may be open on it. @throws RigRefusal when it stays lost */
  async reconnect(): Promise<void> {
    await this.remote?.wake();
  }

  /** @returns observations since the last call, in order @throws RigRefusal when the machine is gone: ask again after the next `open` */
  async observations(): Promise<readonly NumberedObservation[]> {
    await this.log.pull(this.connected());
    return this.log.take();
  }

  /** Takes back all changes now. */
  async undo(): Promise<Undoing> {
    return (await this.connected().ask('undo', {}, (result) => harnessFault('undo', 'result', result))) as Undoing;
  }

  /** @param after number of an entry that is known @returns the times that the machine stopped, as its log has them, oldest first */
  async crashes(after?: number): Promise<readonly Crash[]> {
    const answer = await this.connected().ask('crashes', after === undefined ? {} : { after }, (result) =>
      harnessFault('crashes', 'result', result),
    );
    return (answer as { readonly crashes: readonly Crash[] }).crashes;
  }

  /** @param samples how often each thing is measured @returns what the machine measured of itself */
  async calibrate(samples: number): Promise<readonly Measurement[]> {
    const answer = await this.connected().ask('calibrate', { samples }, (result) =>
      harnessFault('calibrate', 'result', result),
    );
    return (answer as { readonly measurements: readonly Measurement[] }).measurements;
  }

  /** Has Driver Verifier watch the driver under test. @param again it was brought about before, in this run */
  async watch(again: boolean): Promise<Watched> {
    const answer = await this.connected().ask('verifier', { again }, (result) =>
      harnessFault('verifier', 'result', result),
    );
    return answer as Watched;
  }

  /** Has the machine start again. @returns when the conversation has ended over it @throws RigRefusal when it refuses, or stays */
  async restart(): Promise<void> {
    const { clock, patience } = this.options;
    const peer = this.connected();
    await peer
      .ask('reboot', {}, (result) => harnessFault('reboot', 'result', result))
      .catch((failure: unknown) => {
        // It may be gone before it has answered.
        if (!peer.isBroken) throw failure;
      });
    let stop: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (stop = clock.after(patience, resolve)));
    await Promise.race([peer.ended, late]);
    stop();
    if (!peer.isBroken)
      throw new RigRefusal('environment', 'The machine was told to start again, and has not gone down');
  }

  /** @returns dumps and logs that there are */
  files(): Promise<readonly CollectedFile[]> {
    return offeredFiles(this.connected());
  }

  /** Fetches dumps and logs. @param folder that they are written below; made new @param options which of them */
  async collect(folder: string, options?: CollectOptions): Promise<Collected> {
    return collectFiles(this.connected(), folder, options);
  }

  /** Says goodbye. Never throws. */
  async end(): Promise<void> {
    this.stopLease();
    await this.remote?.end();
  }

  private connected(): Peer {
    if (!this.peer) throw new RigRefusal('environment', 'The machine is not connected');
    return this.peer;
  }

  private async greeted(peer: Peer, { extensions }: HelloResult): Promise<void> {
    const told = extensions?.[HARNESS];
    const fault = told === undefined ? 'it lacks' : harnessFault('hello', 'result', told);
    if (fault !== undefined) {
      peer.breakOff(`what it says of ${HARNESS} is wrong: ${fault}`);
      throw new RigRefusal('environment', `The adapter is no agent of the harness (${HARNESS}): ${fault}.`);
    }
    const greeting = told as Greeting;
    if (greeting.left) this.left.push(greeting.left);
    this.greeting = greeting;
    this.peer = peer;
    this.stopLease();
    const { clock, lease } = this.options;
    this.stopLease = clock.every(lease / 3, () => {
      if (peer.isBroken) this.stopLease();
      else peer.notify(LEASE);
    });
    // What the machine saw before it was lost.
    await this.log.pull(peer);
  }

  /** The machine was lost: it may be starting, or the network may be gone for a while. */
  private async again<T>(attempt: () => Promise<T>): Promise<T> {
    const { clock, patience, revive } = this.options;
    try {
      return await new Backoff(clock, patience).run(attempt, mayPass);
    } catch (failure) {
      if (!revive || !mayPass(failure)) explained(failure);
    }
    await revive();
    return new Backoff(clock, patience).run(attempt, mayPass).catch(explained);
  }
}

/** Whether a failure may be over when it is tried again. */
function mayPass(failure: unknown): boolean {
  if (!(failure instanceof RigRefusal)) return false;
  return (failure.kind === 'lost' || failure.kind === 'timeout') && hopeless(failure.message) === undefined;
}

/** @throws the failure, with what to do about it where that is known */
function explained(failure: unknown): never {
  const advice = failure instanceof RigRefusal ? hopeless(failure.message) : undefined;
  if (!(failure instanceof RigRefusal) || advice === undefined) throw failure;
  throw new RigRefusal('environment', `The machine cannot be reached: ${advice}. ${failure.message}`, {
    cause: failure,
  });
}
