import { expect } from 'chai';
import * as fc from 'fast-check';
import { readImage } from '../../../adapters/emulator/image';
import { controlCodes, readsAttribute } from '../../../adapters/emulator/inspect/control-codes';
import { Data, PREFERRED_BASE, withTables } from '../image/builder';

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

  it('are read from a routine that serves other requests too, through a switch over their kinds', () => {
    const code = new Data(ENTRY)
      // mov rax, [rdx + 0B8h]; movzx ecx, byte ptr [rax]; ror ecx, 1; cmp ecx, 9; ja +53
      .raw(...[0x48, 0x8b, 0x82, 0xb8, 0, 0, 0, 0x0f, 0xb6, 0x08, 0xd1, 0xc9, 0x83, 0xf9, 9, 0x77, 53])
      // lea r8, [1040h]; movsxd rcx, [r8 + rcx * 4]; add rcx, r8; jmp rcx
      .raw(...[0x4c, 0x8d, 0x05, 0x28, 0, 0, 0, 0x49, 0x63, 0x0c, 0x88, 0x4c, 0x03, 0xc1, 0x4c, 0x01, 0xc1, 0xff, 0xe1])
      .align(0x40)
      .u32(...Array.from({ length: 10 }, (_, index) => (index === 7 ? 0x40 : 0x80)))
      .align(0x40)
      // mov ecx, 0FFDDE000h; add ecx, [rax + 18h]; cmp ecx, 4; je; ret
      .raw(...[0xb9, 0x00, 0xe0, 0xdd, 0xff, 0x03, 0x48, 0x18, 0x83, 0xf9, 4, 0x74, 0, RET])
      .align(0x40)
      // mov ecx, [rax + 18h]; cmp ecx, 999999h; je; ret
      .raw(...[0x8b, 0x48, 0x18, 0x81, 0xf9, 0x99, 0x99, 0x99, 0, 0x74, 0, RET])
      .done();
    expect(codesIn(code)).to.deep.equal([0x222004]);
  });

  it('are read from the functions that it may call through a table, and marked', () => {
    const code = bytes(
      // mov rcx, rdx; mov rdx, [rdx + 0B8h]; call [rax + 8]; ret
      ...[0x48, 0x8b, 0xca, 0x48, 0x8b, 0x92, 0xb8, 0, 0, 0, 0xff, 0x50, 8, RET],
      // at 100Eh: cmp dword ptr [rdx + 18h], 222004h; je; cmp dword ptr [rdx + 18h], 222h; je; ret
      ...[0x81, 0x7a, 0x18, 0x04, 0x20, 0x22, 0, 0x74, 0, 0x81, 0x7a, 0x18, 0x22, 0x02, 0, 0, 0x74, 0, RET],
    );
    const image = readImage(
      withTables(
        (data) => {
          data.u64(PREFERRED_BASE + 0x100en);
          // A block of one relocation, of a 64-bit address.
          data.u32(0x2000, 12).u16(0xa000, 0);
          return { 5: [0x2008, 12] };
        },
        {},
        code,
      ),
      {},
    );
    expect(controlCodes(image, ENTRY)).to.deep.equal([
      { value: 0x222004, spelt: 'CTL_CODE(0x22, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)', throughTable: true },
    ]);
  });

  it('say nothing of opens: whether those look at an extended attribute is told by their own code', () => {
    const looks = (...code: number[]): boolean =>
      readsAttribute(
        readImage(
          withTables(() => ({}), {}, bytes(...code)),
          {},
        ),
        ENTRY,
      );
    // mov rax, [rdx + 18h]
    const buffer = [0x48, 0x8b, 0x42, 0x18];
    // mov rax, [rdx + 0B8h]; cmp byte ptr [rax], 0; jne +4
    const onlyOpens = [0x48, 0x8b, 0x82, 0xb8, 0, 0, 0, 0x80, 0x38, 0, 0x75, 4];
    // mov rax, [rdx + 0B8h]; cmp byte ptr [rax], 4; jne +4
    const onlyWrites = [0x48, 0x8b, 0x82, 0xb8, 0, 0, 0, 0x80, 0x38, 4, 0x75, 4];
    // mov rax, [rdx + 0B8h]; mov ecx, [rax + 20h]
    const length = [0x48, 0x8b, 0x82, 0xb8, 0, 0, 0, 0x8b, 0x48, 0x20];
    expect([looks(...buffer, RET), looks(...length, RET), looks(...onlyOpens, ...buffer, RET)]).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect([looks(RET), looks(...onlyWrites, ...buffer, RET)]).to.deep.equal([false, false]);
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
