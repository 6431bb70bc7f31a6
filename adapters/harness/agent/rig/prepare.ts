/** The machine as scenarios begin on it: the driver under test installed, bound to nothing and not running; nobody else talks. */
import { RigRefusal } from '../../../contract';
import type { AdapterInfo, AgentConfig, HelperOps, Ports } from '../ports';
import type { Machine } from './machine';

export type HelperInfo = HelperOps['info']['answer'];

/** Components that send by themselves on an adapter that nobody uses. ms_rspndr only answers, and stays: a stack has a protocol. */
const TALKERS: ReadonlySet<string> = new Set(['ms_tcpip', 'ms_tcpip6', 'ms_lltdio', 'ms_lldp']);

/** Components that come and go without anybody missing them, and with whom the stack is paused and restarted. */
const TOGGLED: readonly string[] = ['ms_pacer', 'ms_rspndr', 'ms_netbios', 'ms_server', 'ms_msclient'];

export class Preparation {
  /** Whose binding is switched to have the stack paused and restarted. */
  toggled: { readonly component: string; readonly enabled: boolean } | undefined;

  constructor(
    private readonly ports: Ports,
    private readonly config: AgentConfig,
    private readonly machine: Machine,
  ) {}

  /**
   * Brings it about, where it is not so.
   * @returns the adapter under test
   * @throws RigRefusal (environment) with what is wrong and what to do
   */
  async prepare(): Promise<AdapterInfo> {
    const { driver } = this.config;
    const { shell } = this.ports;
    const found = await this.find();
    await this.requireOther(found.name);
    await this.requireInstalled();
    await this.unbind();
    await this.silence();
    const { state } = await shell.call('GetService', { name: driver.service });
    if (state === 'Missing') throw wrong(`There is no service "${driver.service}" on the machine.`);
    if (state !== 'Stopped') await (await this.machine.setService(driver.service, false)).done;
    if (found.status !== 'Disabled') return found;
    await (
      await this.machine.setAdapter(found.name, true)
    ).done;
    const enabled = await this.find();
    if (enabled.status === 'Disabled')
      throw wrong(`Adapter "${found.name}" was enabled, and is disabled all the same.`);
    return enabled;
  }

  private async find(): Promise<AdapterInfo> {
    const { name } = this.config.adapter;
    const { adapter } = await this.ports.shell.call('GetAdapter', { name });
    if (!adapter) throw wrong(`There is no adapter "${name}" on the machine: see Get-NetAdapter there.`);
    return adapter;
  }

  /** What carries the connection must not be cut. */
  private async requireOther(name: string): Promise<void> {
    const { address } = this.config;
    if (address === undefined) return;
    const { name: carrier } = await this.ports.shell.call('GetAdapterOfAddress', { address });
    if (carrier !== name) return;
    throw wrong(`Adapter "${name}" carries this connection (${address}): the adapter under test must be another one.`);
  }

  private async requireInstalled(): Promise<void> {
    const { component, inf } = this.config.driver;
    if ((await this.bindings()).length > 0) return;
    if (inf === undefined) {
      throw wrong(
        `No component "${component}" is installed on the machine: install it with netcfg -l INF -c s -i ${component}.`,
      );
    }
    await (
      await this.machine.install(inf, component)
    ).done;
    if ((await this.bindings()).length === 0)
      throw wrong(`${inf} was installed, and there is no component "${component}".`);
  }

  private async bindings(): Promise<readonly { readonly adapter: string; readonly enabled: boolean }[]> {
    return (await this.ports.shell.call('GetBindingsOf', { component: this.config.driver.component })).bindings;
  }

  /** Filters bind to every adapter that they can, also to the one that carries the connection. */
  private async unbind(): Promise<void> {
    const { component } = this.config.driver;
    for (const { adapter, enabled } of await this.bindings()) {
      if (enabled) await (await this.machine.setBinding(adapter, component, false)).done;
    }
  }

  /** Frames of others would be taken for those of the scenario. */
  private async silence(): Promise<void> {
    const { name } = this.config.adapter;
    const { bindings } = await this.ports.shell.call('GetBinding', { name });
    for (const { component, enabled } of bindings) {
      if (enabled && TALKERS.has(component)) await (await this.machine.setBinding(name, component, false)).done;
    }
    this.toggled = TOGGLED.map((component) => bindings.find((binding) => binding.component === component)).find(
      (binding) => binding !== undefined,
    );
  }
}

/** @throws RigRefusal (environment) when nothing that is seen there says anything about a driver */
export function requireWindows({ wine }: HelperInfo): void {
  if (wine) throw wrong('This is Wine, which has no NDIS: nothing can be said about a driver here.');
}

function wrong(message: string): RigRefusal {
  return new RigRefusal('environment', message);
}
