import { expect } from 'chai';
import { broken, exercised, RUNNING } from './trace-dsl';

const handler = (name: string, inside: string, status: string, irql = 0): string => `${RUNNING}
  t1: m1 ->${name} request=o1 oid=OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES irql=0${inside}
  t1: m1 <-${name} = ${status} request=o1 irql=${irql}`;
const preview = (status: string, inside = '', irql = 0): string =>
  handler('FilterSynchronousOidRequest', inside, status, irql);
const complete = (status: string, inside = ''): string =>
  handler('FilterSynchronousOidRequestComplete', inside, status);

describe('Judging synchronous OID requests', () => {
  it('condemns a preview that pends, and acquits one that lets go on or ends it (SY-01)', () => {
    expect(broken(preview('PENDING'))).to.deep.equal(['SY-01']);
    for (const status of ['SUCCESS', 'ALREADY_COMPLETE', 'INVALID_DATA', 'NOT_SUPPORTED'])
      expect(broken(preview(status)), status).to.deep.equal([]);
    expect(exercised('SY-01', preview('SUCCESS'))).to.equal(1);
  });

  it('condemns a clone of the request and issuing it again, and acquits a request of its own (SY-02)', () => {
    const clones = '\n t1: m1 =>NdisAllocateCloneOidRequest request=o1\n t1: m1 <=NdisAllocateCloneOidRequest';
    expect(broken(preview('SUCCESS', clones))).to.deep.equal(['SY-02']);
    const issues = (request: string): string =>
      `\n t1: m1 =>NdisFSynchronousOidRequest handle=hm1 request=${request}\n t1: m1 <=NdisFSynchronousOidRequest = SUCCESS request=${request}`;
    expect(broken(preview('SUCCESS', issues('o1')))).to.include('SY-02');
    expect(broken(preview('SUCCESS', issues('o9')))).to.deep.equal([]);
  });

  it('condemns a handler that waits, or returns at another IRQL (SY-03)', () => {
    const sleeps = '\n t1: m1 =>NdisMSleep\n t1: m1 <=NdisMSleep';
    expect(broken(preview('SUCCESS', sleeps))).to.include('SY-03');
    expect(broken(complete('SUCCESS', sleeps))).to.include('SY-03');
    expect(broken(preview('SUCCESS', '', 2))).to.include('SY-03');
  });

  it('condemns a completion that leaves a status that is none (SY-04)', () => {
    expect(broken(complete('PENDING'))).to.deep.equal(['SY-04']);
    expect(broken(complete('ALREADY_COMPLETE'))).to.deep.equal(['SY-04']);
    expect(broken(complete('INVALID_DATA'))).to.deep.equal([]);
    expect(exercised('SY-04', complete('SUCCESS'))).to.equal(1);
  });
});
