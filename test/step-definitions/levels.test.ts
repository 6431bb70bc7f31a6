import { expect } from 'chai';
import { undecided } from '../../step-definitions/support/levels';

describe('What an adapter sees too little for', () => {
  const often = (): number => 1;
  const never = (): number => 0;

  it('is a rule that needs more than it promises to see', () => {
    expect(undecided(['@core', '@PAU-01'], 'white-box', often)).to.equal(undefined);
    expect(undecided(['@PAU-01'], 'black-box', often)).to.equal(
      'PAU-01 is decided by an adapter that sees every crossing, and this one only sees a driver from outside',
    );
    expect(undecided(['@SO-03'], 'white-box', often)).to.match(/sees every crossing and every access to memory/);
    expect(undecided(['@SO-03'], 'memory', often)).to.equal(undefined);
  });

  it('is, from outside, also a rule that nothing put to the test', () => {
    expect(undecided(['@PAU-11'], 'black-box', often)).to.equal(undefined);
    expect(undecided(['@PAU-11'], 'black-box', never)).to.match(/^no situation arose in which PAU-11/);
    expect(undecided(['@PAU-11'], 'white-box', never)).to.equal(undefined);
  });

  it('is nothing that stands under no rule', () => {
    expect(undecided(['@needs-originatesSends'], 'black-box', never)).to.equal(undefined);
  });
});
