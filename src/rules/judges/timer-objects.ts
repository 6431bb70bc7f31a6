/** Timers and work items as objects: TMR-01 and TMR-02. */
import type { Crossing } from '../../trace';
import { PASSIVE_LEVEL } from '../../trace';
import type { Court, Judge } from './court';
import { LastSteps } from './last-steps';

export function judgeTimerObjects(court: Court): Judge {
  const { books } = court;
  const drained = court.tested('TMR-01');
  const paired = court.tested('TMR-02');
  const lastSteps = new LastSteps(court);
  /** Armed timers: how they were set. */
  const armed = new Map<string, Crossing>();
  /** Work items in the queue. */
  const queued = new Map<string, Crossing>();

  const timerOf = (crossing: Crossing): string | undefined => {
    const id = crossing.args?.['timer'];
    return typeof id === 'string' ? id : undefined;
  };
  const workItemOf = (crossing: Crossing): string | undefined => {
    const id = crossing.args?.['workItem'];
    return typeof id === 'string' ? id : undefined;
  };

  const set = (crossing: Crossing): void => {
    const timer = timerOf(crossing);
    if (timer !== undefined) armed.set(timer, crossing);
  };

  const fires = (crossing: Crossing): void => {
    const timer = timerOf(crossing);
    if (timer === undefined) armed.clear();
    else if (!isPeriodic(armed.get(timer))) armed.delete(timer);
  };

  const cancels = (crossing: Crossing): void => {
    const timer = timerOf(crossing);
    const setting = timer === undefined ? undefined : armed.get(timer);
    // Without a name it may have been any of them.
    if (timer === undefined) armed.clear();
    else armed.delete(timer);
    if (!isPeriodic(setting) || crossing.irql === undefined) return;
    drained.count += 1;
    if (crossing.irql === PASSIVE_LEVEL) return;
    court.charge('TMR-01', {
      at: crossing,
      witnesses: [setting],
      message: `The driver cancelled the periodic timer ${timer ?? ''} at IRQL ${crossing.irql} (#${crossing.seq}); that is for PASSIVE_LEVEL`,
    });
  };

  const freesTimer = (crossing: Crossing): void => {
    const timer = timerOf(crossing);
    if (timer === undefined) return;
    drained.count += 1;
    freedTwice('timer', timer, crossing);
    const setting = armed.get(timer);
    const running = runningCallback('NdisTimerFunction', 'timer', timer);
    armed.delete(timer);
    const charge = (witness: Crossing, why: string): void =>
      court.charge('TMR-01', {
        at: crossing,
        witnesses: [witness],
        message: `The driver freed timer ${timer} at #${crossing.seq} although ${why}`,
      });
    if (setting) charge(setting, `it is armed (#${setting.seq})`);
    else if (running) {
      const why = `its callback, entered at #${running.seq}, has not returned`;
      lastSteps.hold(running, crossing, () => charge(running, why));
    }
  };

  const queues = (crossing: Crossing): void => {
    const workItem = workItemOf(crossing);
    if (workItem !== undefined) queued.set(workItem, crossing);
  };

  const runs = (crossing: Crossing): void => {
    const workItem = workItemOf(crossing);
    if (workItem === undefined) queued.clear();
    else queued.delete(workItem);
  };

  const freesWorkItem = (crossing: Crossing): void => {
    const workItem = workItemOf(crossing);
    if (workItem === undefined) return;
    freedTwice('work item', workItem, crossing);
    const queuing = queued.get(workItem);
    queued.delete(workItem);
    if (!queuing) return;
    court.charge('TMR-02', {
      at: crossing,
      witnesses: [queuing],
      message: `The driver freed work item ${workItem} at #${crossing.seq} although it is in the queue (#${queuing.seq})`,
    });
  };

  const freedTwice = (kind: string, id: string, crossing: Crossing): void => {
    const known = books.ledger.find(id);
    if (!known) return;
    paired.count += 1;
    if (books.ledger.isLive(known)) return;
    court.charge('TMR-02', {
      at: crossing,
      witnesses: [known.at],
      message: `The driver freed ${kind} ${id} at #${crossing.seq}, which it had freed before`,
    });
  };

  /** A callback frame other than the one that frees its own object. */
  const runningCallback = (ddi: string, member: string, id: string): Crossing | undefined => {
    for (const open of books.threads.open()) if (open.ddi === ddi && open.args?.[member] === id) return open;
    return undefined;
  };

  return {
    forget: () => {
      lastSteps.forget();
      armed.clear();
      queued.clear();
    },
    before: {
      '=>NdisSetTimerObject': set,
      '->NdisTimerFunction': fires,
      '=>NdisCancelTimerObject': cancels,
      '=>NdisFreeTimerObject': freesTimer,
      '=>NdisQueueIoWorkItem': queues,
      '->NdisIoWorkItemFunction': runs,
      '=>NdisFreeIoWorkItem': freesWorkItem,
    },
    ...lastSteps.hearings(),
  };
}

function isPeriodic(setting: Crossing | undefined): boolean {
  const period = setting?.args?.['period'];
  return typeof period === 'number' && period > 0;
}
