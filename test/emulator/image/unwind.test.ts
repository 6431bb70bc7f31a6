import { expect } from 'chai';
import {
  primaryOf,
  readImage,
  scanImage,
  scopeTable,
  thunkedImport,
  unwindFrame,
  type Image,
  type UnwindContext,
  type UnwoundFrame,
} from '../../../adapters/emulator/image';
import type { Data } from './builder';
import { withTables } from './builder';

const EXCEPTION = 3;
const BASE = 0xffff_a000_0100_0000n;
const STACK = 0xffff_a000_0200_0000n;
const RETURN = 0xffff_a000_0300_0123n;
const [RBX, RSP, RBP, RSI, R12, R13] = [3, 4, 5, 6, 12, 13];

/** A stack of quadwords, and registers that all tell themselves apart. */
class Guest {
  readonly stack = new Map<bigint, bigint>();
  readonly context: UnwindContext = {
    rip: 0n,
    registers: BigUint64Array.from({ length: 16 }, (_, i) => 0x1000n + BigInt(i)),
    xmm: BigUint64Array.from({ length: 32 }, (_, i) => 0x2000n + BigInt(i)),
  };

  constructor(rip: number, rsp: bigint, stack: Readonly<Record<number, bigint>>) {
    this.context.rip = BASE + BigInt(rip);
    this.context.registers[RSP] = rsp;
    for (const [offset, value] of Object.entries(stack)) this.stack.set(STACK + BigInt(offset), value);
  }

  set(register: number, value: bigint): this {
    this.context.registers[register] = value;
    return this;
  }

  unwind(image: Image): UnwoundFrame | undefined {
    return unwindFrame(image, this.context, (address) => this.stack.get(address), BASE);
  }

  /** Unwound, and the caller is where it should be. */
  expectCaller(image: Image, rsp: bigint, saved: Readonly<Record<number, bigint>> = {}): UnwoundFrame {
    const frame = this.unwind(image);
    if (!frame) throw new Error('not unwound');
    expect(this.context.rip, 'rip').to.equal(RETURN);
    expect(this.context.registers[RSP], 'rsp').to.equal(rsp);
    for (const [register, value] of Object.entries(saved)) {
      expect(this.context.registers[Number(register)], `register ${register}`).to.equal(value);
    }
    return frame;
  }
}

interface FunctionPlan {
  readonly code: readonly number[];
  readonly version?: number;
  readonly flags?: number;
  readonly prologue: number;
  readonly frame?: number;
  /** Slots, low byte first. */
  readonly codes: readonly number[];
  /** What follows the codes. */
  readonly tail?: readonly number[];
}

/** An image with functions at RVA 0x1000, 0x1100…; their unwind information is at 0x2100, 0x2200… */
function imageOf(...functions: readonly FunctionPlan[]): Image {
  const text = new Uint8Array(0x100 * functions.length).fill(0xcc);
  functions.forEach(({ code }, index) => text.set(code, 0x100 * index));
  const file = withTables(
    (data) => {
      functions.forEach(({ code }, i) =>
        data.u32(0x1000 + 0x100 * i, 0x1000 + 0x100 * i + code.length, 0x2100 + 0x100 * i),
      );
      functions.forEach(({ version = 1, flags = 0, prologue, frame = 0, codes, tail = [] }, i) => {
        data.zeros(0x2100 + 0x100 * i - data.rva);
        data.raw(version | (flags << 3), prologue, codes.length, frame).u16(...codes);
        if (codes.length % 2) data.u16(0);
        data.u32(...tail);
      });
      return { [EXCEPTION]: [0x2000, 12 * functions.length] };
    },
    {},
    text,
  );
  return readImage(file);
}

/** A slot: offset in the prologue, operation, information. */
const slot = (offset: number, operation: number, info = 0) => offset | (operation << 8) | (info << 12);

/** push rbp; push r12; sub rsp, 0x28; nop; add rsp, 0x28; pop r12; pop rbp; ret */
const PLAIN: FunctionPlan = {
  code: [0x55, 0x41, 0x54, 0x48, 0x83, 0xec, 0x28, 0x90, 0x48, 0x83, 0xc4, 0x28, 0x41, 0x5c, 0x5d, 0xc3],
  prologue: 7,
  codes: [slot(7, 2, 4), slot(3, 0, R12), slot(1, 0, RBP)],
};

describe('Unwinding', () => {
  const saved = { [RBP]: 0xbbn, [R12]: 0xccn };
  const frame = { 0x28: 0xccn, 0x30: 0xbbn, 0x38: RETURN };

  describe('a function that pushes and allocates', () => {
    const image = imageOf(PLAIN);
    // rsp at an offset of the code, as an offset of the stack
    const places: readonly (readonly [offset: number, rsp: number])[] = [
      [0, 0x38],
      [1, 0x30],
      [3, 0x28],
      [7, 0],
      [8, 0],
      [12, 0x28],
      [14, 0x30],
      [15, 0x38],
    ];
    for (const [offset, rsp] of places) {
      it(`from offset ${offset} finds the caller and its registers`, () => {
        const guest = new Guest(0x1000 + offset, STACK + BigInt(rsp), frame);
        // What has been popped, or was never pushed, is still in its register.
        if (rsp > 0x28) guest.set(R12, 0xccn);
        if (rsp > 0x30) guest.set(RBP, 0xbbn);
        const unwound = guest.expectCaller(image, STACK + 0x40n, saved);
        expect(unwound.function).to.include({ begin: 0x1000, end: 0x1010 });
        expect(unwound.machineFrame).to.be.false;
      });
    }

    it('leaves the context alone when the stack cannot be read', () => {
      const guest = new Guest(0x1008, STACK, { 0x28: 0xccn });
      const before = [...guest.context.registers];
      expect(guest.unwind(image)).to.be.undefined;
      expect([...guest.context.registers]).to.deep.equal(before);
      expect(guest.context.rip).to.equal(BASE + 0x1008n);
    });
  });

  it('a leaf function takes the return address off the stack', () => {
    const image = imageOf(PLAIN);
    const unwound = new Guest(0x1050, STACK, { 0: RETURN }).expectCaller(image, STACK + 8n);
    expect(unwound).to.deep.equal({
      establisherFrame: STACK,
      function: undefined,
      handler: undefined,
      machineFrame: false,
    });
  });

  it('says nothing of what is no code of the image', () => {
    const image = imageOf(PLAIN);
    for (const rip of [0x0, 0x2100, 0x9000, -8]) expect(new Guest(rip, STACK, frame).unwind(image)).to.be.undefined;
  });

  it('follows a frame register, and knows when it has been set', () => {
    // push rbp; sub rsp, 0x40; lea rbp, [rsp+0x20]; nop; lea rsp, [rbp+0x20]; pop rbp; ret
    const image = imageOf({
      code: [0x55, 0x48, 0x83, 0xec, 0x40, 0x48, 0x8d, 0x6c, 0x24, 0x20, 0x90, 0x48, 0x8d, 0x65, 0x20, 0x5d, 0xc3],
      prologue: 10,
      frame: RBP | (2 << 4),
      codes: [slot(10, 3), slot(5, 2, 7), slot(1, 0, RBP)],
    });
    const stack = { 0x40: 0xbbn, 0x48: RETURN };
    const rbp = STACK + 0x20n;
    // The function has moved rsp down since, by alloca.
    for (const offset of [10, 11]) {
      const unwound = new Guest(0x1000 + offset, STACK - 0x500n, stack)
        .set(RBP, rbp)
        .expectCaller(image, STACK + 0x50n, {
          [RBP]: 0xbbn,
        });
      expect(unwound.establisherFrame).to.equal(STACK);
    }
    const early = new Guest(0x1005, STACK, stack).expectCaller(image, STACK + 0x50n, { [RBP]: 0xbbn });
    expect(early.establisherFrame).to.equal(STACK);
  });

  it('restores what was saved by moves, general and xmm, near and far, from large frames', () => {
    const image = imageOf({
      code: new Array<number>(64).fill(0x90),
      prologue: 40,
      codes: [
        ...[slot(40, 9, 7), 0x0100, 0x0008], // xmm7 at 0x80100
        ...[slot(36, 8, 6), 4], // xmm6 at 0x40
        ...[slot(30, 5, RSI), 0x0000, 0x0008], // rsi at 0x80000
        ...[slot(24, 4, RBX), 2], // rbx at 0x10
        ...[slot(16, 1, 1), 0x0200, 0x0008], // 0x80200 bytes
        ...[slot(8, 1, 0), 0x100], // 0x800 bytes
      ],
    });
    const stack = { 0x10: 3n, 0x40: 60n, 0x48: 61n, 0x80000: 6n, 0x80100: 70n, 0x80108: 71n, 0x80a00: RETURN };
    const guest = new Guest(0x1030, STACK, stack);
    guest.expectCaller(image, STACK + 0x80a08n, { [RBX]: 3n, [RSI]: 6n });
    expect([...guest.context.xmm.subarray(12, 16)]).to.deep.equal([60n, 61n, 70n, 71n]);
    const early = new Guest(0x1000 + 24, STACK, { 0x10: 3n, 0x80a00: RETURN });
    early.expectCaller(image, STACK + 0x80a08n, { [RBX]: 3n, [RSI]: 0x1006n });
  });

  for (const [info, what] of [
    [0, 'without'],
    [1, 'with'],
  ] as const) {
    it(`a frame that the processor pushed ${what} error code gives rip and rsp as they were`, () => {
      const image = imageOf({ ...PLAIN, prologue: 0, codes: [slot(0, 2, 0), slot(0, 10, info)] });
      const at = 8 + 8 * info;
      const guest = new Guest(0x1007, STACK, { [at]: RETURN, [at + 24]: STACK + 0x777n });
      expect(guest.expectCaller(image, STACK + 0x777n).machineFrame).to.be.true;
    });
  }

  describe('a function in pieces', () => {
    // The second piece saves one register more, and jumps back into the first.
    const image = imageOf(
      { ...PLAIN, flags: 1, tail: [0x1050, 0x1234] },
      {
        code: [0x90, 0x90, 0x90, 0xe9, 0xff, 0xfe, 0xff, 0xff],
        flags: 4,
        prologue: 0,
        codes: [slot(0, 4, RBX), 2],
        tail: [0x1000, 0x1010, 0x2100],
      },
    );

    it('is unwound through all of them, with the handler of the first', () => {
      const guest = new Guest(0x1101, STACK, { ...frame, 0x10: 0xdn });
      const unwound = guest.expectCaller(image, STACK + 0x40n, { ...saved, [RBX]: 0xdn });
      expect(unwound.handler).to.deep.equal({ routine: 0x1050, data: 0x2110, catches: true, terminates: false });
    });

    it('does not end where it jumps between its pieces', () => {
      new Guest(0x1103, STACK, { ...frame, 0x10: 0xdn }).expectCaller(image, STACK + 0x40n, { ...saved, [RBX]: 0xdn });
    });

    it('is one function to those who count them', () => {
      const second = image.functionAt(0x1105);
      expect(second).to.include({ begin: 0x1100 });
      expect(second && primaryOf(image, second)).to.include({ begin: 0x1000 });
      expect(scanImage(image).functions).to.deep.equal([
        {
          name: '0x1000',
          section: '.text',
          pieces: [
            { begin: 0x1000, end: 0x1010 },
            { begin: 0x1100, end: 0x1108 },
          ],
        },
      ]);
    });
  });

  it('an epilogue may leave by a jump to another function', () => {
    const [pop, jump] = [0x5d, 0xe9];
    const image = imageOf(
      { ...PLAIN, code: [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, pop, jump, 0xf2, 0, 0, 0] },
      { ...PLAIN, code: [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x48, 0xff, 0xe0] },
      { ...PLAIN, code: [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xff, 0x25, 0, 0, 0, 0] },
      { ...PLAIN, code: [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xc2, 0x10, 0] },
      { ...PLAIN, code: [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xeb, 0xfb] },
      { ...PLAIN, code: [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xff, 0xe0] },
    );
    new Guest(0x1008, STACK, { 0: 0xbbn, 8: RETURN }).expectCaller(image, STACK + 0x10n, { [RBP]: 0xbbn });
    new Guest(0x1108, STACK, { 0: RETURN }).expectCaller(image, STACK + 8n);
    new Guest(0x1208, STACK, { 0: RETURN }).expectCaller(image, STACK + 8n);
    new Guest(0x1308, STACK, { 0: RETURN }).expectCaller(image, STACK + 0x18n);
    // A jump within the function, and one of a switch, are none.
    new Guest(0x1408, STACK, frame).expectCaller(image, STACK + 0x40n, saved);
    new Guest(0x1508, STACK, frame).expectCaller(image, STACK + 0x40n, saved);
  });

  describe('by tables of version 2', () => {
    // push r13; sub rsp, 0x20; nop; add rsp, 0x20; pop r13; ret; nop; nop; pop r13; ret
    const code = [0x41, 0x55, 0x48, 0x83, 0xec, 0x20, 0x90, 0x48, 0x83, 0xc4, 0x20, 0x41, 0x5d, 0xc3, 0x90, 0x90];
    const image = (...epilogues: readonly number[]) =>
      imageOf({
        code: [...code, 0x41, 0x5d, 0xc3],
        version: 2,
        prologue: 6,
        codes: [...epilogues, slot(6, 2, 3), slot(2, 0, R13)],
      });
    const stack = { 0x20: 0xddn, 0x28: RETURN };
    const variants: readonly (readonly [string, Image])[] = [
      ['padded as an epilogue', image(slot(3, 6, 1), slot(8, 6), slot(0, 6), slot(0, 6))],
      ['padded with zeros', image(slot(3, 6, 1), slot(8, 6), slot(0, 6), 0)],
      ['unpadded', image(slot(3, 6, 1), slot(8, 6))],
    ];
    for (const [what, one] of variants) {
      it(`(${what}) finds epilogues where they say they are`, () => {
        new Guest(0x1006, STACK, stack).expectCaller(one, STACK + 0x30n, { [R13]: 0xddn });
        new Guest(0x100b, STACK + 0x20n, stack).expectCaller(one, STACK + 0x30n, { [R13]: 0xddn });
        new Guest(0x100d, STACK + 0x28n, stack).expectCaller(one, STACK + 0x30n);
        new Guest(0x1010, STACK + 0x20n, stack).expectCaller(one, STACK + 0x30n, { [R13]: 0xddn });
        new Guest(0x1012, STACK + 0x28n, stack).expectCaller(one, STACK + 0x30n);
      });
    }

    it('sees none where they say nothing, whatever the bytes look like', () => {
      const one = image(slot(3, 6, 1), slot(0, 6));
      new Guest(0x100b, STACK, stack).expectCaller(one, STACK + 0x30n, { [R13]: 0xddn });
    });
  });

  describe('exception handlers', () => {
    const image = imageOf({
      ...PLAIN,
      flags: 3,
      tail: [0x1050, 2, 0x1000, 0x1008, 1, 0x1009, 0x1002, 0x1004, 0x1060, 0],
    });

    it('are those of the body, not of prologue and epilogue', () => {
      const body = new Guest(0x1007, STACK, frame).unwind(image)?.handler;
      expect(body).to.deep.equal({ routine: 0x1050, data: 0x2110, catches: true, terminates: true });
      expect(new Guest(0x1003, STACK + 0x28n, frame).unwind(image)?.handler).to.be.undefined;
      expect(new Guest(0x100e, STACK + 0x30n, frame).unwind(image)?.handler).to.be.undefined;
    });

    it('have scopes that catch, filter, or finish', () => {
      expect(scopeTable(image, 0x2110)).to.deep.equal([
        { kind: 'except', begin: 0x1000, end: 0x1008, filter: undefined, target: 0x1009 },
        { kind: 'finally', begin: 0x1002, end: 0x1004, routine: 0x1060 },
      ]);
    });

    it('have no scopes where their data are those of another handler', () => {
      const guard = imageOf({ ...PLAIN, flags: 3, tail: [0x1050, 1, 0x1000, 0x1008, 0x2000, 0] });
      expect(scopeTable(guard, 0x2110)).to.be.undefined;
    });

    it('have no scopes where the tables are damaged', () => {
      for (const rva of [0x2100, 0x2ffe, 0x7fff_ffff, -1]) expect(scopeTable(image, rva)).to.be.undefined;
    });
  });

  describe('by hostile tables', () => {
    const ring = imageOf({ ...PLAIN, flags: 4, tail: [0x1000, 0x1010, 0x2100] });
    const cases: readonly (readonly [string, Image])[] = [
      ['in a ring', ring],
      ['chained to nothing', imageOf({ ...PLAIN, flags: 4, tail: [0x1010, 0x1000, 0x2100] })],
      ['of an unknown version', imageOf({ ...PLAIN, version: 3 })],
      ['with an unknown operation', imageOf({ ...PLAIN, codes: [slot(0, 11)] })],
      ['with an operation that is cut off', imageOf({ ...PLAIN, codes: [slot(0, 1, 1), 0] })],
    ];
    for (const [what, image] of cases) {
      it(`(${what}) gives up`, () => {
        expect(new Guest(0x1007, STACK, frame).unwind(image)).to.be.undefined;
      });
    }

    it('in a ring has no beginning', () => {
      const piece = ring.functionAt(0x1000);
      expect(piece && primaryOf(ring, piece)).to.be.undefined;
    });

    it('loses functions that overlap or lie outside the image, and keeps the others', () => {
      const file = withTables((data) => {
        data.u32(
          0x1000,
          0x1002,
          0x2100,
          0x1001,
          0x1003,
          0x2100,
          5,
          4,
          0,
          0x1002,
          0x1003,
          0x2100,
          0x1000,
          0xffff_ffff,
          0,
        );
        return { [EXCEPTION]: [0x2000, 0xffff_ffff] };
      });
      expect(readImage(file).functions.map(({ begin }) => begin)).to.deep.equal([0x1000, 0x1002]);
    });
  });

  it('follows an entry that stands for another', () => {
    const file = withTables((data) => {
      data.u32(0x1000, 0x1002, 0x2100, 0x1002, 0x1003, 0x2001);
      return { [EXCEPTION]: [0x2000, 24] };
    });
    expect(readImage(file).functionAt(0x1002)).to.deep.equal({ begin: 0x1002, end: 0x1003, unwind: 0x2100 });
  });
});

describe('An import thunk', () => {
  it('is the import that it jumps to', () => {
    let slots = 0;
    const file = withTables(
      (data: Data) => {
        const name = data.text('ndis.sys').align(2).rva;
        slots = data.u16(0).text('NdisMSleep').align(8).rva;
        const directory = data.u64(BigInt(name), 0n).rva;
        data.u32(slots, 0, 0, 0x2000, slots).zeros(20);
        return { 1: [directory, 40] };
      },
      {},
      Uint8Array.of(0xff, 0x25, 0x12, 0x10, 0, 0, 0x48, 0xff, 0x25, 0x0b, 0x10, 0, 0, 0xc3),
    );
    const image = readImage(file);
    expect(slots).to.equal(0x2018);
    for (const rva of [0x1000, 0x1006])
      expect(thunkedImport(image, rva)).to.include({ name: 'NdisMSleep', slot: slots });
    for (const rva of [0x1007 + 6, 0x1001, 0x5000]) expect(thunkedImport(image, rva)).to.be.undefined;
  });
});
