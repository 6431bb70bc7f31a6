import { expect } from 'chai';
import { crossingText } from '../../src/trace';

describe('The line of a crossing', () => {
  it('names the crossing, the module, the DDI, the status, the chain and the IRQL', () => {
    const line = crossingText({
      seq: 41,
      dir: '<-',
      ddi: 'FilterPause',
      module: 'm1',
      status: 'NDIS_STATUS_SUCCESS',
      nbls: [{ nbl: 'n7' }, { nbl: 'n8', status: 'NDIS_STATUS_SUCCESS' }],
      irql: 0,
    });
    expect(line).to.equal('#41 m1 <-FilterPause = NDIS_STATUS_SUCCESS [n7, n8] (IRQL 0)');
  });

  it('leaves out what the crossing does not carry', () => {
    expect(crossingText({ seq: 1, dir: '->', ddi: 'DriverEntry' })).to.equal('#1 ->DriverEntry');
    expect(crossingText({ seq: 9, dir: '!!', ddi: 'Quiescent', args: {} })).to.equal('#9 !!Quiescent');
  });

  it('says which NBLs failed, who the neighbour is and what the flags mean', () => {
    expect(
      crossingText({
        seq: 7,
        dir: '=>',
        ddi: 'NdisFSendNetBufferListsComplete',
        module: 'm1',
        neighbour: 'filter:upper',
        nbls: [{ nbl: 'n1', status: 'NDIS_STATUS_PAUSED' }],
        args: { handle: 'h1', flags: 1 },
      }),
    ).to.equal('#7 filter:upper m1 =>NdisFSendNetBufferListsComplete [n1 NDIS_STATUS_PAUSED] (flags DISPATCH_LEVEL)');
    expect(
      crossingText({ seq: 8, dir: '->', ddi: 'FilterReceiveNetBufferLists', args: { count: 1, flags: 0x103 } }),
    ).to.equal('#8 ->FilterReceiveNetBufferLists (flags DISPATCH_LEVEL | RESOURCES | 0x100)');
  });

  it('shows the arguments that matter, a failed allocation among them', () => {
    expect(
      crossingText({
        seq: 3,
        dir: '<=',
        ddi: 'NdisAllocateMemoryWithTagPriority',
        module: 'm1',
        args: { memory: null, tag: 'Lwf1' },
        irql: 2,
        locks: ['L1'],
      }),
    ).to.equal('#3 m1 <=NdisAllocateMemoryWithTagPriority (memory null, IRQL 2, holding L1)');
  });

  it('says when the time is only known roughly', () => {
    expect(
      crossingText({ seq: 14, dir: '->', ddi: 'FilterPause', module: 'm1', certainty: { after: 12, before: 19 } }),
    ).to.equal('#14 m1 ->FilterPause (between #12 and #19)');
  });

  it('cuts long chains', () => {
    const nbls = Array.from({ length: 100 }, (_, i) => ({ nbl: `n${i}` }));
    expect(crossingText({ seq: 1, dir: '=>', ddi: 'NdisFReturnNetBufferLists', nbls })).to.equal(
      '#1 =>NdisFReturnNetBufferLists [n0, n1, n2, n3, n4, n5, … 94 more]',
    );
  });

  it('stays one harmless line whatever a file says', () => {
    const line = crossingText({ seq: 1, dir: '!!', ddi: 'Bugcheck', args: { reason: 'a\n\u001b[31mb\u2028c' } });
    expect(line).to.equal('#1 !!Bugcheck (reason a\u{fffd}\u{fffd}[31mb\u{fffd}c)');
  });
});
