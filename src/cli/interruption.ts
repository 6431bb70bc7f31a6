import { EXIT } from './exit-code';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

export interface Interruption {
  /** Aborted when the user, or the system, wants the work to end. */
  readonly signal: AbortSignal;
  /** Signals do again what they did. */
  readonly over: () => void;
}

/**
 * Has Ctrl-C and its relatives ask for an end instead of ending. The second one ends at once.
 * @param target the process
 */
export function watchForInterruption(target: NodeJS.Process = process): Interruption {
  const asked = new AbortController();
  const listener = (): void => {
    if (asked.signal.aborted) target.exit(EXIT.cannotJudge);
    asked.abort();
  };
  // Windows knows SIGINT and SIGBREAK, others do not know SIGBREAK; a signal that is not known is not listened to.
  const heard = SIGNALS.filter((name) => (target.platform === 'win32') === (name === 'SIGBREAK') || name === 'SIGINT');
  for (const name of heard) target.on(name, listener);
  return {
    signal: asked.signal,
    over: () => {
      for (const name of heard) target.off(name, listener);
    },
  };
}
