/** What the agent's PowerShell would say on the fake machine. */
import type { ShellCommand, ShellCommands } from '../../../adapters/harness/agent/ports';
import { guidOf } from './ndis-events';
import { COMPONENT, MANAGEMENT, SERVICE, type NetworkAdapter } from './network';
import type { FakeWindows } from './windows';

/** Of the management adapter. */
export const ADDRESS = '192.0.2.7';

type Answers = {
  [C in ShellCommand]: (parameters: ShellCommands[C]['parameters']) => Promise<ShellCommands[C]['answer']>;
};

/** @returns what each command does; they throw Errors with the words that Windows would have */
export function shellCommands(windows: FakeWindows): Answers {
  const { network } = windows;
  const find = (name: string): NetworkAdapter => {
    const adapter = network.adapters.get(name);
    if (!adapter) throw new Error(`No MSFT_NetAdapter objects found with property 'Name' equal to '${name}'.`);
    return adapter;
  };
  const components = ({ bindings }: NetworkAdapter): [string, boolean][] =>
    [...bindings].filter(([component]) => component !== COMPONENT || network.isInstalled);
  const setBinding = async (name: string, component: string, enabled: boolean): Promise<object> => {
    const adapter = find(name);
    if (!components(adapter).some(([each]) => each === component))
      throw new Error(
        `No MSFT_NetAdapterBindingSettingData objects found with property 'ComponentID' equal to '${component}'.`,
      );
    await network.setBinding(adapter, component, enabled);
    return {};
  };
  const setAdapter = async (name: string, enabled: boolean): Promise<object> => {
    await network.setAdapter(find(name), enabled);
    return {};
  };
  const answers = {
    GetOsInfo: async () => ({ name: 'Fake Windows', build: '10.0.26100.1', arch: 'AMD64' }),
    GetBootId: async () => ({ boot: windows.boot }),
    GetAdapter: async ({ name }: { name: string }) => {
      const adapter = network.adapters.get(name);
      return { adapter: adapter ? informationOn(adapter) : null };
    },
    GetAdapterOfAddress: async ({ address }: { address: string }) => ({
      name: address === ADDRESS ? MANAGEMENT : null,
    }),
    DisableAdapter: ({ name }: { name: string }) => setAdapter(name, false),
    EnableAdapter: ({ name }: { name: string }) => setAdapter(name, true),
    GetBinding: async ({ name }: { name: string }) => ({
      bindings: components(find(name)).map(([component, enabled]) => ({ component, displayName: component, enabled })),
    }),
    GetBindingsOf: async ({ component }: { component: string }) => ({
      bindings: [...network.adapters.values()].flatMap((adapter) =>
        components(adapter)
          .filter(([each]) => each === component)
          .map(([, enabled]) => ({ adapter: adapter.name, enabled })),
      ),
    }),
    EnableBinding: ({ name, component }: { name: string; component: string }) => setBinding(name, component, true),
    DisableBinding: ({ name, component }: { name: string; component: string }) => setBinding(name, component, false),
    GetService: async ({ name }: { name: string }) => ({
      state: name !== SERVICE || !network.isInstalled ? 'Missing' : network.isRunning ? 'Running' : 'Stopped',
    }),
    StartService: async () => {
      await network.startService();
      return {};
    },
    StopService: async () => {
      await network.stopService();
      return {};
    },
    EndHelpers: async ({ agent }: { agent: number }) => {
      for (const [helper, owner] of [...windows.helpers]) if (owner !== agent) helper.kill();
      return {};
    },
    GetBugcheckEvents: async ({ after }: { after: number }) => ({
      events: windows.log.records
        .filter(({ record }) => record > after)
        .map((event) => ({ ...event, time: '2026-01-01T00:00:00.000Z' })),
    }),
    GetDumps: async () => ({
      files: [...windows.log.dumps].map(([path, bytes]) => ({
        ...{ path, bytes: bytes.length },
        time: '2026-01-01T00:00:00.000Z',
      })),
    }),
  };
  return answers as unknown as Answers;
}

function informationOn({ name, index, isEnabled }: NetworkAdapter): ShellCommands['GetAdapter']['answer']['adapter'] {
  return {
    name,
    description: name === MANAGEMENT ? 'Some Ethernet Controller' : 'FNMP',
    ifIndex: index + 1,
    ifGuid: guidOf(index + 1),
    instanceId: `ROOT\\NET\\000${index}`,
    status: isEnabled ? 'Up' : 'Disabled',
    mac: `02000000000${index + 1}`,
  };
}
