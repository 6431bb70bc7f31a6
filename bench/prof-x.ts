import { GUEST_BASE, PAGE_SIZE } from '../adapters/emulator/cpu/contract';
import { createJit } from '../adapters/emulator/cpu/jit';
import { createMemory } from '../adapters/emulator/cpu/memory';
import { readImage } from '../adapters/emulator/image';
import { readFileSync } from 'node:fs';
const image = readImage(readFileSync(process.env['IMG'] ?? '.tmp/bench/emulator/workload.sys'));
const memory = createMemory(64 << 20);
const IMAGE = 0x10_0000, STACK = 0x80_0000;
const RW = { read: true, write: true, execute: false };
const bytes = image.mapAt(GUEST_BASE + BigInt(IMAGE));
memory.write(IMAGE, bytes);
memory.protect(IMAGE, bytes.length, RW);
memory.protect(IMAGE + PAGE_SIZE, PAGE_SIZE, { read: true, write: false, execute: true });
memory.protect(STACK - 16 * PAGE_SIZE, 16 * PAGE_SIZE, RW);
const jit = createJit(memory);
const r = jit.newRegisters();
const step = process.argv[2] === 'step';
for (let i = 0; i < 8; i++) {
  memory.setU64(STACK - 0x108, GUEST_BASE + 0x8000n);
  r.set('rsp', GUEST_BASE + BigInt(STACK - 0x108));
  r.set('rcx', 20000n);
  r.rip = GUEST_BASE + BigInt(IMAGE + image.entryPoint);
  const b = jit.instructions, t = performance.now();
  const e = jit.run(r, 2 ** 30, step);
  const d = performance.now() - t;
  console.log(e.kind, (jit.instructions - b), d.toFixed(1), ((jit.instructions - b) / d / 1000).toFixed(0));
}
