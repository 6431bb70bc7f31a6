import { expect } from 'chai';
import { Kernel, type SpinLock } from '../../src/kernel';
import { Chance, Machine } from '../../src/ndis';
import type { Wdk } from '../../src/ndis';

/** What a driver is given when it is loaded. */
function wdkOf(machine: Machine): Wdk {
  let given: Wdk | undefined;
  const loading = machine.load((wdk) => {
    given = wdk;
    return function* () {
      yield { point: 'loaded' };
      return 'STATUS_SUCCESS';
    };
  });
  machine.kernel.spawn('load', loading);
  machine.kernel.settle();
  if (!given) throw new Error('the driver was not loaded');
  return given;
}

describe('The functions that a driver can call', () => {
  it('are the same whenever they are asked for, need no receiver, and belong to one machine', () => {
    const allocateOn = (wdk: Wdk): unknown => Reflect.get(wdk, 'NdisAllocateSpinLock');
    const one = wdkOf(new Machine(new Kernel(), new Chance(undefined)));
    const other = wdkOf(new Machine(new Kernel(), new Chance(undefined)));
    const allocate = allocateOn(one) as () => SpinLock;
    expect(allocateOn(one)).to.equal(allocate);
    expect(allocateOn(other)).to.not.equal(allocate);
    expect([allocate().id, allocate().id, other.NdisAllocateSpinLock().id]).to.deep.equal(['lock1', 'lock2', 'lock1']);
  });
});
