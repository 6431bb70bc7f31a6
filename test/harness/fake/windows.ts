/** A Windows machine as the agent sees it: adapters with what is bound to them, the driver's service, crashes and restarts, on the kit's model of NDIS. */
import type { SimulatedDriver } from '../../../adapters/simulator';
import { Bugcheck } from '../../../src/kernel';
import { sequences, type Adapter as Stack } from '../../../src/ndis';
import type { EtwEvent } from '../../../adapters/harness/agent/ports';
import { NDIS_PROVIDER } from '../../../adapters/harness/agent/ports';
import { PROBE_PROVIDER } from '../../../adapters/harness/decode/probe-record';
import type { EtwSession } from './etw';
import { FLUSH_MS, type EtwFaults } from './etw';
import { BugcheckLog } from './bugcheck-log';
import { DriverVerifier } from './driver-verifier';
import { Boot, type BootOptions } from './boot';
import type { Frames } from './frames';
import { Miniport } from './miniport';
import type { Model } from './model';
import { FILTER_STATE, filterStatePayload, guidOf } from './ndis-events';
import type { ToldState } from './states';

export const UNDER_TEST = 'Ethernet 2';
export const MANAGEMENT = 'Ethernet';
export const COMPONENT = 'ms_dut';
export const SERVICE = 'dut';
/** A filter of somebody else, above the driver under test. */
export const PACER = 'ms_pacer';

const FREQUENCY_PER_MS = 10_000n;

/** How often somebody asks for statistics. */
const ASKED_EVERY_MS = 200;

/** How long NDIS lets a filter take for a pause or a detach. The real time is not published. */
const NDIS_WATCHDOG_MS = 120_000;
const WATCHDOG_OF: Readonly<Record<string, string>> = { Pausing: '0x11', Detaching: '0x14' };

export interface WindowsOptions extends BootOptions {
  readonly driver: SimulatedDriver;
  /** The driver is bound to no adapter, so that it begins no earlier than the scenario. As it is installed, it is bound to all. */
  readonly unbound?: boolean;
  /** What sleep the machine has: by default S3, and it wakes up. */
  readonly sleep?: 'none' | 'for ever' | 'with a pause';
  /** Somebody asks the adapters for their statistics, again and again. */
  readonly isAsked?: boolean;
}

/** What outlives a boot. */
export interface NetworkAdapter {
  readonly name: string;
  readonly index: number;
  isEnabled: boolean;
  /** By component. */
  readonly bindings: Map<string, boolean>;
}

export interface Listeners {
  etw(event: EtwEvent): void;
  watchdog(adapter: string): void;
  lost(lost: number): void;
  /** The machine goes down. */
  down(): void;
}

export class FakeWindows {
  readonly etw: EtwFaults = {};
  readonly adapters: ReadonlyMap<string, NetworkAdapter>;
  readonly log = new BugcheckLog();
  readonly verifier = new DriverVerifier();
  /** The component is installed. */
  isInstalled = true;
  /** How often it slept. */
  sleptTimes = 0;
  session: EtwSession | undefined;
  private readonly listeners = new Set<Listeners>();
  private boots = 0;
  private now = 0;
  private flushed = 0;
  private written = 0n;
  private current: Boot;
  private toldLost = 0;
  private stuckSince: number | undefined;
  private bootedAt = 0;
  private asked = 0;

  constructor(private readonly options: WindowsOptions) {
    this.adapters = new Map([MANAGEMENT, UNDER_TEST].map((name, index) => [name, newAdapter(name, index)]));
    if (options.unbound) for (const { bindings } of this.adapters.values()) bindings.set(COMPONENT, false);
    this.current = this.start();
  }

  get boot(): string {
    return this.current.id;
  }

  get model(): Model {
    return this.current.model;
  }

  get frames(): Frames {
    return this.current.frames;
  }

  /** Who keeps what is received on the adapter. */
  keepersOn(adapter: string): Set<object> {
    const { keepers } = this.current;
    const found = keepers.get(adapter) ?? new Set<object>();
    keepers.set(adapter, found);
    return found;
  }

  get driver(): SimulatedDriver {
    return this.options.driver;
  }

  /** The driver is built with the probe header. */
  get isProbed(): boolean {
    return this.options.probe ?? false;
  }

  get isDown(): boolean {
    return this.model.isDown;
  }

  listen(listeners: Listeners): () => void {
    this.listeners.add(listeners);
    return () => void this.listeners.delete(listeners);
  }

  stack(adapter: string): Stack {
    const stack = this.current.stacks.get(adapter);
    if (!stack) throw new Error(`There is no adapter ${adapter}.`);
    return stack;
  }

  miniport(adapter: string): Miniport {
    const miniport = this.current.miniports.get(adapter);
    if (!miniport) throw new Error(`There is no fnmp on ${adapter}.`);
    return miniport;
  }

  /** Performance counter. */
  get counter(): string {
    // Of a driver that sleeps, the model passes the time by itself.
    const now = this.bootedAt + this.model.kernel.now;
    return String(BigInt(Math.floor(now)) * FREQUENCY_PER_MS + this.written);
  }

  // ---- services and bindings ---------------------------------------------------------------------------------

  get isRunning(): boolean {
    return this.current.services.has(SERVICE);
  }

  async startService(): Promise<void> {
    if (this.isRunning) return;
    const { model, options } = this;
    const status = await model.do('start service', () => model.machine.load((wdk) => options.driver.load(wdk)));
    if (status !== 'STATUS_SUCCESS') throw new Error(`The service did not start: ${status}.`);
    this.current.services.add(SERVICE);
  }

  async stopService(): Promise<void> {
    if (!this.isRunning) return;
    const status = await this.model.do('stop service', () => this.model.machine.unload());
    if (status !== 'STATUS_SUCCESS') throw new Error(`The service cannot be stopped: ${status}.`);
    this.current.services.delete(SERVICE);
  }

  async setBinding(adapter: NetworkAdapter, component: string, enabled: boolean): Promise<void> {
    if (adapter.bindings.get(component) === enabled) return;
    adapter.bindings.set(component, enabled);
    const stack = this.stack(adapter.name);
    if (component === COMPONENT && enabled) await this.startService();
    const { model } = this;
    if (!adapter.isEnabled) {
      this.configure(stack, adapter);
      return;
    }
    const where = 'above';
    const kind = component === COMPONENT ? 'dut' : component === PACER ? 'neighbour' : undefined;
    await model.do(`${enabled ? 'bind' : 'unbind'} ${component}`, () =>
      stack.exclusively(() => {
        if (!kind) return sequences.reconfigure(stack);
        // The driver under test stays below the neighbour.
        if (enabled) return sequences.insertFilter(stack, kind === 'dut' ? 'below' : where, kind);
        return sequences.removeFilter(stack, where, kind);
      }),
    );
  }

  async setAdapter(adapter: NetworkAdapter, enabled: boolean): Promise<void> {
    if (adapter.isEnabled === enabled) return;
    const stack = this.stack(adapter.name);
    if (enabled && adapter.bindings.get(COMPONENT)) await this.startService();
    const change = enabled ? sequences.enable : sequences.disable;
    adapter.isEnabled = enabled;
    const status = await this.model.do(`adapter ${adapter.name}`, () => stack.exclusively(() => change(stack)));
    if (!enabled && status !== 'NDIS_STATUS_SUCCESS') {
      adapter.isEnabled = true;
      throw new Error(`The adapter was not disabled: ${status}.`);
    }
  }

  // ---- sleep -------------------------------------------------------------------------------------------------

  get sleeps(): boolean {
    return this.options.sleep !== 'none';
  }

  /** Down, until the timer wakes it up. No time of drivers passes meanwhile. */
  async sleep(milliseconds: number): Promise<void> {
    const { model } = this;
    const stacks = [...this.current.stacks.values()];
    this.sleptTimes += 1;
    for (const stack of stacks) await model.do('sleep', () => stack.exclusively(() => sequences.suspend(stack)));
    if (this.options.sleep === 'for ever') {
      model.turnOff();
      this.looksDown();
      return;
    }
    this.now += milliseconds;
    this.bootedAt += milliseconds;
    for (const stack of stacks) await model.do('wake', () => stack.exclusively(() => sequences.resume(stack)));
  }

  // ---- crashes -------------------------------------------------------------------------------------------------

  /** The system stops, as it does when a driver breaks it. */
  crash(code: string, parameters: readonly string[]): void {
    this.model.kernel.crash(new Bugcheck(code, 'BUGCHECK', 'the test wants it', parameters));
    this.looksDown();
  }

  /** As fnmp does by itself when it has held a frame for too long. */
  giveUpHolding(): void {
    for (const miniport of this.current.miniports.values()) miniport.giveUp();
  }

  /** The machine is turned off, or was never to come back, and starts anew. */
  reboot(): void {
    this.goDown();
    this.current = this.start();
  }

  /** The machine is turned off. */
  goDown(): void {
    if (!this.model.isDown) this.model.turnOff();
    this.looksDown();
  }

  /** Time passes. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
    if (this.isDown) return;
    this.model.pass(milliseconds);
    if (this.options.isAsked === true && this.now - this.asked >= ASKED_EVERY_MS) this.askAround();
    for (const miniport of this.current.miniports.values()) miniport.passed(this.now);
    if (this.now - this.flushed >= FLUSH_MS) this.flush();
    this.watchModules();
    this.looksDown();
  }

  // ---- ETW -----------------------------------------------------------------------------------------------------

  /** What was written is handed out. @returns how much has been lost in the session */
  flush(): number {
    this.flushed = this.now;
    const { session } = this;
    if (!session) return 0;
    for (const event of session.flush()) for (const each of this.listeners) each.etw(event);
    if (session.lost > this.toldLost) for (const each of this.listeners) each.lost(session.lost);
    this.toldLost = session.lost;
    return session.lost;
  }

  /** Providers that the session asks for their state log it. */
  captureStates(): void {
    if (this.session?.asks(PROBE_PROVIDER)) this.current.captureState();
  }

  startSession(session: EtwSession): void {
    this.session = session;
    this.toldLost = 0;
  }

  /** Called after each thing that was done to the machine. */
  looksDown(): void {
    const { bugcheck } = this.model.kernel;
    if (!this.model.isDown || this.downTold) return;
    this.downTold = true;
    if (bugcheck) this.log.write(bugcheck);
    this.session = undefined;
    this.model.turnOff();
    for (const each of [...this.listeners]) each.down();
  }

  private downTold = false;

  private askAround(): void {
    this.asked = this.now;
    for (const { protocol } of this.current.stacks.values()) {
      if (protocol.state !== 'Running') continue;
      const request = protocol.newOid('OID_GEN_STATISTICS', 'NdisRequestQueryInformation');
      this.model.do('statistics', () => protocol.issueOid(request, () => undefined)).catch(() => undefined);
    }
  }

  /** NDIS stops the system when a filter does not come to an end with a pause or a detach. */
  private watchModules(): void {
    const isPausing = this.model.modules.some(({ state }) => state === 'Pausing');
    const violated = this.verifier.look(this.now, isPausing);
    if (violated) {
      this.crash('0xC4', violated);
      return;
    }
    const stuck = this.model.modules.find(({ state }) => state in WATCHDOG_OF);
    if (!stuck) this.stuckSince = undefined;
    else if (this.stuckSince === undefined) this.stuckSince = this.now;
    else if (this.now - this.stuckSince > NDIS_WATCHDOG_MS)
      this.crash('0x7C', ['0x25', WATCHDOG_OF[stuck.state] ?? '0x0']);
  }

  private start(): Boot {
    this.boots += 1;
    this.bootedAt = this.now;
    this.verifier.start();
    this.downTold = false;
    this.stuckSince = undefined;
    const boot = new Boot(
      `0b007000-0000-4000-8000-${String(this.boots).padStart(12, '0')}`,
      this.options,
      (event) => this.write(event),
      (provider) => this.session?.hears(provider) === true,
      (told) => this.tell(told),
    );
    this.current = boot;
    // Windows starts the driver when it is bound to something.
    if ([...this.adapters.values()].some(({ bindings }) => bindings.get(COMPONENT)))
      this.startService().catch(() => undefined);
    for (const adapter of this.adapters.values()) this.plugIn(boot, adapter);
    return boot;
  }

  private plugIn(boot: Boot, adapter: NetworkAdapter): void {
    const stack = boot.model.plugIn(adapter.name, this.options.sleep !== 'with a pause');
    boot.stacks.set(adapter.name, stack);
    const told = (): void => {
      for (const each of this.listeners) each.watchdog(adapter.name);
    };
    boot.miniports.set(adapter.name, new Miniport(boot.model, stack, boot.frames, told));
    this.configure(stack, adapter);
    if (adapter.isEnabled) boot.model.start('start', () => stack.exclusively(() => sequences.enable(stack)));
  }

  private configure(stack: Stack, { bindings }: NetworkAdapter): void {
    stack.slots.length = 0;
    if (bindings.get(COMPONENT)) stack.slots.push(stack.newSlot('dut'));
    if (bindings.get(PACER)) stack.slots.push(stack.newSlot('neighbour'));
  }

  private write(event: Omit<EtwEvent, 't'>): void {
    this.written += 1n;
    this.session?.write({ ...event, t: this.counter });
  }

  private tell({ state, filter, adapter, isDriver }: ToldState): void {
    const index = this.adapters.get(adapter)?.index ?? 0;
    const payload = filterStatePayload({
      state,
      ifGuid: guidOf(0x100 * (index + 1) + (isDriver ? 1 : 2)),
      miniportIfGuid: guidOf(index + 1),
      adapterName: adapter,
      instanceName: `${adapter}-${isDriver ? 'Driver under test' : filter}-0000`,
      friendlyName: isDriver ? 'Driver under test' : 'QoS Packet Scheduler',
    });
    this.write({ provider: NDIS_PROVIDER, id: FILTER_STATE, version: 0, cpu: 0, payload: payload.toString('base64') });
  }
}

function newAdapter(name: string, index: number): NetworkAdapter {
  const bound = [PACER, 'ms_tcpip', 'ms_tcpip6', 'ms_rspndr', 'ms_lltdio', COMPONENT];
  return { name, index, isEnabled: true, bindings: new Map(bound.map((component) => [component, true])) };
}
