import { expect } from 'chai';
import { FloatUnit } from '../../../adapters/emulator/cpu/interpreter/float';
import { DOUBLE, SINGLE } from '../../../adapters/emulator/cpu/interpreter/float-format';

const MASKED = 0x1f80;
const FLUSHING = 0x9f80;

describe('Rounding at the lowest exponent', () => {
  // As processors do: what is too small is known after rounding, by what it would be without a lowest exponent.
  for (const [bits, mxcsr, outcome] of [
    [0x380f_ffff_ffff_ffffn, MASKED, 0x1fa0],
    [0x380f_ffff_f000_0000n, MASKED, 0x1fa0],
    [0x380f_ffff_efff_ffffn, MASKED, 0x1fb0],
    [0x380f_ffff_e000_0000n, MASKED, 0x1fb0],
    [0x380f_ffff_ffff_ffffn, FLUSHING, 0x9fa0],
  ] as const) {
    it(`makes ${bits.toString(16)} the smallest number with a leading one, and mxcsr ${outcome.toString(16)}`, () => {
      const unit = new FloatUnit(mxcsr);
      expect(unit.convert(DOUBLE, SINGLE, bits)).to.equal(0x80_0000n);
      expect(unit.outcome).to.equal(outcome);
    });
  }

  it('gives 0 for what stays too small where mxcsr says so', () => {
    const unit = new FloatUnit(FLUSHING);
    expect(unit.convert(DOUBLE, SINGLE, 0xb80f_ffff_e000_0000n)).to.equal(0x8000_0000n);
    expect(unit.outcome).to.equal(0x9fb0);
  });
});
