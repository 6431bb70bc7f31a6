/** Mutated files: whatever is in them, reading ends soon, with an image or with a complaint, and an image can be worked with. */
import { expect } from 'chai';
import {
  BadImage,
  primaryOf,
  readImage,
  scanImage,
  scopeTable,
  thunkedImport,
  unwindFrame,
  type Image,
  type SymbolFiles,
} from '../../../adapters/emulator/image';
import type { Data } from './builder';
import { withTables, PREFERRED_BASE } from './builder';
import { buildSample, type Built } from './zig';

const BASE = 0xffff_a000_0100_0000n;

/** Numbers that look random and are the same every time (xorshift). */
class Dice {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

const INTERESTING = [
  0, 1, 4, 7, 0x7f, 0xff, 0x1000, 0x7fff, 0xffff, 0x10_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

/** Where mutations hurt: most of them in the headers or, by its offset, in what has tables. */
function mutate(original: Uint8Array, dice: Dice, tables: readonly [from: number, to: number]): Uint8Array {
  const file = Uint8Array.from(original);
  const view = new DataView(file.buffer);
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const [from, to] = dice.pick([[0x40, 0x300], tables, tables, [0, file.length]] as const);
    const at = from + dice.below(Math.min(to, file.length) - from - 8);
    switch (dice.below(5)) {
      case 0:
        file[at] = dice.below(256);
        break;
      case 1:
        file[at] = (file[at] ?? 0) ^ (1 << dice.below(8));
        break;
      case 2:
        view.setUint32(at & ~3, dice.pick(INTERESTING), true);
        break;
      case 3:
        view.setUint32(at & ~3, dice.below(0x8000), true);
        break;
      default:
        file.copyWithin(at, from + dice.below(to - from), from + dice.below(to - from));
    }
  }
  return dice.below(20) === 0 ? file.subarray(0, dice.below(file.length)) : file;
}

/** Does with an image what the emulator does; nothing of it may throw. */
function workWith(image: Image, dice: Dice): void {
  expect(image.mapAt(BASE + BigInt(dice.below(0x1000)) * 0x1000n)).to.have.length(image.sizeOfImage);
  scanImage(image);
  image.addressOf('DriverEntry');
  const places = [0, 1, 2, 3].map(() => dice.below(image.sizeOfImage));
  for (const { begin, end } of image.functions.slice(0, 24)) places.push(begin, begin + 3, end - 1);
  for (const rva of places) {
    image.symbolAt(rva);
    thunkedImport(image, rva);
    scopeTable(image, rva);
    const piece = image.functionAt(rva);
    if (piece) primaryOf(image, piece);
    const context = {
      rip: BASE + BigInt(rva),
      registers: BigUint64Array.from({ length: 16 }, () => BASE + BigInt(dice.below(0x10000))),
      xmm: new BigUint64Array(32),
    };
    const frame = unwindFrame(
      image,
      context,
      (address) => (dice.below(50) === 0 ? undefined : (address * 7n) & 0xffff_ffffn),
      BASE,
    );
    if (frame?.handler) scopeTable(image, frame.handler.data);
  }
}

/** @returns how many of the mutants were accepted */
function fuzz(count: number, seed: number, make: (dice: Dice) => readonly [Uint8Array, SymbolFiles?]): number {
  const dice = new Dice(seed);
  let accepted = 0;
  for (let round = 0; round < count; round++) {
    const [file, symbols] = make(dice);
    let image: Image | undefined;
    try {
      image = readImage(file, symbols);
    } catch (error) {
      if (!(error instanceof BadImage)) throw new Error(`round ${round} of seed ${seed}`, { cause: error });
      expect(error.message).to.match(/^[^\n]{20,400}[.]$/);
    }
    if (!image) continue;
    accepted++;
    workWith(image, dice);
  }
  return accepted;
}

/** A driver with every table that there is. */
function everything(): Uint8Array {
  return withTables((data: Data) => {
    const name = data.text('ndis.sys').align(2).rva;
    const slots = data.u16(0).text('NdisMSleep').align(8).rva;
    const imports = data.u64(BigInt(name), 0x8000_0000_0000_0011n, 0n).rva;
    const relocations = data.u32(slots, 0, 0, 0x2000, slots).zeros(20).align(4).rva;
    const load = data.u32(0x2000, 12).u16(0xa080, 0x3090).align(8).rva;
    const guards =
      data
        .u32(0x98, 0)
        .zeros(0x50)
        .u64(PREFERRED_BASE + 0x2000n, 0n, 0n, 0n, 0n).rva + 0x18;
    const functions = data.u64(PREFERRED_BASE + BigInt(guards), 2n, 0x500n).u32(0x1000, 0x1002).rva;
    const unwind = functions + 24;
    data.u32(0x1000, 0x1002, unwind, 0x1002, 0x1003, unwind + 8);
    data
      .raw(1, 0, 1, 0)
      .u16(0x0200, 0)
      .raw(1 | (4 << 3), 0, 0, 0)
      .u32(0x1000, 0x1002, unwind);
    const debug = data.align(4).rva;
    data
      .u32(0, 0, 0, 2, 0x20, debug + 28, 0)
      .u32(0x5344_5352)
      .zeros(20)
      .text('x.pdb')
      .align(4);
    const version = data.rva;
    for (const [id, target] of [
      [16, 0x8000_0018],
      [1, 0x8000_0030],
      [1033, 0x48],
    ] as const)
      data.zeros(12).u16(0, 1).u32(id, target);
    data
      .u32(data.rva + 16, 92, 0, 0)
      .u16(92, 52, 0)
      .wide('VS_VERSION_INFO')
      .align(4)
      .u32(0xfeef_04bd)
      .zeros(48);
    return {
      1: [imports, 40],
      2: [version, 0x100],
      3: [functions, 24],
      5: [relocations, 12],
      6: [debug, 28],
      10: [load, 0x98],
    };
  });
}

describe('Mutated images', function () {
  this.timeout(60_000);
  let built: Built;

  before(() => {
    built = buildSample('-O2');
  });

  it('with every table are read or refused, and can be worked with', () => {
    const original = everything();
    expect(readImage(original)).to.deep.include({ securityCookie: 0x2000, fileVersion: '0.0.0.0' });
    const accepted = fuzz(2000, 0x1234_5678, (dice) => [mutate(original, dice, [0x600, 0x900])]);
    expect(accepted).to.be.within(200, 1800);
  });

  it('of a compiler are read or refused, and can be worked with', () => {
    const accepted = fuzz(600, 0x0bad_cafe, (dice) => [
      mutate(built.sys, dice, [0x400, built.sys.length]),
      { map: built.map },
    ]);
    expect(accepted).to.be.within(60, 560);
  });

  it('are not mistaken for others: their symbols are taken or refused', () => {
    const all = fuzz(120, 0x600d_f00d, (dice) => {
      const middle = dice.below(built.pdb.length - 4096);
      return [built.sys, { pdb: mutate(built.pdb, dice, [middle, middle + 4096]) }];
    });
    expect(all).to.equal(120);
  });

  it('as large as may be are read in a moment', () => {
    const huge = withTables(() => ({ 3: [0x2000, 0xffff_ffff] }), { sizeOfImage: 64 * 1024 * 1024 });
    const started = performance.now();
    workWith(readImage(huge), new Dice(1));
    expect(performance.now() - started).to.be.below(5_000);
  });
});
