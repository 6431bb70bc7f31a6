import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class StartsLifeWithTheGateOpen extends ReferenceFilter {
  override *initializeGate(): Call<void> {}
}

export const startsLifeWithTheGateOpen = defect({
  name: 'starts-life-with-the-gate-open',
  breaks: 'ATT-06',
  explained: {
    'DEV-04': 'The send that goes out too early is one that an application asked for.',
    'TMR-03': 'A timer that fires before the first restart finds the gate open as well.',
    'RST-04': 'The gate is open while the first restart is under way, too.',
    'RST-06': 'The same for sends from above.',
  },
  story:
    'The constructor of the module context sets its state to running. Between the attach and the first restart ' +
    'the driver sends for any application that asks, and passes on what it is given, through a stack that is not ' +
    'put together yet. Seen in a widely used capture driver.',
  Filter: StartsLifeWithTheGateOpen,
});
