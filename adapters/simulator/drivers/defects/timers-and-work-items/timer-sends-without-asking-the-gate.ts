import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class TimerSendsWithoutAskingTheGate extends ReferenceFilter {
  override *sendFromTimer(module: FilterModule): Call<void> {
    const chain = yield* this.allocateChain(module, 1);
    if (!chain) return;
    yield* this.countOut(module, 'sends', 1);
    yield* this.sendOwn(module, chain, 0);
  }
}

export const timerSendsWithoutAskingTheGate = defect({
  name: 'timer-sends-without-asking-the-gate',
  breaks: 'TMR-03',
  explained: {
    'ATT-06': 'The timer may fire before the first restart.',
    'RST-04': 'Or while it is under way.',
  },
  story:
    'The timer was armed while the module was Running, and its callback takes that for granted. When it fires ' +
    'after a pause it sends all the same.',
  Filter: TimerSendsWithoutAskingTheGate,
});
