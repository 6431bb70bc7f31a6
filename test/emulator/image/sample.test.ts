import { expect } from 'chai';
import { readImage, scanImage, scopeTable, type Image } from '../../../adapters/emulator/image';
import { buildSample, type Built } from './zig';

describe('A driver that a compiler and a linker made', function () {
  this.timeout(120_000);
  let built: Built;
  let image: Image;

  before(() => {
    built = buildSample('-O2');
    image = readImage(built.sys, { pdb: built.pdb });
  });

  const rvaOf = (name: string) => {
    const rva = image.addressOf(name);
    if (rva === undefined) throw new Error(`${name} is unknown`);
    return rva;
  };

  it('has its imports, by name and by ordinal', () => {
    expect(image.imports.map(({ module, name }) => `${module}!${name}`)).to.deep.equal([
      'ntoskrnl.exe!KeSetEvent',
      'ndis.sys!#17',
    ]);
  });

  it('has its sections', () => {
    const find = (name: string) => image.sections.find((one) => one.name === name);
    expect(find('INIT')).to.include({ discardable: true, pageable: false, execute: true, write: false });
    expect(find('PAGE')).to.include({ discardable: false, pageable: true, execute: true });
    expect(find('.rdata')).to.include({ write: false, execute: false });
  });

  it('is guarded, and has a cookie', () => {
    expect(image.securityCookie).to.equal(rvaOf('__security_cookie'));
    for (const name of ['DriverEntry', 'large', 'vectors'])
      expect(image.guardFunctions?.has(rvaOf(name)), name).to.be.true;
    expect(image.guardFunctions?.has(rvaOf('callee') + 1)).to.be.false;
  });

  it('is relocated where it has addresses', () => {
    const at = (base: bigint) =>
      new DataView(image.mapAt(base).buffer).getBigUint64(rvaOf('__guard_dispatch_icall_fptr'), true);
    expect(at(0xffff_a000_0010_0000n)).to.equal(0xffff_a000_0010_0000n + BigInt(rvaOf('dispatch')));
  });

  it('has names for its functions, static ones too', () => {
    expect(image.symbols).to.deep.include({ kind: 'pdb', refused: undefined });
    expect(image.entryPoint).to.equal(rvaOf('DriverEntry'));
    expect(image.symbolAt(rvaOf('callee') + 3)).to.deep.equal({ name: 'callee', offset: 3 });
    expect(image.symbolAt(rvaOf('paged'))).to.deep.equal({ name: 'paged', offset: 0 });
    expect(image.symbolAt(0x10)).to.be.undefined;
    expect(image.addressOf('nobody')).to.be.undefined;
  });

  it('has functions, told by name and section', () => {
    const { functions, modules } = scanImage(image);
    expect(functions.find(({ name }) => name === 'many')).to.include({ section: '.text' });
    expect(functions.find(({ name }) => name === 'DriverEntry')).to.include({ section: 'INIT' });
    expect(modules.map(({ module }) => module)).to.deep.equal(['ndis.sys', 'ntoskrnl.exe']);
  });

  it('has handlers with scopes', () => {
    const guarded = image.functionAt(rvaOf('catches'));
    const finds = image.functions.filter(({ begin }) => begin === guarded?.begin);
    expect(finds).to.have.length(1);
    const handler = rvaOf('__C_specific_handler');
    // The table is behind the unwind information of three codes and the handler's address.
    const scopes = scopeTable(image, (guarded?.unwind ?? 0) + 16);
    expect(new DataView(image.contents.buffer).getUint32((guarded?.unwind ?? 0) + 12, true)).to.equal(handler);
    expect(scopes).to.have.length(1);
    expect(scopes?.[0]).to.deep.include({ kind: 'except', filter: undefined });
  });

  it('has the same names by its map', () => {
    const mapped = readImage(built.sys, { map: built.map });
    expect(mapped.symbols).to.deep.include({ kind: 'map', refused: undefined });
    for (const name of ['DriverEntry', 'many', 'callee', 'zero'])
      expect(mapped.addressOf(name), name).to.equal(rvaOf(name));
  });

  describe('with symbols that are not its own', () => {
    it('of another build: none, and the reason', () => {
      const other = buildSample('-O1');
      const { symbols } = readImage(built.sys, { pdb: other.pdb });
      expect(symbols.kind).to.equal('none');
      expect(symbols.refused).to.match(
        /another build: it is \{.*\} age 1, and the image wants \{.*\} age 1 \(built\.pdb\)/,
      );
    });

    it('falls back on the map, and says why', () => {
      const { symbols } = readImage(built.sys, { pdb: buildSample('-O1').pdb, map: built.map });
      expect(symbols.kind).to.equal('map');
      expect(symbols.refused).to.match(/another build/);
    });

    it('that are no symbols, or cut off', () => {
      const reason = (pdb: Uint8Array) => readImage(built.sys, { pdb }).symbols.refused;
      expect(reason(new Uint8Array(100))).to.match(/no program database/);
      expect(reason(built.pdb.subarray(0, 200))).to.match(/damaged|no program database/);
      expect(reason(built.pdb.subarray(0, built.pdb.length - 4096 * 3))).to.match(
        /damaged|no program database|undefined/,
      );
    });
  });
});
