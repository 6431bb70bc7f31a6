import { expect } from 'chai';
import { GUEST_BASE } from '../../../adapters/emulator/cpu/contract';
import { address, Bench, CODE, DATA, NOTHING, READ_ONLY, STACK_TOP } from './bench';

describe('how the interpreter stops', () => {
  it('executes exactly as many instructions as it may, however they are divided', () => {
    const whole = new Bench('48ffc0 48ffc0 48ffc0 ebf5');
    expect(whole.run(10)).to.deep.equal({ kind: 'budget' });
    const divided = new Bench('48ffc0 48ffc0 48ffc0 ebf5');
    for (const budget of [1, 2, 3, 4, 0]) expect(divided.run(budget)).to.deep.equal({ kind: 'budget' });
    expect(whole.engine.instructions).to.equal(10);
    expect(divided.engine.instructions).to.equal(10);
    expect(divided.registers.get('rax')).to.equal(whole.registers.get('rax'));
    expect(divided.at).to.equal(whole.at);
  });

  it('stops at a fetch that is denied for any byte of the instruction', () => {
    const bench = new Bench('90 48b8 1122334455667788');
    bench.memory.protect(CODE + 9, 1, { read: true, write: true, execute: false });
    expect(bench.run()).to.deep.equal({ kind: 'fetch' });
    expect(bench.at).to.equal(1);
    expect(bench.engine.instructions).to.equal(1);
  });

  it('asks for the right to execute at its own IRQL, anew in every run', () => {
    const bench = new Bench('90 90 90');
    bench.memory.protect(CODE, 3, { read: true, write: false, execute: true, pageable: true });
    expect(bench.run(1).kind).to.equal('budget');
    bench.engine.irql = 2;
    expect(bench.run(1).kind).to.equal('fetch');
    bench.engine.irql = 1;
    expect(bench.run(1).kind).to.equal('budget');
  });

  it('follows a wild jump to where it goes and stops there', () => {
    for (const target of [0n, 0x1234_5678_9abc_def0n, GUEST_BASE + 0x1_0000n, GUEST_BASE - 1n, address(NOTHING)]) {
      const bench = new Bench('ffe0').with({ rax: target });
      expect(bench.run()).to.deep.equal({ kind: 'fetch' });
      expect(bench.registers.rip).to.equal(target);
    }
  });

  it('names the access that is denied and leaves everything as before it', () => {
    const accesses = [
      { code: '8b03', offset: NOTHING, access: 'read', size: 4 },
      { code: '8b03', offset: NOTHING - 2, access: 'read', size: 4 },
      { code: '488903', offset: READ_ONLY - 1, access: 'write', size: 8 },
      { code: 'fe03', offset: READ_ONLY, access: 'write', size: 1 },
      { code: 'f0480fc103', offset: NOTHING, access: 'write', size: 8 },
      { code: '6687 0b', offset: READ_ONLY, access: 'write', size: 2 },
      { code: '0f4503', offset: NOTHING, access: 'read', size: 4 },
      { code: 'd323', offset: READ_ONLY, access: 'write', size: 4 },
      { code: '8f03', offset: READ_ONLY, access: 'write', size: 8 },
      { code: 'ff33', offset: NOTHING, access: 'read', size: 8 },
      { code: 'ff13', offset: NOTHING, access: 'read', size: 8 },
      { code: '0f1103', offset: READ_ONLY - 8, access: 'write', size: 16 },
      { code: '480fc70b', offset: READ_ONLY, access: 'write', size: 16 },
    ];
    for (const { code, offset, access, size } of accesses) {
      const bench = new Bench(code).with({ rbx: address(offset), rax: 7n, rcx: 0n, rsp: address(STACK_TOP - 8) });
      bench.registers.rflags = 0x246n;
      const exit = bench.run();
      expect(exit, code).to.deep.equal({ kind: 'fault', access, address: address(offset), size });
      expect(bench.at, code).to.equal(0);
      expect(bench.registers.get('rax'), code).to.equal(7n);
      expect(bench.registers.get('rsp'), code).to.equal(address(STACK_TOP - 8));
      expect(bench.registers.rflags, code).to.equal(0x246n);
      expect(bench.engine.instructions, code).to.equal(0);
    }
  });

  it('reports a push below the stack and addresses outside the window', () => {
    const bench = new Bench('50').with({ rsp: address(STACK_TOP - 0x1000) });
    expect(bench.run()).to.deep.equal({
      kind: 'fault',
      access: 'write',
      address: address(STACK_TOP - 0x1008),
      size: 8,
    });
    for (const wild of [0n, 0xffff_ffff_ffff_ffffn, GUEST_BASE + 0xffffn, 0x0000_a000_0000_4000n]) {
      const other = new Bench('668b03').with({ rbx: wild });
      expect(other.run()).to.deep.equal({ kind: 'fault', access: 'read', address: wild, size: 2 });
    }
  });

  it('faults on a misaligned vector, but not where misalignment is allowed', () => {
    const bench = new Bench('0f100b 0f280b').with({ rbx: address(DATA + 8) });
    expect(bench.run()).to.deep.equal({ kind: 'fault', access: 'read', address: address(DATA + 8), size: 16 });
    expect(bench.at).to.equal(3);
  });

  it('stops at divisions that have no result', () => {
    const divisions = [
      { code: 'f7f1', rax: 1n, rcx: 0n, rdx: 0n },
      { code: 'f7f1', rax: 0n, rcx: 1n, rdx: 1n },
      { code: '48f7f9', rax: 1n << 63n, rcx: 0xffff_ffff_ffff_ffffn, rdx: 0xffff_ffff_ffff_ffffn },
      { code: 'f6f1', rax: 0x100n, rcx: 1n, rdx: 0n },
    ];
    for (const { code, ...values } of divisions) {
      const bench = new Bench(code).with(values);
      expect(bench.run()).to.deep.equal({ kind: 'divide' });
      expect(bench.at).to.equal(0);
      expect(bench.registers.get('rax')).to.equal(values.rax);
    }
  });

  it('stops behind interrupts', () => {
    for (const [code, vector, length] of [
      ['cc', 3, 1],
      ['cd03', 3, 2],
      ['cd29', 0x29, 2],
      ['cd2c', 0x2c, 2],
    ] as const) {
      const bench = new Bench(code);
      expect(bench.run()).to.deep.equal({ kind: 'interrupt', vector });
      expect(bench.at).to.equal(length);
      expect(bench.engine.instructions).to.equal(0);
    }
  });

  it('leaves cr8 to the machine', () => {
    const read = new Bench('440f20c1');
    expect(read.run()).to.deep.equal({ kind: 'cr8', write: false, register: 'rcx', next: address(CODE + 4) });
    const write = new Bench('450f22c2');
    expect(write.run()).to.deep.equal({ kind: 'cr8', write: true, register: 'r10', next: address(CODE + 4) });
    expect(write.at).to.equal(0);
    expect(new Bench('0f20d8').run()).to.deep.equal({ kind: 'unsupported', mnemonic: 'mov cr3' });
  });

  it('tells what no processor of its kind executes from what it cannot do itself', () => {
    for (const [code, mnemonic] of Object.entries({
      '0f0b': 'ud2',
      '0f01d0': 'xgetbv',
      '06': 'invalid',
    }))
      expect(new Bench(code).run()).to.deep.equal({ kind: 'illegal', mnemonic });
    for (const [code, mnemonic] of Object.entries({
      f4: 'hlt',
      '0f32': 'rdmsr',
      '0f30': 'wrmsr',
      '0f01f8': 'swapgs',
      ec: 'in',
      e680: 'out',
      f30f53c1: 'rcpss',
      '0f52c1': 'rsqrtps',
      '660f3a0bc100': 'roundsd',
      f20fc2c108: 'cmpsd',
      c5f877: 'vzeroupper',
      d9c0: 'fld',
      '660f38dcc1': 'aesenc',
      '0fefc1': 'pxor',
      cb: 'retf',
      c8100001: 'enter',
    }))
      expect(new Bench(code).run(), code).to.deep.equal({ kind: 'unsupported', mnemonic });
  });

  it('leaves everything as before a floating-point exception that is not masked', () => {
    // ldmxcsr [rbx]; divsd xmm0, xmm1: 1 / 0
    const bench = new Bench('0fae13 f20f5ec1').with({ rbx: address(DATA) });
    const one = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8);
    bench.registers.setXmm(0, one);
    bench.memory.setU32(DATA, 0x1d80);
    const stopped = { kind: 'unsupported', mnemonic: 'divsd with a floating-point exception' };
    expect(bench.run()).to.deep.equal(stopped);
    expect(bench.registers.xmm(0)).to.deep.equal(one);
    expect(bench.at).to.equal(3);
    bench.memory.setU32(DATA, 0x1f80);
    bench.registers.rip = address(CODE);
    expect(bench.run()).to.deep.equal({ kind: 'fetch' });
    expect(Buffer.from(bench.registers.xmm(0)).toString('hex')).to.equal('000000000000f07f0102030405060708');
  });

  it('takes only registers of its own making', () => {
    const bench = new Bench('90');
    expect(() => bench.engine.run({ ...bench.registers }, 1)).to.throw(TypeError);
  });
});
