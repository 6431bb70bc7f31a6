import { expect } from 'chai';
import { STATUS } from '../../../adapters/emulator/machine';
import { Caller } from './caller';

describe('A DPC', () => {
  it('runs on the processor that it is meant for, and on any once it is made anew', () => {
    const caller = new Caller();
    const routine = caller.guest.imports.resolve('ntoskrnl.exe', 'PsGetCurrentThread') ?? 0n;
    const [dpc, number] = [caller.space(0x40), caller.space(4)];
    const cpus = (): (number | undefined)[] =>
      caller.kernel.recorder.crossings
        .filter(({ ddi, dir }) => ddi === 'CustomDpc' && dir === '->')
        .map(({ cpu }) => cpu);
    caller.do('KeInitializeDpc', dpc, routine, 0);
    expect(caller.do('KeGetProcessorNumberFromIndex', 5, number)).to.equal(BigInt(STATUS.SUCCESS));
    expect(caller.do('KeSetTargetProcessorDpcEx', dpc, number)).to.equal(BigInt(STATUS.SUCCESS));
    caller.do('KeInsertQueueDpc', dpc, 0, 0);
    caller.do('KeSetTargetProcessorDpc', dpc, 3);
    caller.do('KeInsertQueueDpc', dpc, 0, 0);
    expect(cpus()).to.deep.equal([5, 3]);
    caller.do('KeInitializeDpc', dpc, routine, 0);
    caller.do('KeInsertQueueDpc', dpc, 0, 0);
    expect(cpus()[2]).to.be.lessThan(3);
  });
});
