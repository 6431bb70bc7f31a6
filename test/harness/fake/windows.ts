/** A Windows machine as the agent sees it: starts and ends, time, sleep and what it traces, on the kit's model of NDIS. */
import { PROBE_PROVIDER } from '../../../adapters/harness/decode/probe-record';
import type { SimulatedDriver } from '../../../adapters/simulator';
import { Bugcheck } from '../../../src/kernel';
import { sequences, type Adapter as Stack } from '../../../src/ndis';
import { Boot, type BootOptions } from './boot';
import { BugcheckLog } from './bugcheck-log';
import { DriverVerifier } from './driver-verifier';
import type { Fnlwf } from './fnlwf';
import type { Frames } from './frames';
import type { Miniport } from './miniport';
import type { Model } from './model';
import { filterStateEvent } from './ndis-events';
import { Network, type NetworkOptions } from './network';
import { Tracing, type EtwListener, type MachineTime } from './tracing';
import { NdisWatchdog } from './watchdog';

export interface WindowsOptions extends BootOptions, Pick<NetworkOptions, 'driver' | 'unbound'> {
  /** What sleep the machine has: by default S3, and it wakes up. */
  readonly sleep?: 'none' | 'for ever' | 'with a pause';
  /** Somebody asks the adapters for their statistics, again and again after so many milliseconds. */
  readonly askedEvery?: number;
}

export interface Listeners extends EtwListener {
  watchdog(adapter: string): void;
  /** The machine goes down. */
  down(): void;
}

/** A process of lwfio. */
interface HelperOfAgent {
  kill(): void;
}

export class FakeWindows implements MachineTime {
  readonly etw: Tracing;
  readonly network: Network;
  readonly log = new BugcheckLog();
  readonly verifier = new DriverVerifier();
  /** Those that run, each with the process id of its agent. */
  readonly helpers = new Map<HelperOfAgent, number>();
  /** How often it slept. */
  sleptTimes = 0;
  /** Of the wall, in ms. */
  now = 0;
  private readonly listeners = new Set<Listeners>();
  private readonly watchdog = new NdisWatchdog();
  private boots = 0;
  private current!: Boot;
  private bootedAt = 0;
  private asked = 0;
  private downTold = false;

  constructor(private readonly options: WindowsOptions) {
    this.etw = new Tracing(this, this.listeners);
    const noPauseOnSuspend = options.sleep !== 'with a pause';
    const watchdog = (adapter: string): void => {
      for (const each of this.listeners) each.watchdog(adapter);
    };
    this.network = new Network({ ...options, noPauseOnSuspend, watchdog }, () => this.current);
    this.start();
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
    return this.current.stack(adapter);
  }

  miniport(adapter: string): Miniport {
    return this.current.miniport(adapter);
  }

  fnlwf(adapter: string): Fnlwf {
    return this.current.fnlwf(adapter);
  }

  get upTime(): number {
    // Of a driver that sleeps, the model passes the time by itself.
    return this.bootedAt + this.model.kernel.now;
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
    this.start();
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
    if (this.now - this.asked >= (this.options.askedEvery ?? Infinity)) this.askAround();
    this.network.passed(this.now);
    this.current.passed(this.now);
    this.etw.passed();
    this.watchModules();
    this.looksDown();
  }

  /** Providers that the session asks for their state log it. */
  captureStates(): void {
    const { etw, current } = this;
    if (!etw.session?.asks(PROBE_PROVIDER)) return;
    if (etw.answersLate) queueMicrotask(() => current.captureState());
    else current.captureState();
  }

  /** Called after each thing that was done to the machine. */
  looksDown(): void {
    const { bugcheck } = this.model.kernel;
    if (!this.model.isDown || this.downTold) return;
    this.downTold = true;
    if (bugcheck) this.log.write(bugcheck);
    this.etw.session = undefined;
    this.model.turnOff();
    for (const each of [...this.listeners]) each.down();
  }

  private askAround(): void {
    this.asked = this.now;
    for (const { protocol } of this.current.stacks.values()) {
      if (protocol.state !== 'Running') continue;
      const request = protocol.newOid('OID_GEN_STATISTICS', 'NdisRequestQueryInformation');
      this.model.do('statistics', () => protocol.issueOid(request, () => undefined)).catch(() => undefined);
    }
  }

  /** Who waits for a filter stops the system when it takes too long. */
  private watchModules(): void {
    const { modules } = this.model;
    const isPausing = modules.some(({ state }) => state === 'Pausing');
    const violated = this.verifier.look(this.now, isPausing);
    if (violated) {
      this.crash('0xC4', violated);
      return;
    }
    const stuck = this.watchdog.look(this.now, modules);
    if (stuck) this.crash('0x7C', stuck);
  }

  private start(): void {
    this.boots += 1;
    this.bootedAt = this.now;
    this.verifier.start();
    this.watchdog.start();
    this.downTold = false;
    const { etw, network } = this;
    this.current = new Boot(
      `0b007000-0000-4000-8000-${String(this.boots).padStart(12, '0')}`,
      this.options,
      (event) => etw.write(event),
      (provider) => etw.session?.hears(provider) === true,
      (told) => etw.write(filterStateEvent(told, network.adapters.get(told.adapter)?.index ?? 0)),
    );
    network.start();
  }
}
