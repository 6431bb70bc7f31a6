import { expect } from 'chai';
import { readImage } from '../../../adapters/emulator/image';
import { build, CODE, READ_WRITE, TEXT } from './builder';

const file = build({
  sections: [
    { ...TEXT, virtualSize: 0x800 },
    { name: 'PAGE', characteristics: CODE, virtualSize: 0x100 },
    { name: '.data', characteristics: READ_WRITE, virtualSize: 0x100 },
  ],
  timeDateStamp: 0x5f01_0203,
});

const PUBLICS = ` driver

 Timestamp is 5f010203 (Sat Jul  4 22:25:07 2020)

 Preferred load address is 0000000140000000

 Start         Length     Name                   Class
 0001:00000000 00000800H .text                   CODE

  Address         Publics by Value              Rva+Base               Lib:Object

 0000:00000000       __guard_flags              0000000000000500     <absolute>
 0001:00000010       FilterSend                 0000000140001010 f   filter.obj
 0001:00000010       FilterSendAlias            0000000140001010 f   filter.obj
 0001:00000040       .weak.FilterPause.default  0000000140001040     filter.obj
 0001:00000040       FilterPause                0000000140001040 f   filter.obj

 entry point at        0001:00000000

 Static symbols

 0001:00000020       Helper                     0000000140001020 f   filter.obj
 0001:00000022       $LN4                       0000000140001022     filter.obj
`;

describe('The map of a linker', () => {
  const image = readImage(file, { map: PUBLICS });

  it('names what is at or below an address', () => {
    expect(image.symbols).to.deep.equal({ kind: 'map', count: 5, refused: undefined });
    expect(image.symbolAt(0x1010)).to.deep.equal({ name: 'FilterSend', offset: 0 });
    expect(image.symbolAt(0x1025)).to.deep.equal({ name: 'Helper', offset: 5 });
    expect(image.symbolAt(0x17ff)).to.deep.equal({ name: 'FilterPause', offset: 0x7bf });
    expect(image.addressOf('FilterSendAlias')).to.equal(0x1010);
  });

  it('names nothing in another section, or before the first name', () => {
    for (const rva of [0x100f, 0x2000, 0x3000, 0, -1]) expect(image.symbolAt(rva)).to.be.undefined;
  });

  it('may be of another base than the image', () => {
    const moved = PUBLICS.replaceAll('00000001400', '00000000100').replaceAll(
      'address is 0000000140000000',
      'address is 0000000010000000',
    );
    expect(readImage(file, { map: moved }).addressOf('FilterPause')).to.equal(0x1040);
  });

  it('of another build is not used', () => {
    const { symbols } = readImage(file, { map: PUBLICS.replace('5f010203', '5F010204') });
    expect(symbols).to.include({ kind: 'none', count: 0 });
    expect(symbols.refused).to.match(/another build: its timestamp is 5f010204, and the image's 5f010203/);
  });

  it('may be of a build that can be repeated, which tells no time', () => {
    expect(readImage(file, { map: PUBLICS.replace('5f010203', '00000000') }).symbols.kind).to.equal('map');
  });

  it('may be that of lld', () => {
    const lld = readImage(file, {
      map: [
        'Address  Size     Align Out     In      Symbol',
        '00001000 00000800  4096 .text',
        '00001000 0000055b    16         filter.obj:(.text)',
        '00001010 00000000     0                 FilterSend',
        '00001012 00000000     0                 $ehgcr_8_4',
        '',
      ].join('\r\n'),
    });
    expect(lld.symbols).to.include({ kind: 'map', count: 1 });
    expect(lld.symbolAt(0x1013)).to.deep.equal({ name: 'FilterSend', offset: 3 });
  });

  it('that names nothing is refused', () => {
    expect(readImage(file, { map: 'no map' }).symbols.refused).to.match(
      /names nothing: give the one that the linker writes/,
    );
  });
});
