/** Adapters of the fake machine, what is bound to them, and the service of the driver that comes with its binding. */
import type { SimulatedDriver } from '../../../adapters/simulator';
import { sequences, type Adapter as Stack } from '../../../src/ndis';
import type { Boot } from './boot';
import { Fnlwf } from './fnlwf';
import { Miniport } from './miniport';

export const UNDER_TEST = 'Ethernet 2';
export const MANAGEMENT = 'Ethernet';
export const COMPONENT = 'ms_dut';
export const SERVICE = 'dut';
/** A filter of somebody else, above the driver under test. */
export const PACER = 'ms_pacer';

/** Protocols that send by themselves what nobody asked them for, as long as they are bound. */
const TALKERS = ['ms_tcpip', 'ms_tcpip6'];
const TALK_EVERY_MS = 200;

/** What outlives a boot. */
export interface NetworkAdapter {
  readonly name: string;
  readonly index: number;
  isEnabled: boolean;
  /** By component. */
  readonly bindings: Map<string, boolean>;
}

export interface NetworkOptions {
  readonly driver: SimulatedDriver;
  /** The driver is bound to no adapter, so that it begins no earlier than the scenario. As it is installed, it is bound to all. */
  readonly unbound?: boolean;
  /** Miniports keep their data path while the machine sleeps. */
  readonly noPauseOnSuspend: boolean;
  /** Told of the adapter whose fnmp gave back what it held. */
  readonly watchdog: (adapter: string) => void;
}

export class Network {
  readonly adapters: ReadonlyMap<string, NetworkAdapter>;
  /** The component is installed. */
  isInstalled = true;
  private talked = 0;

  /** @param current the boot, of which stacks and services are */
  constructor(
    private readonly options: NetworkOptions,
    private readonly current: () => Boot,
  ) {
    this.adapters = new Map([MANAGEMENT, UNDER_TEST].map((name, index) => [name, newAdapter(name, index)]));
    if (options.unbound) for (const { bindings } of this.adapters.values()) bindings.set(COMPONENT, false);
  }

  get isRunning(): boolean {
    return this.current().services.has(SERVICE);
  }

  /** The machine starts. */
  start(): void {
    // Windows starts the driver when it is bound to something.
    if ([...this.adapters.values()].some(({ bindings }) => bindings.get(COMPONENT)))
      this.startService().catch(() => undefined);
    for (const adapter of this.adapters.values()) this.plugIn(adapter);
  }

  async startService(): Promise<void> {
    if (this.isRunning) return;
    const { model } = this.current();
    const { driver } = this.options;
    const status = await model.do('start service', () => model.machine.load((wdk) => driver.load(wdk)));
    if (status !== 'STATUS_SUCCESS') throw new Error(`The service did not start: ${status}.`);
    this.current().services.add(SERVICE);
  }

  async stopService(): Promise<void> {
    if (!this.isRunning) return;
    const { model } = this.current();
    const status = await model.do('stop service', () => model.machine.unload());
    if (status !== 'STATUS_SUCCESS') throw new Error(`The service cannot be stopped: ${status}.`);
    this.current().services.delete(SERVICE);
  }

  async setBinding(adapter: NetworkAdapter, component: string, enabled: boolean): Promise<void> {
    if (adapter.bindings.get(component) === enabled) return;
    adapter.bindings.set(component, enabled);
    const stack = this.current().stack(adapter.name);
    if (component === COMPONENT && enabled) await this.startService();
    const { model } = this.current();
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
    const stack = this.current().stack(adapter.name);
    if (enabled && adapter.bindings.get(COMPONENT)) await this.startService();
    const change = enabled ? sequences.enable : sequences.disable;
    adapter.isEnabled = enabled;
    const { model } = this.current();
    const status = await model.do(`adapter ${adapter.name}`, () => stack.exclusively(() => change(stack)));
    if (!enabled && status !== 'NDIS_STATUS_SUCCESS') {
      adapter.isEnabled = true;
      throw new Error(`The adapter was not disabled: ${status}.`);
    }
  }

  /** Time has passed. @param now ms */
  passed(now: number): void {
    if (now - this.talked < TALK_EVERY_MS) return;
    this.talked = now;
    const { model } = this.current();
    for (const { name, bindings } of this.adapters.values()) {
      const { protocol } = this.current().stack(name);
      if (protocol.state !== 'Running' || !TALKERS.some((component) => bindings.get(component))) continue;
      model.do('tcpip', () => protocol.send(protocol.newSends(1, 1, null), undefined)).catch(() => undefined);
    }
  }

  private plugIn(adapter: NetworkAdapter): void {
    const { model, stacks, miniports, fnlwfs, frames } = this.current();
    const { noPauseOnSuspend, watchdog } = this.options;
    const stack = model.plugIn(adapter.name, noPauseOnSuspend);
    stacks.set(adapter.name, stack);
    miniports.set(adapter.name, new Miniport(model, stack, frames, () => watchdog(adapter.name)));
    fnlwfs.set(adapter.name, new Fnlwf(model, stack, frames, () => watchdog(adapter.name)));
    this.configure(stack, adapter);
    if (adapter.isEnabled) model.start('start', () => stack.exclusively(() => sequences.enable(stack)));
  }

  private configure(stack: Stack, { bindings }: NetworkAdapter): void {
    stack.slots.length = 0;
    if (bindings.get(COMPONENT)) stack.slots.push(stack.newSlot('dut'));
    if (bindings.get(PACER)) stack.slots.push(stack.newSlot('neighbour'));
  }
}

function newAdapter(name: string, index: number): NetworkAdapter {
  const bound = [PACER, 'ms_tcpip', 'ms_tcpip6', 'ms_rspndr', 'ms_lltdio', COMPONENT];
  return { name, index, isEnabled: true, bindings: new Map(bound.map((component) => [component, true])) };
}
