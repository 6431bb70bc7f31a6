/** Reads a trace fast: what is in it is told, not collected. */
import type { TraceListener } from '../parser';
import { Pieces } from '../reader';
import { Rebuilder } from './rebuilder';
import { Scanner } from './scanner';

/**
 * Reads a trace as `readTrace` does, with the same crossings and problems in the same order, several times as fast. Crossings
 * share what is alike in them (arguments, chains), and absent members may be there as undefined.
 * @param source chunks of UTF-8 or of text, cut anywhere
 * @param listener is told what is in it, in the order of the source
 */
export async function scanTrace(
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  listener: TraceListener,
): Promise<void> {
  const scanner = new Scanner();
  const rebuilder = new Rebuilder(listener);
  const pieces = new Pieces();
  const pass = (): void => {
    const { records } = scanner;
    rebuilder.take(records.numbers, records.length);
    records.length = 0;
  };
  let failure: unknown;
  try {
    for await (const chunk of source) {
      for (const piece of pieces.of(chunk)) {
        scanner.space().set(piece);
        scanner.scan(piece.length);
        pass();
        if (rebuilder.isStopped) return;
      }
    }
  } catch (thrown) {
    failure = thrown ?? new Error('no reason given');
  }
  scanner.end();
  pass();
  rebuilder.end(failure);
}
