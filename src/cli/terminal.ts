import { CannotJudge } from '../conformance/cannot-judge';
import { whyNot } from '../conformance/why-not';
import { consolePrompt, type Prompt } from './prompt';

/** Where a command writes. Tests give it two arrays instead of a console. */
export interface Terminal {
  /** What the user asked for. */
  readonly out: (text: string) => void;
  /** What the user must know about it: complaints, and progress that scrolls away. */
  readonly err: (text: string) => void;
  /** A person is watching: a line may be rewritten. */
  readonly interactive: boolean;
  /** What is written with `out` may be coloured. */
  readonly colour: boolean;
  /** Begins to ask a person. Absent where nobody can answer: nothing ever waits for an answer then. */
  readonly prompt?: () => Prompt;
}

/**
 * The console. A reader that goes away (`lwf check trace.ndjson | head -1`) ends the output, not the command: the verdict
 * is still in the exit code, and reports are still written.
 */
export function consoleTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (failure: NodeJS.ErrnoException) => {
      if (failure.code === 'EPIPE') return;
      const name = stream === process.stdout ? 'Standard output' : 'Standard error';
      throw new CannotJudge(`${name} cannot be written (${whyNot(failure)}).`, { cause: failure });
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
    colour: wantsColour(process.stdout.isTTY, process.env),
    ...(process.stdin.isTTY && process.stderr.isTTY && { prompt: () => consolePrompt(process.stdin, process.stderr) }),
  };
}

/** A pipe gets plain text, in a CI job too, unless FORCE_COLOR says otherwise. */
function wantsColour(isTerminal: boolean, { NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return isTerminal || (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0');
}
