/** A rig on a scripted machine, with the journal in memory. */
import type { DriverProfile, Rig } from '../../../adapters/contract';
import {
  agentAdapter,
  Changes,
  Journal,
  undoOn,
  type AgentConfig,
  type JournalFile,
} from '../../../adapters/harness/agent';
import type { Observation } from '../../../adapters/harness/protocol';
import { ADAPTER, DUT, ScriptedMachine, type Script } from './scripted-machine';

export const PROFILE: DriverProfile = { capabilities: [], requests: {} };

export const CONFIG: AgentConfig = {
  run: 'run-1',
  adapter: { name: ADAPTER, kind: 'fnmp' },
  driver: { name: 'mylwf', component: DUT, service: 'mylwf', profile: PROFILE, probe: false },
  address: '192.0.2.1',
};

export class MemoryJournal implements JournalFile {
  private bytes = Buffer.alloc(0);

  read(): Buffer {
    return this.bytes;
  }

  append(more: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, more]);
  }

  sync(): void {
    // It is in memory.
  }

  truncate(length: number): void {
    this.bytes = this.bytes.subarray(0, length);
  }
}

export interface InRig {
  readonly machine: ScriptedMachine;
  readonly changes: Changes;
  readonly seen: Observation[];
  readonly adapter: ReturnType<typeof agentAdapter>;
}

export function onMachine(script: Script = {}, config: AgentConfig = CONFIG): InRig {
  const machine = new ScriptedMachine(script);
  const { ports } = machine;
  const changes = new Changes(new Journal(new MemoryJournal()), undoOn(ports), () => true);
  const seen: Observation[] = [];
  const ground = { changes, observe: (observation: Observation) => void seen.push(observation) };
  return { machine, changes, seen, adapter: agentAdapter(ports, config, ground) };
}

/** A rig with the driver loaded and its module Running on adapter A. */
export async function running(inRig: InRig): Promise<Rig> {
  const rig = await inRig.adapter.open({ seed: 1 });
  await rig.load();
  await rig.addAdapter('A');
  await rig.enableAdapter('A');
  inRig.machine.takeTold();
  return rig;
}
