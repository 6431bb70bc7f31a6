import { expect } from 'chai';
import { appOf, ASK, askOf, countOf, selectionOf, stateOf } from '../../step-definitions/support/words';

describe('words of the sentences', () => {
  it('reads counts as figures and as words', () => {
    expect(['no', 'a', 'an', 'one', 'seven', 'ten', '12'].map(countOf)).to.deep.equal([0, 1, 1, 1, 7, 10, 12]);
  });

  it('reads states in any case', () => {
    expect(stateOf('Paused')).to.equal('Paused');
    expect(stateOf('restarting')).to.equal('Restarting');
    expect(() => stateOf('Halted')).to.throw('no state of a filter module');
  });

  it('tells applications apart', () => {
    expect(appOf('an application')).to.equal(appOf('the application'));
    expect(appOf('another application')).to.equal(appOf('the other application'));
    expect(appOf('another application')).not.to.equal(appOf('the application'));
    expect(appOf('application "X"')).to.equal('X');
  });

  it('reads selections', () => {
    expect(selectionOf('2 of them')).to.deep.equal({ count: 2 });
    expect(selectionOf('the last of them')).to.deep.equal({ count: 1 });
    expect(selectionOf('the newest of them')).to.deep.equal({ count: 1, order: 'newest-first' });
    expect(selectionOf('all of them')).to.deep.equal({});
    expect(selectionOf('all of them one by one, newest first')).to.deep.equal({
      oneChain: false,
      order: 'newest-first',
    });
    expect(selectionOf('the ones that the filter originated')).to.deep.equal({ origin: 'filter' });
    expect(selectionOf('the ones from below')).to.deep.equal({ origin: 'neighbour' });
  });

  it('reads what an application asks', () => {
    expect(askOf('indicate 2 receives')).to.deep.equal({ what: 'receive', count: 2 });
    expect(askOf('indicate a receive with NDIS_RECEIVE_FLAGS_RESOURCES')).to.deep.equal({
      what: 'receiveLowResources',
      count: 1,
    });
    expect(askOf('bypass the data path')).to.deep.equal({ what: 'bypass', count: 1 });
    expect(() => askOf('make coffee')).to.throw('nothing that an application can ask');
  });

  it('has one pattern for everything that can be asked', () => {
    const whole = new RegExp(`^(?:${ASK.source})$`);
    for (const words of ['indicate three receives', 'issue an OID request from a work item', 'hold sends']) {
      expect(words).to.match(whole);
    }
    expect('make coffee').not.to.match(whole);
  });
});
