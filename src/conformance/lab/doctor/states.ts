/** Whether NDIS tells of a state before or after it calls the driver: what is not documented, and what the probe can show. */
import type { NumberedObservation } from '../../../../adapters/harness/protocol';
import type { Crossing } from '../../../trace';
import { measured, notMeasured, spread, type Row } from './row';

/** The state that NDIS tells of around a call of the driver. */
const STATE_OF: Readonly<Record<string, string>> = {
  FilterAttach: 'Attaching',
  FilterRestart: 'Restarting',
  FilterPause: 'Pausing',
  FilterDetach: 'Detaching',
};
const STATES = new Set(Object.values(STATE_OF));

/** A call, or an event: which state it is about, and when, in milliseconds of one clock. */
interface Moment {
  readonly state: string;
  readonly time: number;
}

/**
 * @param crossings of a scenario, with times since the session of ETW began
 * @param seen what the machine saw up to its end: the beginning of that session, and the states of all filters
 * @param frequency of the performance counter, Hz
 * @returns a row for each kind of call
 */
export function orderOfStates(
  crossings: readonly Crossing[],
  seen: readonly NumberedObservation[],
  frequency: number,
): Row[] {
  const calls = crossings.flatMap(({ dir, ddi, time }): Moment[] => {
    const state = dir === '->' ? STATE_OF[ddi] : undefined;
    return state === undefined || time === undefined ? [] : [{ state, time }];
  });
  const fitting = [...toldOf(seen, frequency).values()].flatMap((told) => partLike(told, calls) ?? []);
  const why = whyNot(calls, fitting.length / Math.max(1, calls.length));
  return Object.entries(STATE_OF).map(([ddi, state]) => {
    const name = `${state}, as NDIS tells it, after the call of ${ddi}`;
    if (why !== undefined) return notMeasured(name, why);
    const gaps = calls.flatMap((call, index) =>
      call.state === state ? [(fitting[index]?.time ?? call.time) - call.time] : [],
    );
    if (gaps.length === 0) return notMeasured(name, 'there was no such call');
    const order = gaps.every((gap) => gap >= 0)
      ? 'after'
      : gaps.every((gap) => gap < 0)
        ? 'before'
        : 'before and after';
    return measured(name, `${order}: ${spread(gaps, 'ms')}`, gaps);
  });
}

function whyNot(calls: readonly Moment[], modules: number): string | undefined {
  if (calls.length === 0) return 'the driver reports no calls with their times: build it with the probe header';
  if (modules === 0) return 'no filter has the states of these calls, in their order';
  return modules > 1
    ? `${modules} filters on the machine have the states of these calls: which is the driver is not known`
    : undefined;
}

/** By module, in the order in which they were told. */
function toldOf(seen: readonly NumberedObservation[], frequency: number): Map<string, Moment[]> {
  const start = BigInt(seen.findLast(({ name }) => name === 'EtwSession')?.t ?? '0');
  const told = new Map<string, Moment[]>();
  for (const { name, module = '', args, t } of seen) {
    const state = args?.['state'];
    if (name !== 'FilterState' || typeof state !== 'string' || !STATES.has(state)) continue;
    const time = (Number(BigInt(t) - start) * 1000) / frequency;
    told.set(module, [...(told.get(module) ?? []), { state, time }]);
  }
  return told;
}

/** @returns the last part of what was told that has the states of the calls, in their order */
function partLike(told: readonly Moment[], calls: readonly Moment[]): readonly Moment[] | undefined {
  for (let from = told.length - calls.length; from >= 0; from -= 1) {
    if (calls.every(({ state }, index) => told[from + index]?.state === state))
      return told.slice(from, from + calls.length);
  }
  return undefined;
}
