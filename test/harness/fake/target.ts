/** The agent's adapter with a fake Windows machine behind its ports, ready to play scenarios on. */
import type { Adapter } from '../../../adapters/contract';
import { agentAdapter, Changes, Journal, undoOn } from '../../../adapters/harness/agent';
import type { AgentConfig } from '../../../adapters/harness/agent/ports';
import type { SimulatedDriver } from '../../../adapters/simulator';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { Disk } from '../link/in-process';
import { portsOn } from './ports';
import { ADDRESS } from './shell';
import { COMPONENT, FakeWindows, SERVICE, UNDER_TEST, type WindowsOptions } from './windows';

export interface FakeTarget {
  readonly windows: FakeWindows;
  readonly adapter: Adapter;
  /** Takes back all that is not as it was found. @returns in words what could not be */
  readonly end: () => Promise<readonly string[]>;
}

export function shipped(name: string): SimulatedDriver {
  const found = registeredDriver(name);
  if (!found) throw new Error(`there is no driver ${name}`);
  return found.driver;
}

export function configOf(driver: SimulatedDriver, probe: boolean): AgentConfig {
  return {
    run: 'run-1',
    adapter: { name: UNDER_TEST, kind: 'fnmp' },
    driver: { name: driver.name, component: COMPONENT, service: SERVICE, profile: driver.profile, probe },
    address: ADDRESS,
  };
}

/** @returns a machine that was started a moment ago, and the agent's adapter on it */
export function fakeTarget(options: WindowsOptions): FakeTarget {
  const windows = new FakeWindows(options);
  const ports = portsOn(windows);
  const changes = new Changes(new Journal(new Disk().open('run-1')), undoOn(ports), () => true);
  const adapter = agentAdapter(ports, configOf(options.driver, options.probe ?? false), {
    changes,
    observe: () => undefined,
  });
  return { windows, adapter, end: async () => (await changes.undoAll()).failed };
}
