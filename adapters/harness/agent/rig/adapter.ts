/** The adapter that a lab machine is: scenarios are played on the real NDIS. */
import type { Adapter, AdapterCapability, Capabilities, DriverProfile, Rig } from '../../../contract';
import type { Ground } from '../agent';
import type { AdapterInfo, AgentConfig, Ports } from '../ports';
import { Actions } from './actions';
import { Applications, type Ways } from './applications';
import { BlackBox } from './black-box';
import { Device } from './device';
import { Ends } from './ends';
import { Events } from './events';
import { Handles } from './handles';
import { Losses } from './losses';
import { Machine } from './machine';
import { Power, type SleepFacts } from './power';
import { Preparation, requireWindows, type HelperInfo } from './prepare';
import { profileOn } from './profile';
import { OidRequests } from './oid-requests';
import { readRequests, RequestPlan } from './request-plan';
import { HarnessRig } from './rig';
import { Scene } from './scene';
import { Sends } from './sends';
import { Site } from './site';
import { UnderWay } from './under-way';
import { WhiteBox } from './white-box';

/**
 * @param ports what reaches the machine
 * @param config what the target file says
 * @param ground where changes are written down before they are made
 * @returns the adapter; its rigs are opened one at a time
 */
export function agentAdapter(ports: Ports, config: AgentConfig, ground: Ground): Adapter {
  const lab = new Lab(ports, config, ground);
  return {
    name: 'harness',
    driver: config.driver.name,
    capabilities: () => lab.capabilities(),
    profile: async () => lab.profile,
    open: () => lab.open(),
    exhibit: () => undefined,
  };
}

class Lab {
  readonly profile: DriverProfile;
  private readonly machine: Machine;
  private readonly sleepFacts: SleepFacts = {};
  private readonly preparation: Preparation;
  private readonly events: Events;
  private readonly device: Device;
  /** How applications open the driver. */
  private readonly requests: ReturnType<typeof readRequests>;
  private known: Promise<HelperInfo> | undefined;
  private session: Promise<string> | undefined;
  private frames = 0;

  constructor(
    private readonly ports: Ports,
    private readonly config: AgentConfig,
    ground: Ground,
  ) {
    const { profile, profileText } = config.driver;
    this.requests = profileText === undefined ? undefined : readRequests(profileText);
    this.profile = profileOn(profile, ports.originate !== undefined && !this.requests?.asks.send);
    this.machine = new Machine(ports, ground.changes);
    this.preparation = new Preparation(ports, config, this.machine);
    // With the helper ends its session.
    ports.helper.on('exit', () => (this.session = undefined));
    this.device = new Device(ports.helper);
    this.events = new Events(ports.helper, (observation) => ground.observe(observation));
  }

  async capabilities(): Promise<Capabilities> {
    const info = await this.info();
    const { probe } = this.config.driver;
    const adapter: AdapterCapability[] = [];
    if (probe) adapter.push('exactTrace');
    if (this.hasMiniport(info)) adapter.push('holdCompletions');
    if (await this.sleeps()) adapter.push('systemSleep');
    return { adapter, observation: probe ? 'white-box' : 'black-box' };
  }

  async open(): Promise<Rig> {
    const info = await this.info();
    const start = await this.listening();
    const found = await this.preparation.prepare();
    const { ports, config } = this;
    const losses = new Losses();
    const black = new BlackBox(config.adapter.name, found.ifGuid);
    const sight = config.driver.probe ? new WhiteBox(BigInt(start), BigInt(info.frequency)) : black;
    const ends = new Ends(ports.helper, { fnmp: this.hasMiniport(info), fnlwf: info.fnlwf }, found.ifIndex, (names) =>
      scene.lost(`The test drivers gave back ${names.join(', ')} by themselves.`),
    );
    const underWay = new UnderWay();
    const oids = new OidRequests({
      helper: ports.helper,
      handles: () => ends.handles,
      own: this.requests?.oids ?? [],
      seesBorder: config.driver.probe,
      crossings: () => sight.crossings,
      vanished: (name) => scene.lost(`The functional miniport gave back ${name} by itself.`),
      unclear: (why) => losses.note(why),
    });
    const { below, above } = ends;
    const { events, machine, preparation } = this;
    const scene: Scene = new Scene({ sight, events, clock: ports.clock, below, above, losses, oids, underWay });
    await events.listen(scene);
    const site = new Site({ scene, ends, oids, actions: new Actions(machine, config, preparation), underWay });
    return new HarnessRig({
      profile: this.profile,
      site,
      applications: new Applications(site, this.ways(found, underWay), ports.clock),
      power: new Power(site, { helper: ports.helper, config, facts: this.sleepFacts }),
      expectFilter: () => black.expectFilter(),
      nextNumber: () => this.nextNumber(),
    });
  }

  /** The requests of the profile, where it has them; the vendor's command else. */
  private ways(adapter: AdapterInfo, underWay: UnderWay): Ways {
    const { originate, clock } = this.ports;
    const next = (): number => this.nextNumber();
    const plan = this.requests && new RequestPlan(this.requests, adapter);
    return {
      handles: plan && new Handles(this.device, plan, underWay, clock, next),
      sends: originate && new Sends(originate, adapter, underWay, next),
    };
  }

  private nextNumber(): number {
    this.frames += 1;
    return this.frames;
  }

  /** The target file allows it, and the machine can. */
  private async sleeps(): Promise<boolean> {
    if (this.config.sleep === undefined) return false;
    return (await this.ports.helper.request('power.look', {})).state !== null;
  }

  private hasMiniport({ fnmp }: HelperInfo): boolean {
    return fnmp && this.config.adapter.kind === 'fnmp';
  }

  private info(): Promise<HelperInfo> {
    this.known ??= this.ports.helper.request('info', {}).then((info) => {
      requireWindows(info);
      return info;
    });
    // The next one may succeed.
    this.known.catch(() => (this.known = undefined));
    return this.known;
  }

  /** @returns when the session that is there began, performance counter; whoever takes everything back ends it */
  private async listening(): Promise<string> {
    const start = await this.start();
    try {
      await this.events.flush();
      return start;
    } catch {
      // The helper begins no other before it is told to let go of this one, whoever has ended it.
      await this.ports.helper.request('etw.stop', {});
      this.session = undefined;
      return this.start();
    }
  }

  private start(): Promise<string> {
    this.session ??= this.machine.startSession(() => this.events.start(this.config.driver.probe));
    this.session.catch(() => (this.session = undefined));
    return this.session;
  }
}
