import { expect } from 'chai';
import { RegisterFile } from '../../../adapters/emulator/cpu/memory';
import { GENERAL_REGISTERS, GUEST_BASE } from '../../../adapters/emulator/cpu/contract';

describe('A register file', () => {
  it('keeps every register apart and unsigned', () => {
    const registers = new RegisterFile();
    GENERAL_REGISTERS.forEach((name, index) => registers.set(name, BigInt(index) - 8n));
    registers.rip = 1n;
    registers.gsBase = 2n;
    GENERAL_REGISTERS.forEach((name, index) =>
      expect(registers.get(name)).to.equal(BigInt.asUintN(64, BigInt(index) - 8n)),
    );
    expect([registers.rip, registers.gsBase]).to.deep.equal([1n, 2n]);
  });

  it('always shows bit 1 of the flags', () => {
    const registers = new RegisterFile();
    registers.rflags = 0n;
    expect(registers.rflags).to.equal(2n);
  });

  it('returns to a caller wherever the stack is', () => {
    const registers = new RegisterFile();
    for (const top of [GUEST_BASE + 0x1000n, GUEST_BASE + 0xffff_fff8n, GUEST_BASE - 8n, 0x1000n]) {
      registers.set('rsp', top);
      expect(registers.stackOffset).to.equal(top >> 32n === GUEST_BASE >> 32n ? Number(top & 0xffff_ffffn) : -1);
      registers.returnTo(0x1234n);
      expect([registers.rip, registers.get('rsp')]).to.deep.equal([0x1234n, top + 8n]);
    }
  });

  it('gives copies of xmm registers, and refuses others', () => {
    const registers = new RegisterFile();
    const value = Uint8Array.from({ length: 16 }, (_, index) => index);
    registers.setXmm(15, value);
    registers.xmm(15).fill(0);
    expect(registers.xmm(15)).to.deep.equal(value);
    expect(registers.xmm(14)).to.deep.equal(new Uint8Array(16));
    expect(() => registers.xmm(16)).to.throw(RangeError);
    expect(() => registers.setXmm(0, new Uint8Array(8))).to.throw(RangeError);
  });
});
