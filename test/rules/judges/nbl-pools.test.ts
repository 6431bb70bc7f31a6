import { expect } from 'chai';
import { attached, broken, exercised } from './trace-dsl';

const asksFor = (parameters: string): string => `${attached('m1')}
  t1: m1 =>NdisAllocateNetBufferListPool ${parameters}
  t1: m1 <=NdisAllocateNetBufferListPool pool=p1`;

describe('Judging pools (NBL-02)', () => {
  it('acquits contexts that are aligned, and data with net buffers', () => {
    for (const contextSize of [0, 16, 32])
      expect(broken(asksFor(`contextSize=${contextSize} dataSize=0 netBuffers=true`))).to.deep.equal([]);
    expect(broken(asksFor('contextSize=0 dataSize=1514 netBuffers=true'))).to.deep.equal([]);
  });

  it('condemns a context that is no multiple of MEMORY_ALLOCATION_ALIGNMENT', () => {
    for (const contextSize of [8, 24])
      expect(broken(asksFor(`contextSize=${contextSize} dataSize=0 netBuffers=true`))).to.deep.equal(['NBL-02']);
  });

  it('condemns data without net buffers', () => {
    expect(broken(asksFor('contextSize=0 dataSize=100 netBuffers=false'))).to.deep.equal(['NBL-02']);
  });

  it('says nothing about a pool of which the trace does not tell', () => {
    expect(exercised('NBL-02', asksFor('tag=Test'))).to.equal(0);
  });
});
