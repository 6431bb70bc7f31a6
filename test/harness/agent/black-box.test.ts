import { expect } from 'chai';
import { BlackBox } from '../../../adapters/harness/agent/rig/black-box';
import { filterStateEvent, guidOf } from '../fake/ndis-events';

const LIFE = [
  'Attaching',
  'Paused',
  'Restarting',
  'Running',
  'Pausing',
  'Paused',
  'Restarting',
  'Running',
  'Pausing',
  'Paused',
];
const WHOLE = [...LIFE, 'Detaching', 'Detached'];

function seen(states: readonly string[]): BlackBox {
  const sight = new BlackBox('A', guidOf(2));
  sight.expectFilter();
  for (const state of states) {
    const told = filterStateEvent({ state, filter: 'mine', adapter: 'Ethernet 2', isDriver: true }, 1);
    sight.take({ ...told, t: '1' });
  }
  return sight;
}

describe('A driver that is seen from outside', () => {
  it('goes from state to state as NDIS has it', () => {
    const sight = seen(WHOLE);
    expect(sight.fault()).to.equal(undefined);
    expect(sight.crossings.map(({ args }) => args?.['state'])).to.deep.equal(WHOLE);
    expect(seen(['Attaching', 'Detached', 'Attaching', 'Paused', 'Detaching']).fault()).to.equal(undefined);
    expect(seen(['Attaching', 'Paused', 'Restarting', 'Paused']).fault()).to.equal(undefined);
  });

  it('misses the end of a module that is attached once more', () => {
    expect(seen(['Attaching', 'Paused', 'Detaching', 'Attaching']).fault()).to.match(/^Of m1 an event is missing: /);
  });

  it('misses an event where it would have gone another way', () => {
    for (let lost = 1; lost < WHOLE.length - 1; lost += 1) {
      const sight = seen(WHOLE.filter((_, at) => at !== lost));
      expect(sight.fault(), `${WHOLE[lost]}, the ${lost + 1}th`).to.match(/^Of m1 an event is missing: /);
    }
  });
});
