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

/**
 * @param crossings of a scenario, with times since the session of ETW began
 * @param seen what the machine saw meanwhile: the beginning of that session, and the states
 * @param frequency of the performance counter, Hz
 * @returns a row for each kind of call
 */
export function orderOfStates(
  crossings: readonly Crossing[],
  seen: readonly NumberedObservation[],
  frequency: number,
): Row[] {
  const start = seen.findLast(({ name }) => name === 'EtwSession')?.t;
  const states = seen.flatMap(({ name, args, t }) =>
    name === 'FilterState' && start !== undefined
      ? [{ state: String(args?.['state']), time: (Number(BigInt(t) - BigInt(start)) * 1000) / frequency }]
      : [],
  );
  return Object.entries(STATE_OF).map(([ddi, state]) => {
    const name = `${state}, as NDIS tells it, after the call of ${ddi}`;
    const told = states.filter((each) => each.state === state);
    const calls = crossings.filter((crossing) => crossing.dir === '->' && crossing.ddi === ddi);
    const times = calls.flatMap(({ time }) => (time === undefined ? [] : [time]));
    if (times.length === 0)
      return notMeasured(name, 'the driver reports no such call with its time: build it with the probe header');
    if (told.length !== times.length)
      return notMeasured(name, `${calls.length} calls and ${told.length} events were seen, which are no pairs`);
    const gaps = times.map((time, index) => (told[index]?.time ?? 0) - time);
    const order = gaps.every((gap) => gap >= 0)
      ? 'after'
      : gaps.every((gap) => gap < 0)
        ? 'before'
        : 'before and after';
    return measured(name, `${order}: ${spread(gaps, 'ms')}`, gaps);
  });
}
