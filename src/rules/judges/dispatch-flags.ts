/** SC-05: the DISPATCH_LEVEL flag of a data call tells the truth. */
import type { Crossing } from '../../trace';
import { DISPATCH_LEVEL } from '../../trace';
import { flagsOf } from './books/statuses';
import type { Court, Judge } from './court';

/** Bit 0 of send, send-complete, receive and return flags alike. */
const DISPATCH_LEVEL_FLAG = 0x1;
/** What is read from another file is looked up there each time. */
const HIGH = DISPATCH_LEVEL;

export function judgeDispatchFlags(court: Court): Judge {
  const tested = court.tested('SC-05');
  const calls = (crossing: Crossing): void => {
    const { irql } = crossing;
    if (irql === undefined || irql >= HIGH) return;
    const flags = flagsOf(crossing.args?.['flags']);
    if (flags === undefined) return;
    tested.count += 1;
    if ((flags & DISPATCH_LEVEL_FLAG) === 0) return;
    court.charge('SC-05', {
      at: crossing,
      witnesses: [court.books.threads.rootOf(crossing)],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} with the DISPATCH_LEVEL flag while it ran at IRQL ${irql}`,
    });
  };
  return {
    before: {
      '=>NdisFSendNetBufferLists': calls,
      '=>NdisFSendNetBufferListsComplete': calls,
      '=>NdisFIndicateReceiveNetBufferLists': calls,
      '=>NdisFReturnNetBufferLists': calls,
    },
  };
}
