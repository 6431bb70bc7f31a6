import { expect } from 'chai';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { Boots, KERNEL_MODULES } from '../../../adapters/emulator/machine';
import { Kernel } from '../../../src/kernel';
import { Booted, DATA, IMAGE_BASE } from './booted';

describe('Boots of one image', () => {
  let made = 0;
  const boots = new Boots(() => {
    made += 1;
    return createInterpreter(createMemory(8 * 1024 * 1024));
  });
  const { image, wdk } = new Booted().guest;
  const boot = (kernel: Kernel) => boots.boot({ image, wdk, kernel, modules: KERNEL_MODULES, name: 'little' });

  it('take a processor of their own while another boot is under way', () => {
    const kernels = [new Kernel(), new Kernel()];
    const [first, second] = kernels.map(boot);
    expect(first?.engine).to.not.equal(second?.engine);
    expect(made).to.equal(2);
    for (const kernel of kernels) kernel.abandon();
  });

  it('find memory as it was when the image had been mapped', () => {
    const kernel = new Kernel();
    const before = boot(kernel);
    const cookie = before.memory.u64(IMAGE_BASE + DATA + 0x800);
    before.memory.setU64(IMAGE_BASE + DATA, 7n);
    const block = before.allocate(64);
    before.memory.fill(block, 64, 0xff);
    kernel.abandon();
    const after = boot(new Kernel());
    expect(made).to.equal(2);
    expect(after.memory.u64(IMAGE_BASE + DATA)).to.equal(0n);
    expect(after.memory.u64(IMAGE_BASE + DATA + 0x800)).to.equal(cookie);
    expect(after.memory.u8(block)).to.equal(0);
    expect(after.memory.firstDenied('read', block, 64, 0)).to.equal(block);
    expect(after.memory.firstDenied('execute', IMAGE_BASE + 0x1000, 16, 0)).to.equal(undefined);
  });
});
