import { startsProcess } from '../../../../stdio';
import type { Clock } from '../../../protocol';
import type { Shell, ShellCommand, ShellCommands } from '../shell';
import { JsonProcess } from './json-process';
import { requireShape, SHELL_SHAPES } from './shapes';

export interface ShellOptions {
  /** powershell.exe of Windows PowerShell 5.1. */
  readonly program: string;
  /** host.ps1. */
  readonly script: string;
  readonly clock: Clock;
  readonly patience: number;
}

const NAME = 'PowerShell';

/** @returns one warm PowerShell, for all calls */
export function realShell({ program, script, clock, patience }: ShellOptions): Shell {
  // Nobody has to have signed the script: it came with the agent, which could do all of it without.
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', script];
  const host = new JsonProcess({
    name: NAME,
    open: startsProcess({ program, args }),
    ready: 'host/1',
    clock,
    patience,
  });
  return {
    async call<C extends ShellCommand>(
      command: C,
      parameters: ShellCommands[C]['parameters'],
    ): Promise<ShellCommands[C]['answer']> {
      const answer = await host.request({ command, parameters });
      return requireShape<ShellCommands[C]['answer']>(NAME, command, answer, SHELL_SHAPES[command]);
    },
    close: () => host.close(),
  };
}
