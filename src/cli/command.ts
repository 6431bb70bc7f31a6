import type { Command } from 'commander';
import type { ExitCode } from './exit-code';
import type { Terminal } from './terminal';

/** What a command of `lwf` is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Standard input, for a trace that is piped in. */
  readonly stdin: NodeJS.ReadableStream;
  /** How the command ends. Last word wins. */
  exitWith(code: ExitCode): void;
}

/** Adds one command to the program. Each file in `commands/` exports one. */
export type AddCommand = (program: Command, context: CommandContext) => void;
