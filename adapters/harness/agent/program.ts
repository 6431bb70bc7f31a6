/** The agent on a machine that ports reach: what it says of it, and the adapter for what the controller wants tested. */
import { messageFault } from '../../contract/protocol';
import { RigRefusal, type Adapter } from '../../contract';
import type { Clock, MachineFacts, Offer } from '../protocol';
import type { AgentParts, ExitCode, Ground } from './agent';
import type { UndoRunner } from './changes';
import { inquiryOn } from './inquiry';
import type { AgentConfig, Originate, Ports } from './ports';
import { runAgent } from './process';
import { restartMachine, watchDriver } from './verifier';

/** The agent, but for where it keeps what must not be lost, and how it is spoken to. */
export type MachineParts = Omit<AgentParts, 'journals' | 'lock' | 'clock' | 'write'>;

export interface MachineOn {
  readonly ports: Ports;
  /** @returns what runs the vendor's command */
  readonly originate: (command: { readonly program: string; readonly arguments: readonly string[] }) => Originate;
  readonly adapter: (ports: Ports, config: AgentConfig, ground: Ground) => Adapter;
  readonly undo: UndoRunner;
  /** Folder of the images of drivers. */
  readonly drivers: string;
  /** Address of this machine's end of the connection. */
  readonly address?: string | undefined;
  readonly version: string;
  /** Process id of the agent. */
  readonly pid: number;
}

export interface AgentOn extends MachineOn {
  /** Where the agent keeps its lock and its journals. */
  readonly folder: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly clock?: Clock;
}

/** Milliseconds that the drivers of win-net-test hold a frame, with a reserve: at 5 s they give it back. */
const HOLD = 4000;

/** @returns the exit code of the agent @throws RigRefusal when the machine cannot even be asked what it is */
export async function serveMachine(on: AgentOn): Promise<ExitCode> {
  const { ports, folder, input, output, clock } = on;
  try {
    return await runAgent({ ...(await machineParts(on)), folder, input, output, ...(clock && { clock }) });
  } finally {
    ports.helper.close();
    ports.shell.close();
  }
}

/** @returns what the agent knows and can do of its machine @throws RigRefusal when that cannot even be asked what it is */
export async function machineParts(on: MachineOn): Promise<MachineParts> {
  const { ports, drivers, undo, version, pid } = on;
  return {
    ...inquiryOn({ ...ports, drivers }),
    adapter: (ground, offer) => adapterFor(on, ground, offer),
    watch: (changes, offer, again) => watchDriver(ports.programs, changes, offer, again),
    restart: () => restartMachine(ports.programs),
    endOthers: async () => void (await ports.shell.call('EndHelpers', { agent: pid })),
    undo,
    facts: await factsOf(ports),
    version,
  };
}

async function factsOf({ shell, helper }: Ports): Promise<MachineFacts> {
  const { boot } = await shell.call('GetBootId', {});
  const os = await shell.call('GetOsInfo', {});
  // Without it the machine can still say so, and take back what was left on it.
  const info = await helper.request('info', {}).catch(() => undefined);
  return {
    boot,
    os: { ...os, ...(info?.wine && { wine: true as const }) },
    clock: { frequency: info?.frequency ?? '1' },
    limits: { hold: HOLD },
    levels: { white: info !== undefined, black: info !== undefined },
  };
}

function adapterFor(on: MachineOn, ground: Ground, { run, target }: Offer): Adapter {
  if (!target) throw new RigRefusal('environment', 'The controller does not say what is to be tested');
  const { profile } = target.driver;
  const fault = messageFault('profile', 'result', profile);
  if (fault !== undefined) throw new RigRefusal('environment', `The profile of the driver cannot be used: ${fault}`);
  const { originate, ...tested } = target;
  const config: AgentConfig = { run, ...tested, ...(on.address !== undefined && { address: on.address }) };
  return on.adapter({ ...on.ports, ...(originate && { originate: on.originate(originate) }) }, config, ground);
}
