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
 * @throws CannotJudge when it does not start, or does not answer as docs/adapter-protocol.md says
 */
export async function startProgram(
  { answerWithin = ANSWER_WITHIN_S }: Pick<Subject, 'answerWithin'>,
  command: string,
): Promise<StdioAdapter> {
  try {
    return await connectAdapter({
      channel: startsProcess(readCommand(command)),
      controller: { name: 'ndis-lwf-spec', version: kitVersion },
      answerWithin: answerWithin * 1000,
      log: (text) => void process.stderr.write(text),
    });
  } catch (failure) {
    if (!(failure instanceof RigRefusal)) throw failure;
    throw new CannotJudge(`${failure.message} \`lwf adapter-check\` tells what an adapter does wrong.`, {
      cause: failure,
    });
  }
}
