import { expect } from 'chai';
import { GUEST_BASE } from '../../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory } from '../../../adapters/emulator/cpu/memory';

const CODE = 0x1000;
const PAGE = 0x3000;
const ELSEWHERE = 0xffff_f780_0000_0000n;
/** mov rax, [rcx]; movdqu xmm0, [rcx+10h]; add rax, [rcx+8]; mov [rcx+8], rax; hlt */
const PROGRAM = [0x48, 0x8b, 0x01, 0xf3, 0x0f, 0x6f, 0x41, 0x10, 0x48, 0x03, 0x41, 0x08, 0x48, 0x89, 0x41, 0x08, 0xf4];

for (const [name, create] of [
  ['interpreter', createInterpreter],
  ['fast engine', createJit],
] as const) {
  describe(`Further addresses of memory, by the ${name}`, () => {
    const run = (address: bigint, isThere = true, write = true) => {
      const memory = createMemory(0x10_000);
      memory.write(CODE, Uint8Array.from(PROGRAM));
      memory.protect(CODE, PROGRAM.length, { read: true, write: false, execute: true });
      memory.protect(PAGE, 0x1000, { read: true, write, execute: false });
      memory.setU64(PAGE, 40n);
      memory.setU64(PAGE + 8, 2n);
      memory.aliases = [{ address: ELSEWHERE, offset: PAGE, length: 0x1000, isThere: () => isThere }];
      const engine = create(memory);
      const registers = engine.newRegisters();
      registers.rip = GUEST_BASE + BigInt(CODE);
      registers.set('rcx', address);
      const exit = engine.run(registers, 100);
      return { exit, registers, memory, rip: registers.rip - GUEST_BASE, count: engine.instructions };
    };

    it('lead to the same bytes', () => {
      const { exit, memory, count } = run(ELSEWHERE);
      expect(exit.kind).to.equal('unsupported');
      expect(memory.u64(PAGE + 8)).to.equal(42n);
      expect(count).to.equal(4);
    });

    it('have the rights of the range', () => {
      const { exit, rip } = run(ELSEWHERE, true, false);
      expect(exit).to.deep.equal({ kind: 'fault', access: 'write', address: ELSEWHERE + 8n, size: 8 });
      expect(rip).to.equal(0x100cn);
    });

    it('end with the range, and are not always there', () => {
      expect(run(ELSEWHERE + 0xfe1n).exit).to.include({ kind: 'fault', access: 'read', address: ELSEWHERE + 0xff1n });
      expect(run(ELSEWHERE, false).exit).to.include({ kind: 'fault', access: 'read', address: ELSEWHERE });
    });
  });
}
