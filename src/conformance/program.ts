/** Adapters that are programs of their own. */
import { RigRefusal } from '../../adapters/contract';
import { connectAdapter, readCommand, startsProcess, type StdioAdapter } from '../../adapters/stdio';
import type { Subject } from './adapters';
import { CannotJudge } from './cannot-judge';
import { kitVersion } from './kit-root';

/** Longer than any honest answer on a machine that is busy: what takes time is an operation, and operations are asked about. */
const ANSWER_WITHIN_S = 30;

/**
 * @param command line of the program
 * @param signal aborted before it has answered: it is ended
 * @throws CannotJudge when it does not start, when it is interrupted, or does not answer as docs/adapter-protocol.md says
 */
export async function startProgram(
  { answerWithin = ANSWER_WITHIN_S }: Pick<Subject, 'answerWithin'>,
  command: string,
  signal?: AbortSignal,
): Promise<StdioAdapter> {
  let isAnswered = false;
  try {
    const starts = startsProcess(readCommand(command));
    const adapter = await connectAdapter({
      channel(listener) {
        const channel = starts(listener);
        // Later on it is asked to end its scenario.
        if (!isAnswered) signal?.addEventListener('abort', () => isAnswered || channel.kill(), { once: true });
        return channel;
      },
      controller: { name: 'ndis-lwf-spec', version: kitVersion },
      answerWithin: answerWithin * 1000,
      log: (text) => void process.stderr.write(text),
    });
    isAnswered = true;
    return adapter;
  } catch (failure) {
    if (signal?.aborted === true) throw new CannotJudge('interrupted before the adapter answered: nothing was played.');
    if (!(failure instanceof RigRefusal)) throw failure;
    throw new CannotJudge(`${failure.message} \`lwf adapter-check\` tells what an adapter does wrong.`, {
      cause: failure,
    });
  }
}
