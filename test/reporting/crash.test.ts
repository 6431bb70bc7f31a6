import { expect } from 'chai';
import { crashOf, crashRows } from '../../src/reporting/crash';
import type { Crossing } from '../../src/trace';

const bugcheck = 'PAGE_FAULT_IN_NONPAGED_AREA (0x50): the driver read mem5 (LwfH) at offset 32: it had been freed';

function stopped(args: NonNullable<Crossing['args']>): Crossing[] {
  return [{ seq: 9, dir: '!!', ddi: 'Bugcheck', time: 0, args }];
}

describe('what is known of a bugcheck', () => {
  it('is nothing while the system runs', () => {
    expect(crashOf({ trace: [] })).to.equal(undefined);
  });

  it('is its name and what the driver did, when no trace was kept', () => {
    expect(crashOf({ bugcheck, trace: [] })).to.deep.equal({
      title: 'PAGE_FAULT_IN_NONPAGED_AREA (0x50)',
      reason: 'the driver read mem5 (LwfH) at offset 32: it had been freed',
      details: [],
    });
  });

  it('is told in the order of a crash dump, a line for each function of the stack', () => {
    const trace = stopped({
      ...{ code: '0x50', p1: '0xFFFFA00000000020', p2: '0x0', stack: ['my.sys!Write+0x4', 'my.sys!Dispatch+0x41'] },
      ...{ blockTag: 'LwfH', blockAllocatedAt: 'my.sys!Open+0x30', blockFreedAt: 'my.sys!Close+0x29' },
    });
    const crash = crashOf({ bugcheck, trace });
    expect(crash && crashRows(crash)).to.deep.equal([
      'Parameters    0xFFFFA00000000020  0x0',
      'Stack         my.sys!Write+0x4',
      '              my.sys!Dispatch+0x41',
      "Block         tag 'LwfH'",
      'Allocated in  my.sys!Open+0x30',
      'Freed in      my.sys!Close+0x29',
    ]);
  });
});
