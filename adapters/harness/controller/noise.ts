/** What a login shell says before the agent does: passed on to people, up to a limit. */
import type { ChannelListener } from '../../stdio';

/** As every message of the agent begins, with the byte order mark that some systems put in front. */
const MESSAGE = /^\ufeff?\s*\{\s*"jsonrpc"/;
const LINE_FEED = 0x0a;
const MOST_NOISE = 64 * 1024;
/** More than this, for people, is not passed on. */
const MOST_LOG = 1024 * 1024;

/** @returns a listener that hands on bytes from the first line that is a message; what is no message after that is the agent's fault */
export function withoutNoise(listener: ChannelListener): ChannelListener {
  let waiting: Buffer | undefined = Buffer.alloc(0);
  let logged = 0;
  const log = (text: string): void => {
    if (logged > MOST_LOG) return;
    logged += text.length;
    listener.log(logged > MOST_LOG ? '\n(the machine says more, which is left out)\n' : text);
  };
  const handOn = (): void => {
    if (waiting && waiting.length > 0) listener.bytes(waiting);
    waiting = undefined;
  };
  return {
    bytes(chunk) {
      if (!waiting) {
        listener.bytes(chunk);
        return;
      }
      waiting = Buffer.concat([waiting, chunk]);
      for (;;) {
        if (MESSAGE.test(waiting.subarray(0, 64).toString()) || waiting.length > MOST_NOISE) {
          handOn();
          return;
        }
        const end = waiting.indexOf(LINE_FEED);
        if (end === -1) return;
        log(waiting.subarray(0, end + 1).toString());
        waiting = waiting.subarray(end + 1);
      }
    },
    log,
    closed(how) {
      if (waiting && waiting.length > 0) log(waiting.toString());
      listener.closed(how);
    },
  };
}
