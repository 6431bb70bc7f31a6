import { expect } from 'chai';
import { requireRunnable } from '../../../adapters/emulator/runnable';
import { BadImage, readImage } from '../../../adapters/emulator/image';
import { Data, PREFERRED_BASE, READ_ONLY, TEXT, build, withTables } from './builder';
import { imports } from './imports';
import { imageWithVersion } from './with-version';

const RELOCATION = 5;
const IMPORT = 1;
const DELAY_IMPORT = 13;
const LOAD_CONFIG = 10;
const DEBUG = 6;
const RESOURCE = 2;

/** A relocation table for the page at RVA 0x2000. */
function relocations(data: Data, ...entries: readonly number[]): { [RELOCATION]: [number, number] } {
  const rva = data.rva;
  data.u32(0x2000, 8 + 2 * entries.length).u16(...entries);
  return { [RELOCATION]: [rva, data.rva - rva] };
}

const importing = (module: string, name: string) =>
  readImage(withTables((data) => ({ [IMPORT]: [imports(data, [{ module, names: [name] }]).rva, 40] })));

describe('The base relocations of an image', () => {
  const file = withTables((data) => {
    data.u64(PREFERRED_BASE + 0x1000n, 0x1122_3344n);
    data.zeros(3).u64(PREFERRED_BASE + 0xffff_ffffn);
    data.align(4);
    return relocations(data, 0xa000, 0x3008, 0x0000, 0xa013);
  });
  const at = (bytes: Uint8Array, rva: number) => new DataView(bytes.buffer).getBigUint64(rva, true);

  it('move addresses, the rest stays', () => {
    const image = readImage(file);
    for (const base of [0xffff_a000_0123_0000n, 0x1_0000n, PREFERRED_BASE]) {
      const mapped = image.mapAt(base);
      expect(at(mapped, 0x2000)).to.equal(base + 0x1000n);
      expect(at(mapped, 0x2008)).to.equal((0x1122_3344n + base - PREFERRED_BASE) & 0xffff_ffffn);
      expect(at(mapped, 0x2013)).to.equal(base + 0xffff_ffffn);
      expect([...mapped.subarray(0, 0x2000)]).to.deep.equal([...image.contents.subarray(0, 0x2000)]);
    }
  });

  it('leave what was read as it was', () => {
    const image = readImage(file);
    image.mapAt(0n).fill(0);
    expect(at(image.contents, 0x2000)).to.equal(PREFERRED_BASE + 0x1000n);
  });

  it('of a framework are told as what the driver is built on', () => {
    const file = withTables((data) => ({
      [IMPORT]: [imports(data, [{ module: 'WDFLDR.SYS', names: ['WdfVersionBind'] }]).rva, 40],
    }));
    expect(() => requireRunnable(readImage(file))).to.throw(BadImage, /Kernel-Mode Driver Framework .* lwf check/);
  });

  it('of a driver that can be no filter say what it is', () => {
    const refusal = /no lightweight filter driver but a protocol driver, .* filter, as it was linked/;
    expect(() => requireRunnable(importing('NDIS.SYS', 'NdisRegisterProtocolDriver'))).to.throw(BadImage, refusal);
    expect(() => requireRunnable(importing('ntoskrnl.exe', 'MmIsAddressValid'))).to.throw(
      BadImage,
      /filter driver, and/,
    );
    expect(() => requireRunnable(importing('ntoskrnl.exe', 'MmGetSystemRoutineAddress'))).not.to.throw();
  });

  it('of a driver that takes more memory than the machine has are no use', () => {
    const image = importing('NDIS.SYS', 'NdisFRegisterFilterDriver');
    expect(() => requireRunnable(image)).not.to.throw();
    const large = { ...image, sizeOfImage: 13 * 1024 * 1024 };
    expect(() => requireRunnable(large)).to.throw(BadImage, /takes 13 MB in memory, .* room for 12 MB/);
  });

  const refused: readonly (readonly [string, (data: Data) => Record<number, [number, number]>, RegExp])[] = [
    ['of kinds that x64 does not have', (data) => relocations(data, 0x5000), /relocation at RVA 0x2008 is of kind 5/],
    [
      'beyond the image',
      (data) => relocations(data, 0xaffc),
      /relocation at RVA 0x2008 relocates would be at RVA 0x2ffc/,
    ],
    [
      'in a block without length',
      (data) => ({ [RELOCATION]: [data.u32(0x2000, 0).rva - 8, 8] }),
      /block at RVA 0x2000 .* 0 bytes/,
    ],
    [
      'in a block that is too long',
      (data) => ({ [RELOCATION]: [data.u32(0x2000, 99).rva - 8, 8] }),
      /block at RVA 0x2000 .* 99 bytes/,
    ],
    ['in a table beyond the image', () => ({ [RELOCATION]: [0x9000, 8] }), /relocation table would be at RVA 0x9000/],
    [
      'that are more than the image could hold',
      (data) => relocations(data, ...new Array<number>(1900).fill(0xa000)),
      /relocates more than there is/,
    ],
  ];
  for (const [what, fill, message] of refused) {
    it(`${what} are refused`, () => {
      expect(() => readImage(withTables(fill))).to.throw(message);
    });
  }

  it('may be padded with an empty block', () => {
    const padded = withTables((data) => ({ [RELOCATION]: [data.u32(0, 0).rva - 8, 8] }));
    expect(() => readImage(padded)).not.to.throw();
  });
});

describe('The imports of an image', () => {
  it('come by name and by ordinal, with their slots', () => {
    let slots: number[] = [];
    const file = withTables((data) => {
      const made = imports(data, [
        { module: 'NDIS.SYS', names: ['NdisFSendNetBufferLists', 17] },
        { module: 'ntoskrnl.exe', names: ['KeSetEvent'] },
      ]);
      slots = made.slots;
      return { [IMPORT]: [made.rva, 60] };
    });
    const [ndis = 0, kernel = 0] = slots;
    expect(readImage(file).imports).to.deep.equal([
      { module: 'ndis.sys', name: 'NdisFSendNetBufferLists', slot: ndis },
      { module: 'ndis.sys', name: '#17', slot: ndis + 8 },
      { module: 'ntoskrnl.exe', name: 'KeSetEvent', slot: kernel },
    ]);
  });

  it('keep their names when they are bound', () => {
    const file = withTables((data) => ({
      [IMPORT]: [imports(data, [{ module: 'ndis.sys', names: ['NdisMSleep'], bound: true }]).rva, 40],
    }));
    expect(readImage(file).imports).to.have.nested.property('[0].name', 'NdisMSleep');
  });

  it('may be loaded at the first call, and are told apart', () => {
    const file = withTables((data) => {
      const name = data.rva;
      data.text('NETIO.SYS').align(2);
      const hint = data.rva;
      data.u16(0).text('WskRegister').align(8);
      const names = data.rva;
      const slots = data.u64(BigInt(hint), 0n).rva;
      const rva = data.u64(PREFERRED_BASE + 0x1000n, 0n).rva;
      data.u32(1, name, 0, slots, names, 0, 0, 0).zeros(32);
      return { [DELAY_IMPORT]: [rva, 64] };
    });
    const image = readImage(file);
    expect(image.imports).to.be.empty;
    expect(image.delayImports).to.have.length(1);
    expect(image.delayImports[0]).to.include({ module: 'netio.sys', name: 'WskRegister' });
  });

  const refused: readonly (readonly [string, (data: Data) => Record<number, [number, number]>, RegExp])[] = [
    ['in a directory beyond the image', () => ({ [IMPORT]: [0x2ff0, 40] }), /import directory would be at RVA 0x2ff0/],
    [
      'of user mode',
      (data) => ({ [IMPORT]: [imports(data, [{ module: 'KERNEL32.dll', names: ['Sleep'] }]).rva, 40] }),
      /imports kernel32\.dll .*only user mode has/,
    ],
    [
      'of modules without a name',
      (data) => ({ [IMPORT]: [imports(data, [{ module: '\x01', names: [1] }]).rva, 40] }),
      /name of an imported module, at RVA .* not readable/,
    ],
    [
      'without a name',
      (data) => ({ [IMPORT]: [imports(data, [{ module: 'ndis.sys', names: [''] }]).rva, 40] }),
      /name of an import of ndis\.sys/,
    ],
    [
      'that are neither',
      (data) => {
        const rva = data.text('ndis.sys').align(8).rva;
        data.u64(0x1234_0000_0000n, 0n);
        const directory = data.rva;
        data.u32(rva, 0, 0, 0x2000, rva).zeros(20);
        return { [IMPORT]: [directory, 40] };
      },
      /neither by name nor by ordinal/,
    ],
    [
      'whose names are gone',
      (data) => {
        const rva = data.text('ndis.sys').align(8).rva;
        data.u64(0xfffff800_12345678n, 0n);
        const directory = data.rva;
        data.u32(0, 1, 0, 0x2000, rva).zeros(20);
        return { [IMPORT]: [directory, 40] };
      },
      /bound and their names are gone/,
    ],
    [
      'of modules without end',
      (data) => {
        const name = data.rva;
        const empty = data.text('ndis.sys').align(8).rva;
        const directory = data.u64(0n).rva;
        for (let i = 0; i < 400; i++) data.u32(empty, 0, 0, name, empty);
        return { [IMPORT]: [directory, 8000] };
      },
      /more than 256 modules/,
    ],
  ];
  for (const [what, fill, message] of refused) {
    it(`${what} are refused`, () => {
      expect(() => readImage(withTables(fill))).to.throw(message);
    });
  }

  it('without end are refused', () => {
    const name = new Data(0x2000).text('ndis.sys').align(8).u32(0x3000, 0, 0, 0x2000, 0x3000).zeros(20).done();
    const endless = new Uint8Array(0x10_0000).map((_, i) => (i % 8 === 7 ? 0x80 : 1 - Math.min(1, i % 8)));
    const file = build({
      sections: [
        TEXT,
        { name: '.rdata', characteristics: READ_ONLY, data: name },
        { name: '.idata', characteristics: READ_ONLY, data: endless },
      ],
      directories: { [IMPORT]: [0x2010, 40] },
    });
    expect(() => readImage(file)).to.throw(/import table of ndis\.sys at RVA 0x3000 has no end/);
  });
});

/** A load configuration of 0x140 bytes with the given fields, by offset. */
function loadConfig(data: Data, fields: Readonly<Record<number, bigint>>): { [LOAD_CONFIG]: [number, number] } {
  const rva = data.rva;
  data.u32(0x140, 0);
  for (let offset = 8; offset < 0x140; offset += 8) data.u64(fields[offset] ?? 0n);
  return { [LOAD_CONFIG]: [rva, 0x140] };
}

describe('The load configuration of an image', () => {
  it('names the security cookie', () => {
    const file = withTables((data) => loadConfig(data, { 0x58: PREFERRED_BASE + 0x2100n }));
    const image = readImage(file);
    expect(image.securityCookie).to.equal(0x2100);
    expect(image.guardFunctions).to.be.undefined;
  });

  it('may be of a linker that knew only its beginning', () => {
    const sized = (size: number) =>
      withTables((data) => {
        data.u32(size, 0).zeros(0x50);
        data.u64(PREFERRED_BASE + 0x2010n, 99n);
        return { [LOAD_CONFIG]: [0x2000, 0x40] };
      });
    expect(readImage(sized(0x58)).securityCookie).to.be.undefined;
    expect(readImage(sized(0x60)).securityCookie).to.equal(0x2010);
  });

  it('lists the targets of guarded calls, but for those that are suppressed', () => {
    const file = withTables((data) => {
      data.u32(0x1000).raw(0).u32(0x1001).raw(1).u32(0x1002).raw(2).align(8);
      return loadConfig(data, { 0x80: PREFERRED_BASE + 0x2000n, 0x88: 3n, 0x90: 0x1000_0500n });
    });
    expect([...(readImage(file).guardFunctions ?? [])]).to.deep.equal([0x1000, 0x1002]);
  });

  const refused: readonly (readonly [string, Readonly<Record<number, bigint>>, RegExp])[] = [
    ['a cookie outside the image', { 0x58: 0x1234n }, /security cookie would be at 0x1234/],
    ['a cookie over the edge', { 0x58: PREFERRED_BASE + 0x2ffcn }, /security cookie would be at 0x140002ffc/],
    [
      'more guarded functions than room',
      { 0x80: PREFERRED_BASE, 0x88: 1n << 60n, 0x90: 0x500n },
      /would have 1152921504606846976 functions/,
    ],
    ['hybrid metadata', { 0xc8: PREFERRED_BASE + 0x2000n }, /ARM64EC/],
  ];
  for (const [what, fields, message] of refused) {
    it(`with ${what} is refused`, () => {
      expect(() => readImage(withTables((data) => loadConfig(data, fields)))).to.throw(message);
    });
  }
});

describe('The debug directory of an image', () => {
  it('names the program database', () => {
    const file = withTables((data) => {
      data.u32(0, 0, 0, 2, 0, 0x2038, 0).u32(0, 0, 0, 2, 0, 0x2040, 0).zeros(8);
      data
        .u32(0x5344_5352, 0x0403_0201)
        .u16(0x0605, 0x0807)
        .raw(9, 10, 11, 12, 13, 14, 15, 16)
        .u32(7)
        .text('C:\\b\\f.pdb');
      return { [DEBUG]: [0x2000, 56] };
    });
    expect(readImage(file).debug).to.deep.equal({
      file: 'C:\\b\\f.pdb',
      guid: '{04030201-0605-0807-090A-0B0C0D0E0F10}',
      age: 7,
    });
  });

  it('that leads nowhere names none', () => {
    for (const directory of [
      [0xffff_fff0, 28],
      [0x2000, 0xffff_ffff],
    ] as const) {
      expect(readImage(withTables((data) => (data.zeros(64), { [DEBUG]: directory }))).debug).to.be.undefined;
    }
  });
});

/** Directories of one entry each: type, name, language; then what they lead to. */
function version(data: Data, type = 16): { [RESOURCE]: [number, number] } {
  const directory = (id: number, target: number) => data.zeros(12).u16(0, 1).u32(id, target);
  directory(type, 0x8000_0018);
  directory(1, 0x8000_0030);
  directory(1033, 0x48);
  data.u32(data.rva + 16, 92, 0, 0);
  data.u16(92, 52, 0).wide('VS_VERSION_INFO').align(4).u32(0xfeef_04bd, 0x1_0000).u16(2, 1, 4, 3).zeros(40);
  return { [RESOURCE]: [0x2000, 0x100] };
}

describe('The version of an image', () => {
  it('is what its resources say', () => {
    expect(readImage(withTables((data) => version(data))).fileVersion).to.equal('1.2.3.4');
  });

  it('comes with what the author wrote there', () => {
    const strings = { CompanyName: 'Contoso', FileVersion: '1.2.3 (release)', ProductName: 'Ünïcode' };
    const image = readImage(imageWithVersion(strings));
    expect(image.versionStrings).to.deep.equal(strings);
    expect(image.fileVersion).to.equal('1.2.3.4');
    expect(readImage(imageWithVersion({ CompanyName: ' ', Comments: '' })).versionStrings).to.deep.equal({});
    expect(readImage(withTables((data) => version(data))).versionStrings).to.deep.equal({});
  });

  it('is read to the end of its blocks, whatever lengths they claim', () => {
    const whole = imageWithVersion({ CompanyName: 'Contoso', FileVersion: '1.2.3' });
    const at = Buffer.from(whole).indexOf(Buffer.from('CompanyName', 'utf16le')) - 6;
    for (const length of [0, 1, 7, 0x7fff, 0xffff]) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt16LE(length, at);
      expect(readImage(damaged).versionStrings, `length ${length}`).not.to.have.property('FileVersion');
    }
  });

  it('is not known when they do not', () => {
    expect(readImage(withTables((data) => version(data, 24))).fileVersion).to.be.undefined;
    const ring = withTables((data) => {
      data.zeros(12).u16(0, 1).u32(16, 0x8000_0000);
      return { [RESOURCE]: [0x2000, 0x100] };
    });
    expect(readImage(ring).fileVersion).to.be.undefined;
    expect(readImage(withTables(() => ({ [RESOURCE]: [0x7fff_0000, 0x100] }))).fileVersion).to.be.undefined;
  });
});
