/** A connection that somebody who presses Ctrl-C does not wait for. */
import type { Clock } from '../../../adapters/harness/protocol';
import type { Channel, OpenChannel } from '../../../adapters/stdio';

/** @param isConnected a conversation is going on: that one is ended in good order, by whoever leads it */
export function interruptibleChannel(open: OpenChannel, signal: AbortSignal, isConnected: () => boolean): OpenChannel {
  return (listener) => {
    if (signal.aborted) {
      queueMicrotask(() => listener.closed('was not started, as the run was interrupted'));
      return NOBODY;
    }
    const hurry = (): void => {
      if (!isConnected()) channel.kill();
    };
    const channel = open({
      ...listener,
      bytes: (chunk) => listener.bytes(chunk),
      log: (text) => listener.log(text),
      closed(how) {
        signal.removeEventListener('abort', hurry);
        listener.closed(how);
      },
    });
    signal.addEventListener('abort', hurry);
    return channel;
  };
}

const NOBODY: Channel = { write: () => undefined, end: () => undefined, kill: () => undefined };

/** @returns a clock on which breaks end when the signal comes */
export function interruptibleClock(clock: Clock, signal: AbortSignal): Clock {
  return {
    every: (milliseconds, work) => clock.every(milliseconds, work),
    after(milliseconds, work) {
      const stop = clock.after(signal.aborted ? 0 : milliseconds, () => {
        signal.removeEventListener('abort', hurry);
        work();
      });
      const hurry = (): void => {
        stop();
        work();
      };
      if (!signal.aborted) signal.addEventListener('abort', hurry, { once: true });
      return () => {
        signal.removeEventListener('abort', hurry);
        stop();
      };
    },
  };
}
