import { expect } from 'chai';
import { address, Bench, DATA } from './bench';

describe('what the interpreter says of its processor', () => {
  it('tells time by the instructions that it has executed', () => {
    const bench = new Bench('90 90 0f31 4889c3 0f01f9').with({ rax: -1n + (1n << 64n), rdx: -1n + (1n << 64n) });
    bench.run();
    expect(bench.registers.get('rbx')).to.equal(2n);
    expect(bench.registers.get('rax')).to.equal(4n);
    expect(bench.registers.get('rdx')).to.equal(0n);
    expect(bench.registers.get('rcx')).to.equal(0n);
  });

  it('offers SSE2, cmpxchg16b and popcnt, and nothing newer', () => {
    const bench = new Bench('0fa2').with({ rax: 1n });
    bench.run();
    const ecx = bench.registers.get('rcx');
    expect(ecx).to.equal((1n << 13n) | (1n << 23n));
    expect((bench.registers.get('rdx') >> 26n) & 1n).to.equal(1n);
  });

  it('promises neither of the units whose registers it has not', () => {
    const bench = new Bench('0fa2').with({ rax: 1n });
    bench.run();
    expect(bench.registers.get('rdx') & ((1n << 0n) | (1n << 23n))).to.equal(0n);
  });

  it('saves and restores what there is of the floating-point state', () => {
    // mov dword [rbx], 1fa0h; ldmxcsr [rbx]; fxsave64 [rbx + 16]; pxor xmm9, xmm9; mov dword [rbx], 1f80h; ldmxcsr [rbx];
    // fxrstor64 [rbx + 16]; stmxcsr [rbx]
    const bench = new Bench('c703a01f0000 0fae13 480fae4310 66450fefc9 c703801f0000 0fae13 480fae4b10 0fae1b').with({
      rbx: address(DATA),
    });
    const value = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
    bench.registers.setXmm(9, value);
    expect(bench.run()).to.deep.equal({ kind: 'fetch' });
    expect(bench.registers.xmm(9)).to.deep.equal(value);
    expect(bench.memory.u32(DATA)).to.equal(0x1fa0);
    expect(bench.memory.u16(DATA + 16)).to.equal(0x27f);
    expect(bench.memory.u32(DATA + 16 + 24)).to.equal(0x1fa0);
    expect(Buffer.from(bench.memory.bytes.subarray(DATA + 16 + 160 + 144)).subarray(0, 16)).to.deep.equal(
      Buffer.from(value),
    );
  });

  it('restores no state of units that it has not, and nothing from a misaligned place', () => {
    const bench = new Bench('0fae0b').with({ rbx: address(DATA) });
    expect(bench.run()).to.deep.equal({ kind: 'unsupported', mnemonic: 'fxrstor' });
    bench.with({ rbx: address(DATA + 8) });
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'read', address: address(DATA + 8), size: 512 });
  });

  it('is in the kernel by its selectors', () => {
    const bench = new Bench('8cc8 8cd3 8ce1');
    bench.run();
    expect(['rax', 'rbx', 'rcx'].map((name) => bench.registers.get(name as 'rax'))).to.deep.equal([
      0x10n,
      0x18n,
      0x53n,
    ]);
  });

  it('is of a vendor that drivers know', () => {
    const bench = new Bench('0fa2').with({ rax: 0n });
    bench.run();
    const words = ['rbx', 'rdx', 'rcx'] as const;
    const bytes = Buffer.alloc(12);
    words.forEach((name, index) => bytes.writeUInt32LE(Number(bench.registers.get(name)), index * 4));
    expect(bytes.toString('latin1')).to.equal('GenuineIntel');
  });

  it('takes hints, fences and interrupt masking as nothing to do', () => {
    const bench = new Bench('90 0f1f440000 f390 f30f1efa 0fae e8 0faef0 0faef8 0f1803 0f0d0b fa fb').with({ rbx: 0n });
    expect(bench.run()).to.deep.equal({ kind: 'fetch' });
    expect(bench.engine.instructions).to.equal(11);
  });

  it('keeps what popfq may not change', () => {
    const bench = new Bench('9d 9c 58');
    bench.registers.set('rsp', bench.registers.get('rsp') - 8n);
    bench.memory.setU64(0x8ff8, 0x1a_0cd5n);
    bench.run();
    expect(bench.registers.get('rax')).to.equal(0x0cd7n);
  });

  it('does not single-step', () => {
    const bench = new Bench('9d');
    bench.registers.set('rsp', bench.registers.get('rsp') - 8n);
    bench.memory.setU64(0x8ff8, 0x100n);
    expect(bench.run()).to.deep.equal({ kind: 'unsupported', mnemonic: 'popfq with TF' });
  });
});
