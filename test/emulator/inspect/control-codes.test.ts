import { expect } from 'chai';
import * as fc from 'fast-check';
import { readImage } from '../../../adapters/emulator/image';
import { controlCodes } from '../../../adapters/emulator/inspect/control-codes';
import { Data, withTables } from '../image/builder';

const ENTRY = 0x1000;
const RET = 0xc3;
/** mov rax, [rdx + 0B8h]; mov ecx, [rax + 18h] */
const LOAD = [0x48, 0x8b, 0x82, 0xb8, 0, 0, 0, 0x8b, 0x48, 0x18];

/** @returns the codes that are found in a routine */
function codesIn(code: Uint8Array): number[] {
  const image = readImage(
    withTables(() => ({}), {}, code),
    {},
  );
  return controlCodes(image, ENTRY).map(({ value }) => value);
}

function bytes(...code: readonly number[]): Uint8Array {
  return new Data(ENTRY).raw(...code).done();
}

describe('control codes in the code of a driver', () => {
  it('are found where they are compared, and where they are counted down', () => {
    const found = codesIn(
      bytes(
        ...LOAD,
        // cmp ecx, 222004h; je; sub ecx, 222008h; je; sub ecx, 4; je; sub ecx, 8; jne; ret
        ...[0x81, 0xf9, 0x04, 0x20, 0x22, 0, 0x74, 0],
        ...[0x81, 0xe9, 0x08, 0x20, 0x22, 0, 0x74, 0],
        ...[0x83, 0xe9, 4, 0x74, 0, 0x83, 0xe9, 8, 0x75, 0, RET],
      ),
    );
    expect(found).to.deep.equal([0x222004, 0x222008, 0x22200c, 0x222014]);
  });

  it('are found through a function that is given the stack location', () => {
    const code = bytes(
      // mov rcx, [rdx + 0B8h]; call +1; ret; mov eax, [rcx + 18h]; cmp eax, 9C402000h; je; ret
      ...[0x48, 0x8b, 0x8a, 0xb8, 0, 0, 0, 0xe8, 1, 0, 0, 0, RET],
      ...[0x8b, 0x41, 0x18, 0x3d, 0x00, 0x20, 0x40, 0x9c, 0x74, 0, RET],
    );
    expect(codesIn(code)).to.deep.equal([0x9c402000]);
  });

  it('are read from the tables of a switch, without its gaps', () => {
    const code = new Data(ENTRY)
      .raw(...LOAD)
      // lea eax, [rcx - 222000h]; cmp eax, 8; ja +25
      .raw(...[0x8d, 0x81, 0x00, 0xe0, 0xdd, 0xff, 0x83, 0xf8, 8, 0x77, 0x19])
      // lea rdx, [image]; movzx eax, byte ptr [rdx + rax + 1040h]; mov ecx, [rdx + rax * 4 + 1050h]; add rcx, rdx; jmp rcx
      .raw(0x48, 0x8d, 0x15)
      .u32(-(ENTRY + 28) >>> 0)
      .raw(
        ...[0x0f, 0xb6, 0x84, 0x02, 0x40, 0x10, 0, 0, 0x8b, 0x8c, 0x82, 0x50, 0x10, 0, 0, 0x48, 0x03, 0xca, 0xff, 0xe1],
      )
      .align(0x40)
      .raw(...[0, 2, 2, 2, 1, 2, 2, 2, 0])
      .align(0x10)
      .u32(0x1070, 0x1071, 0x1072)
      .align(0x10)
      .raw(...[RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET, RET])
      .done();
    expect(codesIn(code)).to.deep.equal([0x222000, 0x222004, 0x222008]);
  });

  it('may be none: code of any kind ends the search, and never fails it', () => {
    expect(codesIn(bytes(RET))).to.deep.equal([]);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (code) => {
        expect(codesIn(bytes(...LOAD, ...code))).to.be.an('array');
      }),
      { numRuns: 200 },
    );
  });
});
