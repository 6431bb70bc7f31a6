import { expect } from 'chai';
import { BadImage, readImage } from '../../../adapters/emulator/image';
import { build, CODE, Data, DISCARDABLE, PE, READ_ONLY, READ_WRITE, TEXT, type ImagePlan } from './builder';

function complaint(file: Uint8Array): string {
  try {
    readImage(file);
  } catch (error) {
    expect(error).to.be.instanceOf(BadImage);
    return (error as BadImage).message;
  }
  return 'accepted';
}

const bytes = (text: string) => Uint8Array.from([...text].map((letter) => letter.charCodeAt(0)));
const plain = (plan: Partial<ImagePlan> = {}) => build({ sections: [TEXT], ...plan });

describe('The headers of an image', () => {
  it('give sizes, entry point and preferred base', () => {
    const image = readImage(plain());
    expect(image.sizeOfImage).to.equal(0x2000);
    expect(image.sizeOfHeaders).to.equal(0x400);
    expect(image.entryPoint).to.equal(0x1000);
    expect(image.preferredBase).to.equal(0x1_4000_0000n);
    expect(image.symbols).to.deep.equal({ kind: 'none', count: 0, refused: undefined });
  });

  it('may be followed by a signature, which nobody looks at', () => {
    const signed = new Uint8Array([
      ...plain({ directories: { 4: [0x600, 0x100] } }),
      ...new Uint8Array(0x100).fill(0x30),
    ]);
    expect(readImage(signed).sections).to.have.length(1);
  });

  it('are found in bytes that are a part of others', () => {
    const file = plain();
    const padded = new Uint8Array(file.length + 24);
    padded.set(file, 8);
    expect(readImage(padded.subarray(8, 8 + file.length)).entryPoint).to.equal(0x1000);
  });

  const refused: readonly (readonly [what: string, file: Uint8Array, message: RegExp])[] = [
    ['an empty file', new Uint8Array(), /empty.*give the \.sys file/],
    ['an ELF file', bytes('\x7fELF\x02\x01\x01'), /ELF.*build the driver for Windows/],
    ['a ZIP archive', bytes('PK\x03\x04...'), /ZIP.*unpack/],
    ['a cabinet', bytes('MSCF....'), /cabinet.*unpack/],
    ['an object file', Uint8Array.of(0x64, 0x86, 1, 0), /object file.*link/],
    ['a library', bytes('!<arch>\n'), /library.*link/],
    ['a program database', bytes('Microsoft C/C++ MSF 7.00\r\n'), /program database/],
    ['text', bytes('[Version]\r\nSignature="$WINDOWS NT$"'), /does not begin with "MZ"/],
    ['a DOS program', bytes(`MZ${'\0'.repeat(100)}`), /DOS program/],
    [
      'an image for x86',
      plain({ machine: 0x14c }),
      /32-bit x86 \(machine 0x14c at file offset 0x44\).*build the driver for x64/,
    ],
    ['an image for ARM64', plain({ machine: 0xaa64 }), /for ARM64 .*build the driver for x64/],
    ['an image for nothing known', plain({ machine: 0x1234 }), /unknown machine \(machine 0x1234/],
    ['a 32-bit optional header', plain({ magic: 0x10b }), /32-bit image/],
    ['a ROM image', plain({ magic: 0x107 }), /not PE32\+/],
    ['what was never linked', plain({ fileFlags: 0x20 }), /not mark the file as executable/],
    ['a .NET assembly', plain({ directories: { 14: [0x1000, 72] } }), /\.NET/],
    ['an EFI program', plain({ subsystem: 11 }), /EFI/],
    ['stripped relocations', plain({ fileFlags: 0x23 }), /relocations.*stripped.*\/FIXED/],
    ['no entry point', plain({ entryPoint: 0 }), /entry point, RVA 0x0/],
    ['an entry point beyond the code', plain({ entryPoint: 0x1003 }), /entry point, RVA 0x1003/],
    ['a huge image', plain({ sizeOfImage: 0xffff_f000 }), /0xfffff000 bytes in memory.*more than the 0x4000000/],
    [
      'headers beyond the file',
      plain({ sizeOfHeaders: 0x400, sections: [{ ...TEXT, pointer: 0x100 }] }).subarray(0, 0x300),
      /cut off/,
    ],
    ['an alignment that is none', plain({ sectionAlignment: 0x1800 }), /alignment 0x1800/],
    ['no sections', plain({ sections: [] }), /0 sections/],
    ['thousands of sections', plain({ sectionCount: 5000 }), /5000 sections where Windows loads 1 to 96/],
    [
      'a section table beyond the file',
      plain({ sectionCount: 90 }).subarray(0, 0x500),
      /section table at file offset 0x148/,
    ],
    [
      'overlapping sections',
      plain({
        sections: [
          { ...TEXT, virtualSize: 0x1800 },
          { ...TEXT, name: 'twice', rva: 0x2000 },
        ],
      }),
      /Section twice at RVA 0x2000 overlaps .*section \.text, up to 0x2800/,
    ],
    [
      'a section over the headers',
      plain({ sections: [{ ...TEXT, rva: 0 }] }),
      /\.text at RVA 0x0 overlaps .*the headers/,
    ],
    ['a section out of the image', plain({ sizeOfImage: 0x1001 }), /\.text is at RVA 0x1000.*section table is damaged/],
    [
      'a section of absurd size',
      plain({ sections: [{ ...TEXT, virtualSize: 0xffff_ffff }], sizeOfImage: 0x3000 }),
      /section table is damaged/,
    ],
    [
      'a section between pages',
      plain({ sections: [{ ...TEXT, rva: 0x1010 }], entryPoint: 0x1010 }),
      /section table is damaged/,
    ],
    [
      'a section that the file does not hold',
      plain({ sections: [{ ...TEXT, pointer: 0x9000 }] }).subarray(0, 0x600),
      /\.text needs bytes 0x9000 to 0x9200/,
    ],
    [
      'a name that would steer a terminal',
      plain({ sections: [{ ...TEXT, name: '\x1b[2J\n', rva: 0 }] }),
      /Section \?\[2J\? at RVA/,
    ],
    ['a packed image', plain({ sections: [{ ...TEXT, name: 'UPX0' }] }), /packed with UPX \(section UPX0\)/],
  ];
  for (const [what, file, message] of refused) {
    it(`${what}: refused with what to do`, () => {
      expect(complaint(file))
        .to.match(message)
        .and.match(/^[^\n]+\.$/);
    });
  }

  it('cut off anywhere are refused', () => {
    const file = plain();
    for (let length = 0; length < file.length; length += 7) {
      expect(complaint(file.subarray(0, length)), `${length} bytes`).to.match(
        /cut off|empty|damaged|does not begin|DOS/,
      );
    }
  });

  it('of a 16-bit program are told by their signature', () => {
    const file = plain();
    file.set(bytes('NE'), PE);
    expect(complaint(file)).to.match(/16-bit/);
  });
});

describe('The sections of an image', () => {
  const data = new Data().u32(1, 2, 3).done();

  it('have the protections, lifetimes and pageability that Windows gives them', () => {
    const { sections } = readImage(
      build({
        sections: [
          TEXT,
          { name: '.rdata', characteristics: READ_ONLY, data },
          { name: '.data', characteristics: READ_WRITE, data, virtualSize: 0x2345 },
          { name: 'PAGELOCK', characteristics: CODE, data },
          { name: 'INIT', characteristics: 0xe000_0020, data },
          { name: '.reloc', characteristics: READ_ONLY | DISCARDABLE, data },
        ],
      }),
    );
    const briefly = sections.map((one) =>
      [one.read && 'r', one.write && 'w', one.execute && 'x', one.discardable && 'd', one.pageable && 'p']
        .filter(Boolean)
        .join(''),
    );
    expect(sections.map(({ name }) => name)).to.deep.equal(['.text', '.rdata', '.data', 'PAGELOCK', 'INIT', '.reloc']);
    expect(briefly).to.deep.equal(['rx', 'r', 'rw', 'rxp', 'rwxd', 'rd']);
    expect(sections[2]).to.include({ rva: 0x3000, size: 0x2345 });
  });

  it('lie at their RVAs, zero where the file says nothing', () => {
    const { contents } = readImage(
      build({ sections: [TEXT, { name: '.data', characteristics: READ_WRITE, data, virtualSize: 0x1100 }] }),
    );
    expect(contents.length).to.equal(0x4000);
    expect([...contents.subarray(0, 2)]).to.deep.equal([0x4d, 0x5a]);
    expect([...contents.subarray(0x1000, 0x1004)]).to.deep.equal([0x31, 0xc0, 0xc3, 0]);
    expect([...contents.subarray(0x2000, 0x200c)]).to.deep.equal([...data]);
    expect(contents.subarray(0x200c).every((byte) => byte === 0)).to.be.true;
  });

  it('below a page apart are mapped as they are in the file, with everything allowed', () => {
    const file = build({
      sections: [
        { ...TEXT, rva: 0x400, pointer: 0x400 },
        { name: 'INIT', characteristics: READ_ONLY | DISCARDABLE, data, rva: 0x600, pointer: 0x600 },
      ],
      sectionAlignment: 0x200,
      entryPoint: 0x400,
      sizeOfImage: 0x800,
    });
    const image = readImage(file);
    expect(image.sections[1]).to.include({ rva: 0x600, read: true, write: true, execute: true, discardable: false });
    expect([...image.contents.subarray(0x600, 0x60c)]).to.deep.equal([...data]);
  });
});
