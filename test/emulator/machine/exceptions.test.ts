import { expect } from 'chai';
import { Booted, CODE, DATA, IMAGE_BASE } from './booted';

const TABLES = 0x4000;
const DATA_ADDRESS = IMAGE_BASE + DATA;

function u32(...values: readonly number[]): number[] {
  return values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff]);
}

/**
 * A function with a frame of 28h bytes: `__try { *rcx } __except (…) { rax stays the code }`.
 * @param filter RVA of the filter; 1 catches whatever comes
 */
function guarded(scopes: readonly number[], inside: readonly number[] = [0x48, 0x8b, 0x01]) {
  const begin = [0x48, 0x83, 0xec, 0x28];
  const leave = [0x48, 0x83, 0xc4, 0x28, 0xc3];
  const code = [...begin, ...inside, ...leave];
  // Version 1 with a handler, a prologue of 4 bytes, one code: at 4, allocate 28h bytes.
  const unwind = [0x09, 4, 1, 0, 4, 0x42, 0, 0, ...u32(0x1800, scopes.length / 4, ...scopes)];
  return {
    code: {
      [CODE]: code,
      // The except block: back through the epilogue, with rax as it is.
      [CODE + 0x40]: leave,
      // A filter that declines, and one that takes: xor eax, eax; ret — mov eax, 1; ret
      [CODE + 0x60]: [0x31, 0xc0, 0xc3],
      [CODE + 0x70]: [0xb8, 1, 0, 0, 0, 0xc3],
    },
    functions: [{ begin: CODE, end: CODE + 0x60, unwind: TABLES }],
    tables: { [TABLES]: unwind },
  };
}

const TRY = [CODE + 4, CODE + 0x20];

describe('Structured exceptions', () => {
  it('are caught by the block around a user address', () => {
    const booted = new Booted(guarded([...TRY, 1, CODE + 0x40]));
    expect(booted.call(CODE, 0x1234)).to.equal(0xc000_0005n);
  });

  it('ask the filter', () => {
    const taking = new Booted(guarded([...TRY, CODE + 0x70, CODE + 0x40]));
    expect(taking.call(CODE, 0x1234)).to.equal(0xc000_0005n);
    const declining = new Booted(guarded([...TRY, CODE + 0x60, CODE + 0x40]));
    declining.call(CODE, 0x1234);
    expect(declining.bugcheck.code).to.equal('0x7E');
  });

  it('are caught in a piece of the function that lies elsewhere', () => {
    const far = CODE + 0x800;
    // jmp far; there: mov rax, [rcx]; nop
    const plan = guarded([far, far + 4, 1, CODE + 0x40], [0xe9, ...u32(far - (CODE + 4 + 5))]);
    const second = { begin: far, end: far + 4, unwind: TABLES + 0x100 };
    const booted = new Booted({
      code: { ...plan.code, [far]: [0x48, 0x8b, 0x01, 0x90] },
      functions: [...plan.functions, second],
      // Chained, no prologue of its own.
      tables: { ...plan.tables, [TABLES + 0x100]: [0x21, 0, 0, 0, ...u32(CODE, CODE + 0x60, TABLES)] },
    });
    expect(booted.call(CODE, 0x1234)).to.equal(0xc000_0005n);
  });

  it('never save a driver from a bad address of the kernel', () => {
    const booted = new Booted(guarded([...TRY, 1, CODE + 0x40]));
    booted.call(CODE, 0xffff_a000_0060_0000n);
    expect(booted.bugcheck.code).to.equal('0x50');
  });

  it('run the __finally blocks on the way', () => {
    const plan = guarded([CODE + 4, CODE + 0x20, CODE + 0x80, 0, ...TRY, 1, CODE + 0x40]);
    // mov rax, [rip+…] is not needed: the block marks the image's data: mov byte [rip+rel32], cl; ret
    const at = CODE + 0x80;
    const mark = [0x88, 0x0d, ...u32(DATA - (at + 6)), 0xc3];
    const booted = new Booted({ ...plan, code: { ...plan.code, [at]: mark } });
    expect(booted.call(CODE, 0x1234)).to.equal(0xc000_0005n);
    expect(booted.guest.memory.u8(DATA_ADDRESS)).to.equal(1);
  });

  it('come out of exports too', () => {
    // call rcx; nop: compilers keep a return address out of the epilogue
    const booted = new Booted(guarded([...TRY, 1, CODE + 0x40], [0xff, 0xd1, 0x90]));
    const probe = booted.guest.imports.resolve('ntoskrnl.exe', 'ExRaiseStatus') ?? 0n;
    const status = booted.call(CODE, probe);
    expect(status).to.equal(probe & 0xffff_ffffn);
    const unhandled = new Booted();
    unhandled.run(() => unhandled.export('ExRaiseStatus', 0xc000_0001));
    expect(unhandled.bugcheck.parameters[0]).to.equal('0xC0000001');
  });
});
