import { expect } from 'chai';
import { address, Bench, CODE, DATA, NOTHING, READ_ONLY, STACK_TOP } from './bench';

describe('how the interpreter reaches memory', () => {
  it('leaves a repeated move where it faults, ready to go on', () => {
    const bench = new Bench('f348a5').with({
      rcx: 100n,
      rsi: address(DATA),
      rdi: address(READ_ONLY - 20),
    });
    bench.memory.fill(DATA, 64, 0x5a);
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'write', address: address(READ_ONLY - 4), size: 8 });
    expect(bench.registers.get('rcx')).to.equal(98n);
    expect(bench.registers.get('rsi')).to.equal(address(DATA + 16));
    expect(bench.registers.get('rdi')).to.equal(address(READ_ONLY - 4));
    expect(bench.at).to.equal(0);
    expect([...bench.memory.bytes.slice(READ_ONLY - 20, READ_ONLY)].filter((byte) => byte === 0x5a)).to.have.length(16);
    bench.memory.protect(READ_ONLY, 0x1000, { read: true, write: true, execute: false });
    bench.with({ rcx: 3n });
    expect(bench.run(1)).to.deep.equal({ kind: 'budget' });
    expect(bench.registers.get('rcx')).to.equal(0n);
    expect(bench.engine.instructions).to.equal(1);
  });

  it('faults on the source before the destination', () => {
    const bench = new Bench('a4').with({ rsi: address(NOTHING), rdi: address(NOTHING + 1) });
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'read', address: address(NOTHING), size: 1 });
  });

  it('fills and moves downwards, element by element', () => {
    const fill = new Bench('fd f3aa').with({ rcx: 100n, rdi: address(DATA + 2), rax: 0x41n });
    const exit = fill.run();
    expect(exit).to.deep.equal({ kind: 'fault', access: 'write', address: address(DATA - 1), size: 1 });
    expect(fill.registers.get('rcx')).to.equal(97n);
    expect([...fill.memory.bytes.slice(DATA, DATA + 4)]).to.deep.equal([0x41, 0x41, 0x41, 0]);
  });

  it('repeats a pattern when a move runs into its own source', () => {
    const bench = new Bench('f3a4').with({ rcx: 9n, rsi: address(DATA), rdi: address(DATA + 3) });
    bench.memory.write(DATA, Uint8Array.of(1, 2, 3));
    bench.run();
    expect([...bench.memory.bytes.slice(DATA, DATA + 12)]).to.deep.equal([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });

  it('keeps the flags of before when a repeated compare faults', () => {
    const bench = new Bench('f3a6').with({ rcx: 9n, rsi: address(READ_ONLY), rdi: address(NOTHING - 2) });
    bench.registers.rflags = 0x8d7n;
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'read', address: address(NOTHING), size: 1 });
    expect(bench.registers.rflags).to.equal(0x8d7n);
    expect(bench.registers.get('rcx')).to.equal(7n);
  });

  it('does nothing, and checks nothing, for a count of zero', () => {
    for (const code of ['f3a4', 'f3aa', 'f3a6', 'f2ae', 'f3ac']) {
      const bench = new Bench(code).with({ rcx: 0n, rsi: 0n, rdi: 0n });
      expect(bench.run(1)).to.deep.equal({ kind: 'budget' });
    }
  });

  it('adds the base of gs, and 0 for fs', () => {
    const bench = new Bench('65488b042588010000 64488b0b');
    bench.registers.gsBase = address(DATA);
    bench.memory.setU64(DATA + 0x188, 0x1122_3344_5566_7788n);
    bench.memory.setU64(DATA, 99n);
    bench.with({ rbx: address(DATA) });
    bench.run();
    expect(bench.registers.get('rax')).to.equal(0x1122_3344_5566_7788n);
    expect(bench.registers.get('rcx')).to.equal(99n);
  });

  it('reads relative to rip, and cuts addresses to 32 bits when asked to', () => {
    const bench = new Bench('8b05fa2f0000 678b03').with({ rbx: address(DATA) });
    bench.memory.setU32(CODE + 6 + 0x2ffa, 7);
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'read', address: BigInt(DATA), size: 4 });
    expect(bench.at).to.equal(6);
  });

  it('runs code as it is now, after the guest or the host has written it', () => {
    // mov byte [rip + 1], 0x42; mov al, 0x41 (the operand is what is written)
    const bench = new Bench('c6050100000042 b041 ebf5');
    bench.memory.protect(CODE, 11, { read: true, write: true, execute: true });
    bench.run(1);
    bench.run(1);
    expect(bench.registers.get('rax') & 0xffn).to.equal(0x42n);
    bench.memory.setU8(CODE + 8, 0x43);
    bench.registers.rip = address(CODE + 7);
    bench.run(1);
    expect(bench.registers.get('rax') & 0xffn).to.equal(0x43n);
  });

  it('tests a bit far from its operand', () => {
    const bench = new Bench('480fab03 0fa30b').with({ rbx: address(DATA + 64), rax: -512n + (1n << 64n), rcx: 4096n });
    bench.run(1);
    expect(bench.memory.bytes[DATA]).to.equal(1);
    bench.with({ rbx: address(READ_ONLY + 0xe00) });
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'read', address: address(NOTHING), size: 4 });
  });

  it('wants cmpxchg16b aligned', () => {
    const bench = new Bench('f0480fc70b').with({ rbx: address(DATA + 8) });
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'write', address: address(DATA + 8), size: 16 });
  });

  it('pops through rsp as it is after the pop', () => {
    const bench = new Bench('8f0424').with({ rsp: address(STACK_TOP - 16) });
    bench.memory.setU64(STACK_TOP - 16, 5n);
    bench.run();
    expect(bench.memory.u64(STACK_TOP - 8)).to.equal(5n);
  });
});
