import { CommanderError } from 'commander';
import { CannotJudge } from '../conformance/cannot-judge';
import { ownModuleOf } from '../conformance/own-modules';
import { printable } from '../reporting/terminal/paint';

/**
 * What the user reads about a failure: one line that says what is wrong, where, and what to do about it.
 * @param failure anything that was thrown
 * @param debug add the stack of a failure that is the kit's own fault (environment variable LWF_DEBUG)
 */
export function complaint(failure: unknown, debug: boolean): string {
  if (failure instanceof CommanderError) return `lwf: ${usageComplaint(failure)}\n`;
  if (failure instanceof CannotJudge) return `lwf: ${oneLine(failure.message)}\n`;
  if (isOfNoFolder(failure)) return 'lwf: The working folder was removed: change to one that is there.\n';
  const message = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  const place = ownModuleOf(failure);
  if (place !== undefined) {
    return `lwf: ${place} failed (${oneLine(message)}), and nobody was there to catch it. There is no result.\n`;
  }
  const remedy = debug ? 'please report it with the stack below' : 'please report it with the output of LWF_DEBUG=1';
  const stack = debug && failure instanceof Error && failure.stack !== undefined ? `${failure.stack}\n` : '';
  return `lwf: internal error (${oneLine(message)}); ${remedy}\n${stack}`;
}

/** Whoever removes the folder that a shell is in takes relative paths their beginning. */
function isOfNoFolder(failure: unknown): boolean {
  return failure instanceof Error && 'syscall' in failure && failure.syscall === 'uv_cwd';
}

/** Commander writes `error: unknown option '--tgas'`, with its suggestion on a line of its own. */
function usageComplaint({ message }: CommanderError): string {
  return `${oneLine(message.replace(/^error: /, '')).replace(/\.$/, '')}; \`lwf --help\` lists commands and options.`;
}

/** What is quoted from a file may hold anything, and control characters would move the cursor, or hide what was said. */
function oneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' ').trim());
}
