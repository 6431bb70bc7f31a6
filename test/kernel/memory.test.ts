import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import { DRIVER_SCOPE, Kernel } from '../../src/kernel';

function on(kernel: Kernel, body: () => void): void {
  kernel.spawn(
    'driver',
    (function* (): Call<void> {
      body();
    })(),
  );
  kernel.settle();
}

describe('Pool memory', () => {
  it('behaves like the object it was made from', () => {
    const kernel = new Kernel();
    const block = kernel.pool.allocate({ count: 1, list: [1, 2] }, 'm1', 'Test');
    block.count += 1;
    block.list.push(3);
    expect(block).to.deep.equal({ count: 2, list: [1, 2, 3] });
    expect(kernel.pool.blockOf(block)).to.deep.equal({ id: 'mem1', scope: 'm1', tag: 'Test', freed: false });
    expect(kernel.pool.liveBlocks).to.have.length(1);
  });

  for (const [access, touch] of [
    ['read', (block: { count: number }) => block.count],
    ['write', (block: { count: number }) => (block.count = 2)],
  ] as const) {
    it(`stops the system on a ${access} after the free, and says what was touched`, () => {
      const kernel = new Kernel();
      const block = kernel.pool.allocate({ count: 1 }, 'm1', 'Test');
      kernel.pool.free(block);
      on(kernel, () => touch(block));
      expect(kernel.bugcheck?.code).to.equal('0x50');
      expect(kernel.recorder.crossings[0]).to.deep.include({
        dir: '!!',
        ddi: 'Access',
        args: { what: 'memory', object: 'mem1', tag: 'Test', scope: 'm1', access, field: 'count', freed: true },
      });
    });
  }

  it('stops the system when it is freed twice or was never allocated', () => {
    for (const pointer of ['freed', 'made up']) {
      const kernel = new Kernel();
      const block = kernel.pool.allocate({}, DRIVER_SCOPE, 'Test');
      kernel.pool.free(block);
      on(kernel, () => kernel.pool.free(pointer === 'freed' ? block : {}));
      expect(kernel.bugcheck?.code).to.equal('0xC2');
    }
  });
});
