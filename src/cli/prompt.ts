import { createInterface } from 'node:readline';
import { CannotJudge } from '../conformance/cannot-judge';

/** Questions to a person. */
export interface Prompt {
  /**
   * @param fallback what an empty answer means
   * @throws CannotJudge when no answer comes: Ctrl-C, Ctrl-D, the end of the input or of the terminal
   */
  ask(question: string, fallback: string): Promise<string>;
  /** To be called when there is nothing more to ask. */
  close(): void;
}

/**
 * @param input where answers come from, a line each
 * @param output where questions are written
 */
export function consolePrompt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Prompt {
  const lines = createInterface({ input, output });
  const early: string[] = [];
  let waiting: { readonly answer: (line: string) => void; readonly end: () => void } | undefined;
  let over = false;
  lines.on('line', (line) => {
    if (!waiting) return void early.push(line);
    const { answer } = waiting;
    // The lines that come with this one are for the questions to come.
    waiting = undefined;
    answer(line);
  });
  lines.on('SIGINT', () => lines.close());
  // A terminal that has gone.
  lines.on('error', () => lines.close());
  lines.on('close', () => {
    over = true;
    waiting?.end();
  });
  const nextLine = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const stop = (): void => reject(new CannotJudge('Stopped without an answer; nothing was written.'));
      const line = early.shift();
      if (line !== undefined) resolve(line);
      else if (over) stop();
      else waiting = { answer: resolve, end: stop };
    });
  return {
    async ask(question, fallback) {
      output.write(fallback === '' ? `${question}: ` : `${question} [${fallback}]: `);
      const line = await nextLine();
      return line.trim() === '' ? fallback : line.trim();
    },
    close: () => lines.close(),
  };
}
