/** Traffic that arrives while the module is not Running: PAU-13, PAU-14, RST-06, and the sends of ATT-06 and RST-11. */
import type { Crossing } from '../../trace';
import type { ModuleBook, Relation } from './books/module-book';
import { PAUSED, SUCCESS } from './books/statuses';
import type { Court, Judge } from './court';
import { Tentative } from './tentative';

export function judgeTrafficWhileNotRunning(court: Court): Judge {
  const { books } = court;
  const restarts = new Tentative(court);
  const { stopping } = books;
  const tested = new Map(['PAU-13', 'PAU-14', 'RST-06', 'ATT-06', 'RST-11'].map((rule) => [rule, court.tested(rule)]));
  const test = (rule: string): void => {
    const counter = tested.get(rule);
    if (counter) counter.count += 1;
  };

  /** The rule that says what happens to a send that came in at `since`; undefined when the module is or may be Running. */
  const sendRule = (module: ModuleBook, since: Crossing): string | undefined => {
    switch (module.state) {
      case 'Restarting':
        return module.restartEntry && since.seq > module.restartEntry.seq ? 'RST-06' : undefined;
      case 'Pausing':
        return module.pauseBarrier && since.seq > module.pauseBarrier.seq ? 'PAU-13' : undefined;
      case 'Paused':
        if (since.seq < module.since.seq)
          return module.pauseBarrier && since.seq > module.pauseBarrier.seq ? 'PAU-13' : undefined;
        if (module.pausedBecause === 'attached') return 'ATT-06';
        return module.pausedBecause === 'restart failed' ? 'RST-11' : 'PAU-13';
      default:
        return undefined;
    }
  };

  const accuse = (rule: string, module: ModuleBook, relation: Relation, crossing: Crossing, did: string): void => {
    const sentence = (): void =>
      court.charge(rule, {
        at: crossing,
        module: module.name,
        witnesses: [relation.since, module.pauseEnd ?? module.pauseEntry ?? module.attach],
        message: `${relation.kind === 'send' ? 'Send' : 'Receive'} ${relation.nbl} reached ${module.name} at #${relation.since.seq}, when it was ${module.state} and not Running, and the filter ${did} at #${crossing.seq}`,
      });
    const onRestartThread = books.threads.inside(crossing, 'FilterRestart')?.module === module.name;
    if (rule === 'RST-06' && !onRestartThread) restarts.hold(module.name, crossing, sentence);
    else sentence();
  };

  const passedDown = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined || module.state === 'Running') return;
    for (const view of crossing.nbls ?? []) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.kind !== 'send' || relation.place !== 'held') continue;
      const rule = sendRule(module, relation.since);
      if (rule !== undefined) accuse(rule, module, relation, crossing, 'passed it down');
    }
  };

  const completed = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined || module.state === 'Running') return;
    for (const view of crossing.nbls ?? []) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.kind !== 'send' || relation.place !== 'held' || isRefusal(module, view.status)) continue;
      const rule = sendRule(module, relation.since);
      if (rule !== undefined)
        accuse(
          rule,
          module,
          relation,
          crossing,
          `completed it with ${view.status ?? ''} instead of NDIS_STATUS_PAUSED`,
        );
    }
  };

  /** An adapter that goes away or to sleep is as good a reason; a status that is not written down may be the right one. */
  const isRefusal = (module: ModuleBook, status: string | undefined): boolean =>
    status === undefined || status === PAUSED || (status !== SUCCESS && stopping.since(module.name) !== undefined);

  const sendHandlerLeft = (crossing: Crossing): void => {
    const entry = books.threads.opener;
    const module = books.moduleOf(crossing);
    if (module === undefined || entry?.nbls === undefined || module.state === 'Running') return;
    for (const view of entry.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.since !== entry || relation.place !== 'held') continue;
      const rule = sendRule(module, entry);
      if (rule !== undefined) accuse(rule, module, relation, crossing, 'still held it when its handler returned');
    }
  };

  const receiveHandlerLeft = (crossing: Crossing): void => {
    const entry = books.threads.opener;
    const module = books.moduleOf(crossing);
    if (module === undefined || entry?.nbls === undefined || module.state === 'Running') return;
    const rule = sendRule(module, entry);
    if (rule === undefined) return;
    for (const view of entry.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.since !== entry || relation.place !== 'held' || relation.resources) continue;
      accuse(
        rule === 'RST-06' ? rule : 'PAU-14',
        module,
        relation,
        crossing,
        'still held it when its handler returned',
      );
    }
  };

  const sendArrived = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const rule = module && sendRule(module, crossing);
    if (rule !== undefined) test(rule);
  };

  const receiveArrived = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const rule = module && sendRule(module, crossing);
    if (rule !== undefined) test(rule === 'RST-06' ? rule : 'PAU-14');
  };

  return {
    forget: () => {
      restarts.forget();
    },
    before: {
      '=>NdisFRestartComplete': (crossing) => restarts.completed(crossing),
      '<-FilterRestart': (crossing) => restarts.returned(crossing),
      '!!Quiescent': () => restarts.standAll(),
    },
    beforeAny: [
      { keys: ['=>NdisFSendNetBufferLists'], hear: passedDown, unlessRunning: true },
      { keys: ['=>NdisFSendNetBufferListsComplete'], hear: completed, unlessRunning: true },
    ],
    afterAny: [
      { keys: ['<-FilterSendNetBufferLists'], hear: sendHandlerLeft, unlessRunning: true },
      { keys: ['<-FilterReceiveNetBufferLists'], hear: receiveHandlerLeft, unlessRunning: true },
      { keys: ['->FilterSendNetBufferLists'], hear: sendArrived, unlessRunning: true },
      { keys: ['->FilterReceiveNetBufferLists'], hear: receiveArrived, unlessRunning: true },
    ],
  };
}
