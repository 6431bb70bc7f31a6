import type { Command } from 'commander';
import type { ExitCode } from './exit-code';
import type { Terminal } from './terminal';

/** What a command of `lwf` is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** How the command ends. Last word wins. */
  readonly exitWith: (code: ExitCode) => void;
}

/** Adds one command to the program. Each file in `commands/` exports one. */
export type AddCommand = (program: Command, context: CommandContext) => void;
