/** The agent's adapter with a fake Windows machine behind its ports, ready to play scenarios on. */
import type { Adapter } from '../../../adapters/contract';
import { agentAdapter, Changes, Journal, undoOn } from '../../../adapters/harness/agent';
import type { AgentConfig } from '../../../adapters/harness/agent/ports';
import type { SimulatedDriver } from '../../../adapters/simulator';
import { readProfile, toDriverProfile } from '../../../adapters/emulator/profile';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { Disk } from '../link/in-process';
import { profileTextOf } from './driver-profile';
import { portsOn } from './ports';
import { ADDRESS } from './shell';
import { COMPONENT, SERVICE, UNDER_TEST } from './network';
import { FakeWindows, type WindowsOptions } from './windows';

export interface FakeTarget {
  readonly windows: FakeWindows;
  readonly adapter: Adapter;
  /** Takes back all that is not as it was found. @returns in words what could not be */
  readonly end: () => Promise<readonly string[]>;
}

export interface FakeTargetOptions extends WindowsOptions {
  /** Default: the requests of the profile. */
  readonly asking?: Asking;
  /** Of what the target file says otherwise. */
  readonly config?: Partial<AgentConfig>;
}

export function shipped(name: string): SimulatedDriver {
  const found = registeredDriver(name);
  if (!found) throw new Error(`there is no driver ${name}`);
  return found.driver;
}

/** How applications ask the driver: by the requests of its profile, or by the vendor's command alone. */
export type Asking = 'requests' | 'command';

export function configOf(driver: SimulatedDriver, probe: boolean, asking: Asking = 'requests'): AgentConfig {
  const profileText = asking === 'requests' ? profileTextOf(driver) : undefined;
  const profile = profileText === undefined ? driver.profile : toDriverProfile(readProfile(profileText, driver.name));
  return {
    run: 'run-1',
    adapter: { name: UNDER_TEST, kind: 'fnmp' },
    driver: {
      ...{ name: driver.name, component: COMPONENT, service: SERVICE, profile, probe },
      ...(profileText !== undefined && { profileText }),
    },
    sleep: 20_000,
    address: ADDRESS,
  };
}

/** @returns a machine that was started a moment ago, and the agent's adapter on it */
export function fakeTarget(options: FakeTargetOptions): FakeTarget {
  const windows = new FakeWindows(options);
  const ports = portsOn(windows);
  const changes = new Changes(new Journal(new Disk().open('run-1')), undoOn(ports), () => true);
  const config = { ...configOf(options.driver, options.probe ?? false, options.asking), ...options.config };
  const adapter = agentAdapter(ports, config, { changes, observe: () => undefined });
  return { windows, adapter, end: async () => (await changes.undoAll()).failed };
}
