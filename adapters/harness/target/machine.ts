/** The four commands that bring a machine back. */
import { join } from 'node:path';
import type { Problems } from '../../emulator/profile';
import type { MachineCommands } from './target';

export interface RawMachine {
  readonly preset?: 'hyper-v';
  readonly vm?: string;
  readonly snapshot?: string | readonly string[];
  readonly revert?: readonly string[];
  readonly powerOn?: readonly string[];
  readonly powerOff?: readonly string[];
}

const ACTIONS = ['snapshot', 'revert', 'powerOn', 'powerOff'] as const;

/** @returns undefined when something is wrong, which is added to the problems */
export function readMachine(raw: RawMachine, problems: Problems): MachineCommands | undefined {
  return raw.preset === undefined ? readCommands(raw, problems) : readPreset(raw, problems);
}

function readCommands(raw: RawMachine, problems: Problems): MachineCommands | undefined {
  if (raw.vm !== undefined) problems.add(['machine', 'vm'], '"vm" is for a preset: add "preset: hyper-v"', 'key');
  const { snapshot, revert, powerOn, powerOff } = raw;
  if (typeof snapshot === 'object' && revert && powerOn && powerOff) return { snapshot, revert, powerOn, powerOff };
  const missing = ACTIONS.filter((action) => raw[action] === undefined);
  problems.add(
    ['machine'],
    missing.length > 0
      ? `"machine" lacks ${missing.map((action) => `"${action}"`).join(', ')}: a command each, [program, argument, …]; or "preset: hyper-v" with "vm" and "snapshot"`
      : '"machine.snapshot" is a command, [program, argument, …], where there is no preset',
  );
  return undefined;
}

function readPreset({ vm, snapshot, ...own }: RawMachine, problems: Problems): MachineCommands | undefined {
  for (const action of ACTIONS) {
    if (action !== 'snapshot' && own[action])
      problems.add(['machine', action], `the preset hyper-v has a command for "${action}": leave it out`, 'key');
  }
  if (vm !== undefined && typeof snapshot === 'string') return hyperV(vm, snapshot);
  problems.add(
    ['machine'],
    'the preset hyper-v needs "vm" and "snapshot": the names of the machine and of its checkpoint',
  );
  return undefined;
}

/** A file, and not a text of commands: what follows it are values, whatever is in them. */
const SCRIPT = join(__dirname, 'hyper-v.ps1');

/** @param vm name of the virtual machine @param snapshot name of the checkpoint, made and reverted to */
export function hyperV(vm: string, snapshot: string): MachineCommands {
  const command = (action: string): readonly string[] => [
    'powershell.exe',
    ...['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', SCRIPT],
    ...['-Action', action, '-VM', vm, '-Snapshot', snapshot],
  ];
  return {
    snapshot: command('Snapshot'),
    revert: command('Revert'),
    powerOn: command('PowerOn'),
    powerOff: command('PowerOff'),
  };
}
