/** The lab's own commands, run on this machine. */
import { spawn } from 'node:child_process';
import { RigRefusal } from '../../contract';
import { LastWords } from '../../stdio';
import type { Clock } from '../protocol';
import type { MachineCommands } from '../target';

export type MachineAction = keyof MachineCommands;

export interface MachineOptions {
  readonly commands: MachineCommands;
  readonly clock: Clock;
  /** Milliseconds that a command may take. */
  readonly limit: number;
  readonly log: (text: string) => void;
}

/** Runs a command. No shell reads it. @throws RigRefusal (environment, timeout) when it does not end well or in time */
export function machineCommand(action: MachineAction, { commands, clock, limit, log }: MachineOptions): Promise<void> {
  const [program = '', ...args] = commands[action];
  const lastWords = new LastWords();
  const said = (text: string): void => {
    lastWords.add(text);
    log(text);
  };
  return new Promise((resolve, reject) => {
    const failed = (kind: 'environment' | 'timeout', what: string): void =>
      reject(new RigRefusal(kind, `The lab's command for ${action} (${program}) ${what}${lastWords.told()}.`));
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: false, windowsHide: true });
    const stop = clock.after(limit, () => {
      failed('timeout', `did not end within ${limit / 1000} s`);
      child.kill('SIGKILL');
    });
    child.stdout.setEncoding('utf8').on('data', said);
    child.stderr.setEncoding('utf8').on('data', said);
    child.on('error', ({ message }) => {
      stop();
      failed('environment', `could not be started: ${message}`);
    });
    child.on('close', (code, signal) => {
      stop();
      if (code === 0) resolve();
      else failed('environment', code === null ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  });
}

/** Brings a machine back that nobody reaches: off, to the snapshot, on. @throws RigRefusal with the command that failed */
export async function revive(options: MachineOptions): Promise<void> {
  // What crashed may be off already.
  await machineCommand('powerOff', options).catch((failure: unknown) => options.log(`${String(failure)}\n`));
  await machineCommand('revert', options);
  await machineCommand('powerOn', options);
}
