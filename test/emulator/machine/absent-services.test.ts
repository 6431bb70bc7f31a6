import { expect } from 'chai';
import { STATUS } from '../../../adapters/emulator/machine';
import { Caller } from './caller';

describe('Services that nobody is at the other end of', () => {
  it('register whoever asks, and keep nobody waiting', () => {
    const caller = new Caller();
    for (const role of ['Client', 'Provider']) {
      const handle = caller.space(8);
      expect(caller.do(`NmrRegister${role}`, 0, 0, handle)).to.equal(BigInt(STATUS.SUCCESS));
      const registered = caller.u64(handle);
      expect(registered).not.to.equal(0n);
      expect(caller.do(`NmrDeregister${role}`, registered)).to.equal(BigInt(STATUS.PENDING));
      expect(caller.do(`NmrWaitFor${role}DeregisterComplete`, registered)).to.equal(BigInt(STATUS.SUCCESS));
    }
  });

  it('take performance counters, and give the processor away to nobody', () => {
    const caller = new Caller();
    const registration = caller.space(8);
    expect(caller.do('PcwRegister', registration, 0)).to.equal(BigInt(STATUS.SUCCESS));
    expect(caller.u64(registration)).not.to.equal(0n);
    expect(caller.do('KeShouldYieldProcessor')).to.equal(0n);
  });
});
