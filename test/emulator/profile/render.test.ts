import { expect } from 'chai';
import { adapterFacts, ethernetFrame, planSetup, render } from '../../../adapters/emulator/profile';
import { HEAD, hex, OPEN, read } from './profile-text';

const profile = read(HEAD);
const A = adapterFacts(profile, 'A', 0);

/** Renders the fields, written in YAML, for `count` frames. */
function rendered(fields: string, count = 1) {
  const [step] = read(`${HEAD}${OPEN}setup:\n  - write: ${fields}`).setup;
  return render(step?.input ?? [], { adapter: A, count, frame: (index) => ethernetFrame(index) }).buffers;
}

const bytes = (fields: string, count = 1) => hex(rendered(fields, count)[0].bytes);
const frame = (index: number) => hex(ethernetFrame(index));

describe('A template', () => {
  it('makes little-endian integers, negative ones in two’s complement', () => {
    expect(bytes('[u8: 1, u16: 0x203, u32: 4, u64: "0xFFEEDDCCBBAA9988"]')).to.equal('010302040000008899aabbccddeeff');
    expect(bytes('[u8: -1, u16: "-2", u64: -1]')).to.equal('fffeffffffffffffffffff');
  });

  it('fills in what the request is about', () => {
    expect(bytes('[u16: count, u16: frameLength, u32: ifIndex]', 7)).to.equal('07003c0001000000');
  });

  it('makes padding and alignment from the start of the buffer', () => {
    expect(bytes('[u8: 1, align: 4, u8: 2, pad: 2, align: 2, u8: 3]')).to.equal('010000000200000003');
    expect(bytes('[u32: 1, align: 4]')).to.equal('01000000');
  });

  it('takes bytes with anything between them', () => {
    expect(bytes('[bytes: "01 ff:0A-3b"]')).to.equal('01ff0a3b');
  });

  it('makes texts: wide unless told otherwise, in an array, with a zero', () => {
    expect(bytes('[text: ab]')).to.equal('61006200');
    expect(bytes('[{ text: äb, encoding: utf8, terminated: true, size: 6 }]')).to.equal('c3a462000000');
    expect(Buffer.from(rendered("[text: '{adapter} {guid}']")[0].bytes).toString('utf16le')).to.equal(`A ${A.guid}`);
  });

  it('leaves braces alone that hold no word', () => {
    const json = rendered(`[{ text: '{"name":"{adapter}"}', encoding: utf8 }]`)[0].bytes;
    expect(Buffer.from(json).toString()).to.equal('{"name":"A"}');
  });

  it('makes the adapter’s GUID as a structure', () => {
    const g = A.guid;
    expect(bytes('[guid]').slice(0, 8).toUpperCase()).to.equal(
      g.slice(7, 9) + g.slice(5, 7) + g.slice(3, 5) + g.slice(1, 3),
    );
    expect(bytes('[guid]').slice(16).toUpperCase()).to.equal(g.slice(20, 24) + g.slice(25, 37));
  });

  it('repeats, and takes the next frame each time where it repeats for each frame', () => {
    expect(bytes('[{ repeat: 3, of: [u8: 5] }]')).to.equal('050505');
    expect(bytes('[{ repeat: count, of: [u16: frameLength, frame] }]', 2)).to.equal(`3c00${frame(0)}3c00${frame(1)}`);
    expect(bytes('[{ repeat: 2, of: [frame] }]')).to.equal(frame(0) + frame(0));
    expect(bytes('[{ repeat: count, of: [{ repeat: 1, of: [frame] }] }]', 2)).to.equal(frame(0) + frame(1));
  });

  it('makes buffers of their own where pointers lead', () => {
    const buffers = rendered('[u32: 1, align: 8, pointer: [u8: 2, pointer: [frame]], pointer: []]');
    expect(buffers.map(({ bytes: each }) => hex(each))).to.deep.equal([
      '0100000000000000' + '00'.repeat(16),
      '02' + '00'.repeat(8),
      frame(0),
      '',
    ]);
    expect(buffers.map(({ pointers }) => pointers)).to.deep.equal([
      [
        { offset: 8, buffer: 1 },
        { offset: 16, buffer: 3 },
      ],
      [{ offset: 1, buffer: 2 }],
      [],
      [],
    ]);
  });

  it('knows the length of what has a label, beside it or around it', () => {
    expect(bytes('[u16: { lengthOf: name }, { text: abc, label: name }]')).to.equal('0600610062006300');
    expect(bytes('[{ pointer: [frame, u8: 1, pointer: []], label: p }, u8: { lengthOf: p }]').slice(16)).to.equal('45');
    expect(hex(rendered('[{ bytes: "0102", label: x }, pointer: [u8: { lengthOf: x }]]')[1]?.bytes)).to.equal('02');
    expect(bytes('[u8: { lengthOf: all }, { repeat: count, of: [u8: 1, align: 4], label: all }]', 2)).to.match(/^0801/);
    const inner = '[{ repeat: count, of: [u8: { lengthOf: f }, { bytes: "aa", label: f }] }]';
    expect(bytes(inner, 2)).to.equal('01aa01aa');
  });

  it('says so when a value does not fit', () => {
    expect(() => rendered('[u8: count]', 256)).to.throw(RangeError, '256 does not fit the 8 bits of u8');
    expect(() => rendered("[{ text: '{guid}', size: 8 }]")).to.throw(RangeError, 'takes 76 bytes, and its field has 8');
    expect(() => rendered('[{ repeat: count, of: [pad: 65536] }]', 17)).to.throw(RangeError, 'more than 1048576');
  });

  it('gives the same bytes for the same values', () => {
    const text = '[frame, guid, pointer: [text: "{miniport}"]]';
    expect(rendered(text, 2)).to.deep.equal(rendered(text, 2));
    const twice = read(`${HEAD}${OPEN}setup:\n  - write: ${text}`);
    expect(planSetup(twice, A)).to.deep.equal(planSetup(twice, A));
  });
});

describe('Frames', () => {
  it('are distinct and valid', () => {
    const seen = new Set(Array.from({ length: 1000 }, (_, index) => frame(index)));
    expect(seen.size).to.equal(1000);
    const [first] = [ethernetFrame(0)];
    expect(first).to.have.lengthOf(60);
    // Neither address is a group's, both are locally administered, and the type is no length.
    expect([first[0], first[6]].map((octet) => (octet ?? 0) & 3)).to.deep.equal([2, 2]);
    expect(new DataView(first.buffer).getUint16(12)).to.be.at.least(0x600);
  });

  it('are as long and of the type that the profile says', () => {
    const long = read(`${HEAD}frames: { length: 1514, etherType: 0x800 }`).frames;
    expect(ethernetFrame(3, long)).to.have.lengthOf(1514);
    expect(hex(ethernetFrame(3, long).slice(12, 18))).to.equal('080000000003');
    expect(() => ethernetFrame(0, { length: 59, etherType: 0x800 })).to.throw(RangeError, '60 to 1514');
  });
});
