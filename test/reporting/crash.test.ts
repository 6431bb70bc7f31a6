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
      ...{
        p3: '0xFFFFA00000101234',
        p4: '0x0',
        instruction: 'my.sys!Write+0x4',
        registers: ['rax=0000000000000001', 'rip=0000000000000002'],
      },
      ...{
        blockTag: 'LwfH',
        blockAddress: '0xffffa00000000000',
        blockLength: 64,
        blockOffset: 32,
        blockFreeStack: ['my.sys!Close+0x29', 'my.sys!Dispatch+0x50'],
        blockAllocatedAt: 'my.sys!Open+0x30',
        blockFreedAt: 'my.sys!Close+0x29',
      },
    });
    const crash = crashOf({ bugcheck, trace });
    expect(crash && crashRows(crash)).to.deep.equal([
      'Arguments     1: 0xFFFFA00000000020  memory referenced',
      '              2: 0x0                 0 read, 2 write, 10h execute',
      '              3: 0xFFFFA00000101234  instruction that referenced it',
      '              4: 0x0                 kind of page fault',
      'Instruction   my.sys!Write+0x4',
      'Registers     rax=0000000000000001 rip=0000000000000002',
      'Stack         my.sys!Write+0x4',
      '              my.sys!Dispatch+0x41',
      "Block         0xffffa00000000000, 64 bytes, tag 'LwfH', touched at offset 32",
      'Allocated in  my.sys!Open+0x30',
      'Freed in      my.sys!Close+0x29',
      '              my.sys!Dispatch+0x50',
      'Crossing      #9',
    ]);
  });
});
