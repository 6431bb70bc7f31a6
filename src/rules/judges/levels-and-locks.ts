/** A handler leaves as it came, and blocks nobody: IRQ-02, LCK-01, LCK-02 and SP-10. */
import type { Crossing } from '../../trace';
import { DISPATCH_LEVEL } from '../../trace';
import type { Court, Hearing, Judge } from './court';

const EXITS = [
  '<-FilterAttach',
  '<-FilterDetach',
  '<-FilterRestart',
  '<-FilterPause',
  '<-FilterSetModuleOptions',
  '<-FilterSendNetBufferLists',
  '<-FilterSendNetBufferListsComplete',
  '<-FilterCancelSendNetBufferLists',
  '<-FilterReceiveNetBufferLists',
  '<-FilterReturnNetBufferLists',
  '<-FilterOidRequest',
  '<-FilterOidRequestComplete',
  '<-FilterCancelOidRequest',
  '<-FilterStatus',
  '<-FilterNetPnPEvent',
  '<-FilterDevicePnPEventNotify',
  '<-NdisTimerFunction',
  '<-NdisIoWorkItemFunction',
] as const;

/** Calls in which NDIS or a neighbour may come straight back into the filter on the same thread. */
const RE_ENTERING = [
  '=>NdisFSendNetBufferLists',
  '=>NdisFSendNetBufferListsComplete',
  '=>NdisFIndicateReceiveNetBufferLists',
  '=>NdisFReturnNetBufferLists',
  '=>NdisFOidRequest',
  '=>NdisFOidRequestComplete',
  '=>NdisFIndicateStatus',
  '=>NdisFNetPnPEvent',
] as const;

const DATA_HANDLERS = ['FilterSendNetBufferLists', 'FilterReceiveNetBufferLists'] as const;
const DATA_ENTRIES = DATA_HANDLERS.map((ddi) => `->${ddi}` as const);
const WAITS = ['=>NdisWaitEvent', '=>NdisMSleep', '=>ExWaitForRundownProtectionRelease'] as const;

/** What is read from another file is looked up there each time. */
const HIGH = DISPATCH_LEVEL;

/** A bugcheck that says all by its code. */
export const SPIN_LOCK_NOT_OWNED = '0x10';

export function judgeLevelsAndLocks(court: Court): Judge {
  const { threads } = court.books;
  const sameLevel = court.tested('IRQ-02');
  const released = court.tested('LCK-01');
  const reEntered = court.tested('LCK-02');
  const neverBlocks = court.tested('SP-10');

  const left = (crossing: Crossing): void => {
    const entry = threads.opener;
    if (entry === undefined) return;
    if (crossing.irql !== undefined && entry.irql !== undefined) {
      sameLevel.count += 1;
      if (crossing.irql !== entry.irql) {
        court.charge('IRQ-02', {
          at: crossing,
          witnesses: [entry],
          message: `${crossing.ddi} was entered at IRQL ${entry.irql} (#${entry.seq}) and returned at IRQL ${crossing.irql} (#${crossing.seq})`,
        });
      }
    }
    if (crossing.locks === undefined || entry.locks === undefined) return;
    released.count += 1;
    if (crossing.locks.length === 0) return;
    const kept = crossing.locks.find((lock) => !entry.locks?.includes(lock));
    if (kept === undefined) return;
    court.charge('LCK-01', {
      at: crossing,
      witnesses: [entry],
      message: `${crossing.ddi}, entered at #${entry.seq}, returned at #${crossing.seq} and still held ${kept}`,
    });
  };

  const mayReEnter: Hearing = (crossing) => {
    if (crossing.locks) reEntered.count += 1;
  };

  /** A thread waits for a lock that it holds itself: taken twice, or held over a call that came back. */
  const hangs = (crossing: Crossing): void => {
    const { args, thread } = crossing;
    const lock = args?.['waitsFor'];
    if (thread === undefined || args?.['heldBy'] !== thread || typeof lock !== 'string') return;
    const frames = threads.framesOf(crossing);
    const call = frames.find(({ dir, locks }) => dir === '=>' && locks?.includes(lock));
    const handler = frames.findLast(({ dir }) => dir === '->');
    const rule = call ? 'LCK-02' : 'LCK-01';
    const how = call
      ? `held ${lock} over ${call.ddi} at #${call.seq}, which came back into ${handler?.ddi ?? 'the filter'}, where it waits for the same lock`
      : `took ${lock} again although it held it`;
    court.charge(rule, {
      at: crossing,
      ...(handler?.module !== undefined && { module: handler.module }),
      witnesses: [call, handler],
      message: `The filter ${how}: the thread can never go on`,
    });
  };

  /** SPIN_LOCK_NOT_OWNED: released twice, by another thread, or never acquired. */
  const notOwned = (crossing: Crossing): void => {
    if (crossing.args?.['code'] !== SPIN_LOCK_NOT_OWNED) return;
    const handler = threads.handlerOf(crossing);
    if (handler === undefined) return;
    court.charge('LCK-01', {
      at: crossing,
      ...(handler.module !== undefined && { module: handler.module }),
      witnesses: [handler],
      message: `${handler.ddi}, entered at #${handler.seq}, released a spin lock that its thread did not hold`,
    });
  };

  const waits = (crossing: Crossing): void => {
    if (crossing.irql === undefined || crossing.irql < DISPATCH_LEVEL) return;
    const handler = DATA_HANDLERS.map((ddi) => threads.inside(crossing, ddi)).find((frame) => frame !== undefined);
    if (handler === undefined) return;
    court.charge('SP-10', {
      at: crossing,
      module: handler.module,
      witnesses: [handler],
      message: `${handler.ddi}, entered at #${handler.seq}, waits in ${crossing.ddi} at IRQL ${crossing.irql} (#${crossing.seq}); data handlers may run at DISPATCH_LEVEL and must not block`,
    });
  };

  const dataArrives = (crossing: Crossing): void => {
    if (crossing.irql !== undefined && crossing.irql >= HIGH) neverBlocks.count += 1;
  };

  return {
    before: {
      '!!Hang': hangs,
      '!!Bugcheck': notOwned,
    },
    beforeAny: [
      { keys: RE_ENTERING, hear: mayReEnter },
      { keys: WAITS, hear: waits },
      { keys: DATA_ENTRIES, hear: dataArrives },
    ],
    afterAny: [{ keys: EXITS, hear: left }],
  };
}
