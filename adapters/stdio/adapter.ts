import { isDeepStrictEqual } from 'node:util';
import type { Adapter, Capabilities, DriverProfile, Rig, RigOptions } from '../contract';
import { RigRefusal } from '../contract';
import { PROTOCOL, type HelloParams, type HelloResult, type OpenParams } from '../contract/protocol';
import type { OpenChannel } from './channel';
import { Peer, type PeerOptions } from './peer';
import { remoteRig } from './rig';

export interface StdioOptions extends PeerOptions {
  readonly channel: OpenChannel;
  readonly controller: HelloParams['controller'];
  /** Optional parts of the protocol that are offered: name, and what is said under it. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** A program has been greeted, the first or a later one. @throws RigRefusal when nothing can be played on it */
  readonly greeted?: (peer: Peer, facts: HelloResult) => Promise<void>;
  /** How a program is started and greeted: once, where nothing is said. */
  readonly starting?: <T>(attempt: () => Promise<T>) => Promise<T>;
  /** There is one machine: why a second rig beside an open one is refused. */
  readonly oneRig?: string;
}

/** An adapter that another program is, with what it holds: let go of it by `end`. */
export interface StdioAdapter extends Adapter {
  /** Sees to it that a program is there: one that was lost is replaced. @throws RigRefusal as connecting does */
  wake(): Promise<void>;
  /** Ends the programs. Never throws. */
  end(): Promise<void>;
}

/**
 * Starts the adapter and greets it.
 * @throws RigRefusal when it does not start, does not answer, or speaks another version
 */
export async function connectAdapter(options: StdioOptions): Promise<StdioAdapter> {
  const peers = new Peers(options);
  const { peer, facts } = await peers.take();
  peers.giveBack(peer);
  return new RemoteAdapter(peers, facts);
}

class RemoteAdapter implements StdioAdapter {
  private readonly exhibits = new Map<string, RemoteAdapter>();
  private answered: Promise<DriverProfile> | undefined;

  /** @param exhibited name of another driver than the one under test */
  constructor(
    private readonly peers: Peers,
    private readonly facts: HelloResult,
    private readonly exhibited?: string,
  ) {}

  get name(): string {
    return this.facts.adapter.name;
  }

  get driver(): string {
    return this.exhibited ?? this.facts.driver;
  }

  async capabilities(): Promise<Capabilities> {
    return { adapter: this.facts.capabilities, observation: this.facts.observation };
  }

  profile(): Promise<DriverProfile> {
    return (this.answered ??= this.askForProfile().catch((failure: unknown) => {
      // The next program may answer.
      this.answered = undefined;
      throw failure;
    }));
  }

  async open(options: RigOptions): Promise<Rig> {
    const profile = await this.profile();
    const { peer } = await this.peers.take();
    const { capabilities } = this.facts;
    const closed = (): void => this.peers.giveBack(peer);
    try {
      await peer.request('open', { ...options, ...this.named } satisfies OpenParams);
    } catch (failure) {
      closed();
      throw failure;
    }
    return remoteRig({ peer, profile, capabilities, closed });
  }

  async wake(): Promise<void> {
    const { peer } = await this.peers.take();
    this.peers.giveBack(peer);
  }

  exhibit(driver: string): Adapter | undefined {
    if (!this.facts.exhibits?.includes(driver)) return undefined;
    const known = this.exhibits.get(driver) ?? new RemoteAdapter(this.peers, this.facts, driver);
    this.exhibits.set(driver, known);
    return known;
  }

  end(): Promise<void> {
    return this.peers.end();
  }

  private get named(): { readonly driver?: string } {
    return this.exhibited === undefined ? {} : { driver: this.exhibited };
  }

  private async askForProfile(): Promise<DriverProfile> {
    const { peer } = await this.peers.take();
    try {
      return (await peer.request('profile', this.named)) as DriverProfile;
    } finally {
      this.peers.giveBack(peer);
    }
  }
}

/** The programs that are running. One that is lost is replaced by the next `take`; a second rig at the same time is a second program. */
class Peers {
  private readonly idle: Peer[] = [];
  private readonly all = new Set<Peer>();
  private facts: HelloResult | undefined;

  constructor(private readonly options: StdioOptions) {}

  async take(): Promise<{ readonly peer: Peer; readonly facts: HelloResult }> {
    for (let peer = this.idle.pop(); peer; peer = this.idle.pop()) {
      if (!peer.isBroken && this.facts) return { peer, facts: this.facts };
      this.all.delete(peer);
    }
    const { oneRig, starting = (attempt) => attempt() } = this.options;
    if (oneRig !== undefined && [...this.all].some(({ isBroken }) => !isBroken)) {
      throw new RigRefusal('notSupported', oneRig);
    }
    return starting(() => this.start());
  }

  private async start(): Promise<{ readonly peer: Peer; readonly facts: HelloResult }> {
    const peer = new Peer(this.options.channel, this.options);
    this.all.add(peer);
    try {
      const facts = await this.greet(peer);
      await this.options.greeted?.(peer, facts);
      return { peer, facts };
    } catch (failure) {
      await this.discard(peer);
      throw failure;
    }
  }

  giveBack(peer: Peer): void {
    this.idle.push(peer);
  }

  async end(): Promise<void> {
    await Promise.all([...this.all].map((peer) => this.discard(peer)));
  }

  private async discard(peer: Peer): Promise<void> {
    this.all.delete(peer);
    await peer.end();
  }

  /** The verdicts of a run are on one driver and one adapter: each program must be the same. */
  private async greet(peer: Peer): Promise<HelloResult> {
    const { controller, extensions } = this.options;
    const hello: HelloParams = { protocols: [PROTOCOL], controller, ...(extensions && { extensions }) };
    const facts = (await peer.request('hello', hello)) as HelloResult;
    if (this.facts && !isDeepStrictEqual(ofDriver(this.facts), ofDriver(facts))) {
      throw new RigRefusal('environment', 'The adapter, started again, says of itself something else than before.');
    }
    return (this.facts = facts);
  }
}

/** Extensions tell of the machine as it is now. */
function ofDriver({ extensions: _, ...facts }: HelloResult): Omit<HelloResult, 'extensions'> {
  return facts;
}
