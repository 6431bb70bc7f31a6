import { expect } from 'chai';
import { GUEST_BASE, PAGE_SIZE } from '../../../adapters/emulator/cpu/contract';
import type { Engine, Protection } from '../../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory, RegisterFile } from '../../../adapters/emulator/cpu/memory';
import type { WindowMemory } from '../../../adapters/emulator/cpu/memory';

const CODE = PAGE_SIZE;
const DATA = 4 * PAGE_SIZE;
const SIZE = 8 * PAGE_SIZE;
const RX: Protection = { read: true, write: false, execute: true };
const RW: Protection = { read: true, write: true, execute: false };
const NONE: Protection = { read: false, write: false, execute: false };

/** Each with the address in rsi. */
const ACCESSES: readonly (readonly [name: 'read' | 'write', size: number, code: readonly number[]])[] = [
  ['read', 1, [0x8a, 0x06]],
  ['read', 2, [0x66, 0x8b, 0x06]],
  ['read', 4, [0x8b, 0x06]],
  ['read', 8, [0x48, 0x8b, 0x06]],
  ['read', 16, [0x0f, 0x10, 0x06]],
  ['write', 1, [0x88, 0x06]],
  ['write', 2, [0x66, 0x89, 0x06]],
  ['write', 4, [0x89, 0x06]],
  ['write', 8, [0x48, 0x89, 0x06]],
  ['write', 16, [0x0f, 0x11, 0x06]],
];

function machine(code: readonly number[]): { memory: WindowMemory; engine: Engine; registers: RegisterFile } {
  const memory = createMemory(SIZE);
  memory.write(CODE, Uint8Array.from(code));
  memory.protect(CODE, code.length, RX);
  memory.protect(SIZE - PAGE_SIZE, PAGE_SIZE, RW);
  const registers = new RegisterFile();
  registers.set('rsp', GUEST_BASE + BigInt(SIZE - 64));
  registers.rip = GUEST_BASE + BigInt(CODE);
  return { memory, engine: createJit(memory), registers };
}

describe('The shadow in translated code', () => {
  it('is exact for every size, alignment, length of the allowed range and offset into it', () => {
    let cases = 0;
    for (const [access, size, code] of ACCESSES) {
      const { memory, engine, registers } = machine(code);
      for (let start = DATA; start < DATA + 8; start += 1) {
        for (const length of [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 24, 31]) {
          memory.protect(DATA - 32, 128, NONE);
          memory.protect(start, length, { ...NONE, [access]: true });
          for (let at = start - 17; at <= start + length; at += 1) {
            registers.rip = GUEST_BASE + BigInt(CODE);
            registers.set('rsi', GUEST_BASE + BigInt(at));
            const { kind } = engine.run(registers, 1);
            const allowed = at >= start && at + size <= start + length;
            if ((kind === 'budget') !== allowed)
              expect.fail(`${access} of ${size} at ${at - start} of ${length}: ${kind}`);
            cases += 1;
          }
        }
      }
    }
    expect(cases).to.be.greaterThan(25_000);
  });

  it('stops before any effect, with what was touched', () => {
    // add [rsi], rax; push rax
    const { engine, registers } = machine([0x48, 0x01, 0x06, 0x50]);
    registers.set('rsi', 0x1234_0000_0000_1000n);
    registers.set('rax', 5n);
    const before = registers.bytes.slice();
    expect(engine.run(registers, 10)).to.deep.equal({
      kind: 'fault',
      access: 'write',
      address: 0x1234_0000_0000_1000n,
      size: 8,
    });
    expect(registers.bytes).to.deep.equal(before);
    expect(engine.instructions).to.equal(0);
  });

  it('denies pageable data and code at DISPATCH_LEVEL, and gives them back below', () => {
    const { memory, engine, registers } = machine([0x8b, 0x06, 0x90, 0x90]);
    memory.protect(DATA, 8, { ...RW, pageable: true });
    registers.set('rsi', GUEST_BASE + BigInt(DATA));
    const again = (): string => {
      registers.rip = GUEST_BASE + BigInt(CODE);
      return engine.run(registers, 1).kind;
    };
    expect(again()).to.equal('budget');
    engine.irql = 2;
    expect(again()).to.equal('fault');
    memory.protect(CODE, 4, { ...RX, pageable: true });
    expect(again()).to.equal('fetch');
    engine.irql = 0;
    expect(again()).to.equal('budget');
  });

  it('marks both pages of a store that straddles them', () => {
    const { memory, engine, registers } = machine([0x48, 0x89, 0x06]);
    memory.protect(DATA, 2 * PAGE_SIZE, RW);
    const snapshot = memory.snapshot();
    registers.set('rsi', GUEST_BASE + BigInt(DATA + PAGE_SIZE - 4));
    registers.set('rax', 0x1122_3344_5566_7788n);
    engine.run(registers, 1);
    expect(memory.u64(DATA + PAGE_SIZE - 4)).to.equal(0x1122_3344_5566_7788n);
    memory.restore(snapshot);
    expect(memory.u64(DATA + PAGE_SIZE - 4)).to.equal(0n);
  });
});

describe('Code that changes', () => {
  it('is translated anew when the host writes it', () => {
    // mov eax, 1
    const { memory, engine, registers } = machine([0xb8, 1, 0, 0, 0]);
    engine.run(registers, 1);
    memory.setU8(CODE + 1, 2);
    registers.rip = GUEST_BASE + BigInt(CODE);
    engine.run(registers, 1);
    expect(registers.get('rax')).to.equal(2n);
  });

  it('is what the guest has just written where it may write code', () => {
    // mov byte [rip + 1], 7; mov eax, 1: the immediate of the second is what the first writes
    const { memory, engine, registers } = machine([0xc6, 0x05, 1, 0, 0, 0, 7, 0xb8, 1, 0, 0, 0]);
    memory.protect(CODE, 12, { read: true, write: true, execute: true });
    engine.run(registers, 2);
    expect(registers.get('rax')).to.equal(7n);
  });

  it('is gone when it may no longer be executed', () => {
    const { memory, engine, registers } = machine([0x90, 0xeb, 0xfd]);
    expect(engine.run(registers, 100).kind).to.equal('budget');
    memory.protect(CODE, 3, NONE);
    expect(engine.run(registers, 100).kind).to.equal('fetch');
  });

  it('is forgotten on request', () => {
    const { memory, engine, registers } = machine([0xb8, 1, 0, 0, 0]);
    engine.run(registers, 1);
    memory.bytes[CODE + 1] = 3;
    engine.forget(CODE, 5);
    registers.rip = GUEST_BASE + BigInt(CODE);
    engine.run(registers, 1);
    expect(registers.get('rax')).to.equal(3n);
  });
});

describe('An engine of translated code', () => {
  it('comes back from recursion deeper than its own stack', () => {
    // f: dec ecx; jz out; call f; out: ret
    const code = [0xff, 0xc9, 0x74, 0x05, 0xe8, 0xf7, 0xff, 0xff, 0xff, 0xc3];
    const { memory, engine, registers } = machine(code);
    memory.protect(DATA, 3 * PAGE_SIZE, RW);
    registers.set('rcx', 700n);
    const { kind } = engine.run(registers, 100_000);
    expect(kind).to.equal('fetch');
    expect(registers.rip).to.equal(0n);
    expect(engine.instructions).to.equal(700 * 3 + 699);
  });

  it('stops exactly in steps, and tells the time of all instructions', () => {
    // nop nop rdtsc
    const { engine, registers } = machine([0x90, 0x90, 0x0f, 0x31]);
    engine.run(registers, 2, true);
    expect(registers.rip).to.equal(GUEST_BASE + BigInt(CODE + 2));
    engine.run(registers, 1, true);
    expect(registers.get('rax')).to.equal(2n);
  });

  it('takes only registers of its own kind', () => {
    const { engine, memory } = machine([0x90]);
    const { bytes: _bytes, ...foreign } = createInterpreter(memory).newRegisters() as RegisterFile;
    expect(() => engine.run(foreign as unknown as RegisterFile, 1)).to.throw(TypeError);
  });
});
