import { expect } from 'chai';
import { NdisPart } from '../../../adapters/emulator/machine/ndis';
import { guidBytes } from '../../../adapters/emulator/profile';
import { Caller } from './caller';

const GUID = '{12345678-9ABC-4DEF-8123-456789ABCDEF}';
const LUID = (6n << 48n) | (7n << 24n);
const NOT_FOUND = 0xc000_0225n;
const INVALID = 0xc000_000dn;

/** A machine with one adapter installed, and perhaps plugged in. */
function machine(isPluggedIn = true): Caller {
  const caller = new Caller();
  const ndis = caller.guest.part(NdisPart);
  const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
  ndis.interfaces = [{ index: 7, guid: GUID, guidBytes: guidBytes(GUID), alias: 'Ethernet A', mac }];
  if (isPluggedIn) ndis.attached.add(7).add(101);
  return caller;
}

describe('Interfaces, as IP Helper tells them', () => {
  it('have an index, a LUID, a GUID and an alias, and each leads to the others', () => {
    const caller = machine();
    const [luid, out] = [caller.space(8), caller.space(64)];
    expect(caller.do('ConvertInterfaceIndexToLuid', 7, luid)).to.equal(0n);
    expect(caller.u64(luid)).to.equal(LUID);
    expect(caller.do('ConvertInterfaceLuidToIndex', luid, out)).to.equal(0n);
    expect(caller.u32(out)).to.equal(7);
    expect(caller.do('ConvertInterfaceLuidToGuid', luid, out)).to.equal(0n);
    expect([caller.u32(out), caller.u32(out, 12)]).to.deep.equal([0x12345678, 0xefcdab89]);
    const again = caller.space(8);
    expect(caller.do('ConvertInterfaceGuidToLuid', out, again)).to.equal(0n);
    expect(caller.u64(again)).to.equal(LUID);
    expect(caller.do('ConvertInterfaceLuidToAlias', luid, out, 10), 'no room for the terminator').to.equal(
      0xc000_0017n,
    );
    expect(caller.do('ConvertInterfaceLuidToAlias', luid, out, 11)).to.equal(0n);
    const other = caller.space(8);
    expect(caller.do('ConvertInterfaceAliasToLuid', out, other)).to.equal(0n);
    expect(caller.u64(other)).to.equal(LUID);
  });

  it('of filter modules have an index and a LUID too; of nobody, nothing', () => {
    const caller = machine();
    const out = caller.space(16);
    expect(caller.do('ConvertInterfaceIndexToLuid', 101, out)).to.equal(0n);
    expect(caller.do('ConvertInterfaceLuidToIndex', out, out)).to.equal(0n);
    expect(caller.do('ConvertInterfaceIndexToLuid', 8, out)).to.equal(INVALID);
    expect(caller.do('ConvertInterfaceGuidToLuid', caller.space(16), out)).to.equal(INVALID);
  });

  it('have a row each, which is that of an adapter that is up or not there', () => {
    for (const [isPluggedIn, state] of [
      [true, 1],
      [false, 6],
    ] as const) {
      const caller = machine(isPluggedIn);
      const row = caller.space(0x548);
      expect(caller.do('GetIfEntry2', row)).to.equal(INVALID);
      caller.guest.memory.setU32(caller.guest.offset(row) + 8, 7);
      expect(caller.do('GetIfEntry2', row)).to.equal(0n);
      expect([caller.u64(row), caller.u32(row, 0x420), caller.u32(row, 0x424)]).to.deep.equal([LUID, 6, 2]);
      expect([caller.u32(row, 0x464), caller.u32(row, 0x484)]).to.deep.equal([1500, state]);
      caller.guest.memory.setU64(caller.guest.offset(row), 5n);
      expect(caller.do('GetIfEntry2Ex', 0, row)).to.equal(NOT_FOUND);
    }
  });

  it('come as a table, which is gone once it is freed', () => {
    const caller = machine();
    const out = caller.space(8);
    expect(caller.do('GetIfTable2Ex', 9, out)).to.equal(INVALID);
    expect(caller.do('GetIfTable2', out)).to.equal(0n);
    const table = caller.u64(out);
    expect([caller.u32(table), caller.u32(table, 8 + 8)]).to.deep.equal([1, 7]);
    caller.do('FreeMibTable', table);
    caller.run(() => caller.export('FreeMibTable', table));
    expect(caller.kernel.bugcheck, 'what is no table is nothing').to.equal(undefined);
    caller.run(() => caller.export('ConvertInterfaceLuidToIndex', table, out));
    expect(caller.bugcheck.code).to.equal('0x50');
  });
});
