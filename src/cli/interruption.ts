import { EXIT } from './exit-code';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

export interface Interruption {
  /** Aborted when the user, or the system, wants the work to end. */
  readonly signal: AbortSignal;
  /** Signals do again what they did. */
  readonly over: () => void;
}

/** Commands that end their work themselves when they are asked to. */
let watching = 0;

/**
 * Has Ctrl-C and its relatives ask for an end instead of ending. The second one ends at once.
 * @param target the process
 */
export function watchForInterruption(target: NodeJS.Process = process): Interruption {
  const asked = new AbortController();
  const ignore = onSignals(target, () => {
    if (!asked.signal.aborted) return asked.abort();
    target.stderr.write('lwf: interrupted again, and ended at once. What was there before is as it was.\n');
    target.exit(EXIT.cannotJudge);
  });
  watching += 1;
  return {
    signal: asked.signal,
    over: () => {
      watching -= 1;
      ignore();
    },
  };
}

/**
 * Has Ctrl-C and its relatives end the process with a word and the exit code of no verdict, unless a command watches for them.
 * What ends with the process, such as files that are not complete and programs that were started, ends in good order.
 * @param say where the word is written
 * @param target the process
 * @returns to be called when the command has ended: a signal that comes too late to end anything ends nothing
 */
export function endWhenInterrupted(say: (text: string) => void, target: NodeJS.Process = process): () => void {
  return onSignals(target, () => {
    if (watching > 0) return;
    say('lwf: interrupted: there is no result, and what was there before is as it was.\n');
    target.exit(EXIT.cannotJudge);
  });
}

/** @returns what ends the listening */
function onSignals(target: NodeJS.Process, listener: () => void): () => void {
  // Windows knows SIGINT and SIGBREAK, others do not know SIGBREAK; a signal that is not known is not listened to.
  const heard = SIGNALS.filter((name) => (target.platform === 'win32') === (name === 'SIGBREAK') || name === 'SIGINT');
  for (const name of heard) target.on(name, listener);
  return () => {
    for (const name of heard) target.off(name, listener);
  };
}
