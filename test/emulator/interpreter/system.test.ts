import { expect } from 'chai';
import { Bench } from './bench';

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
