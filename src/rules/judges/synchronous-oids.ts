/** FilterSynchronousOidRequest and FilterSynchronousOidRequestComplete: SY-01 to SY-04. */
import type { Crossing } from '../../trace';
import { PENDING } from './books/statuses';
import type { Court, Judge } from './court';

const PREVIEW = 'FilterSynchronousOidRequest';
const COMPLETE = 'FilterSynchronousOidRequestComplete';
const ALREADY_COMPLETE = 'NDIS_STATUS_ALREADY_COMPLETE';

export function judgeSynchronousOids(court: Court): Judge {
  const { books } = court;
  const tested = {
    final: court.tested('SY-01'),
    asItIs: court.tested('SY-02'),
    swift: court.tested('SY-03'),
    changed: court.tested('SY-04'),
  };

  const handlerAround = (crossing: Crossing): Crossing | undefined =>
    books.threads.inside(crossing, PREVIEW) ?? books.threads.inside(crossing, COMPLETE);

  const entered = (): void => {
    tested.asItIs.count += 1;
    tested.swift.count += 1;
  };

  const previewed = (crossing: Crossing): void => {
    tested.final.count += 1;
    sameIrql(crossing);
    if (crossing.status !== PENDING) return;
    court.charge('SY-01', {
      at: crossing,
      witnesses: [books.threads.openerOf(crossing)],
      message: `${PREVIEW} returned ${PENDING} at #${crossing.seq}; a synchronous request can go on or end, but not wait`,
    });
  };

  const completed = (crossing: Crossing): void => {
    tested.changed.count += 1;
    sameIrql(crossing);
    if (crossing.status !== PENDING && crossing.status !== ALREADY_COMPLETE) return;
    court.charge('SY-04', {
      at: crossing,
      witnesses: [books.threads.openerOf(crossing)],
      message: `${COMPLETE} left ${crossing.status} as the status of the request at #${crossing.seq}`,
    });
  };

  const sameIrql = (crossing: Crossing): void => {
    const entry = books.threads.openerOf(crossing);
    if (entry?.irql === undefined || crossing.irql === undefined || entry.irql === crossing.irql) return;
    court.charge('SY-03', {
      at: crossing,
      witnesses: [entry],
      message: `${crossing.ddi} was entered at IRQL ${entry.irql} (#${entry.seq}) and returned at IRQL ${crossing.irql} (#${crossing.seq})`,
    });
  };

  const waits = (crossing: Crossing): void => {
    const entry = handlerAround(crossing);
    if (!entry) return;
    court.charge('SY-03', {
      at: crossing,
      witnesses: [entry],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} inside ${entry.ddi}, entered at #${entry.seq}`,
    });
  };

  /** The request of the handler itself: one of its own it may issue. */
  const handsOn = (crossing: Crossing): void => {
    const entry = handlerAround(crossing);
    const request = entry?.args?.['request'];
    if (!entry || typeof request !== 'string' || crossing.args?.['request'] !== request) return;
    court.charge('SY-02', {
      at: crossing,
      witnesses: [entry],
      message: `The filter gave ${request}, which ${entry.ddi} got at #${entry.seq}, to ${crossing.ddi} at #${crossing.seq}`,
    });
  };

  return {
    before: {
      [`<-${PREVIEW}`]: previewed,
      [`<-${COMPLETE}`]: completed,
      '=>NdisWaitEvent': waits,
      '=>NdisMSleep': waits,
      '=>ExWaitForRundownProtectionRelease': waits,
      '=>NdisAllocateCloneOidRequest': handsOn,
      '=>NdisFOidRequest': handsOn,
      '=>NdisFDirectOidRequest': handsOn,
      '=>NdisFSynchronousOidRequest': handsOn,
    },
    after: { [`->${PREVIEW}`]: entered, [`->${COMPLETE}`]: entered },
  };
}
