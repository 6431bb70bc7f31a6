/**
 * How fast guest code runs: a hand-made workload (checksum, bytes with branches, calls) on translated code in blocks and in
 * steps and on the interpreter, all in one run, so that the ratios hold where the absolute numbers do not; then switches
 * between threads and restores of a snapshot. Run with `node -r ./register-typescript.js bench/emulator.ts`.
 */
import { GUEST_BASE, PAGE_SIZE } from '../adapters/emulator/cpu/contract';
import type { Engine } from '../adapters/emulator/cpu/contract';
import { createInterpreter } from '../adapters/emulator/cpu/interpreter';
import { createJit } from '../adapters/emulator/cpu/jit';
import { createMemory, RegisterFile } from '../adapters/emulator/cpu/memory';

const WINDOW = 64 << 20;
const CODE = 0x1_0000;
const DATA = 0x10_0000;
const STACK = 0x20_0000;
const ROUNDS = 5;
const MILLION = 1e6;

// prettier-ignore
const WORKLOAD = Uint8Array.of(
  // again: rsi = rbp; ecx = 187; eax = 0
  0x48, 0x8d, 0x75, 0x00, 0xb9, 187, 0, 0, 0, 0x31, 0xc0,
  // rdx = [rsi]; rax += rdx; rax += carry; rsi += 8; loop while --ecx
  0x48, 0x8b, 0x16, 0x48, 0x01, 0xd0, 0x48, 0x83, 0xd0, 0x00, 0x48, 0x83, 0xc6, 0x08, 0xff, 0xc9, 0x75, 0xee,
  // [rbp + 0x640] = rax; ecx = 100
  0x48, 0x89, 0x85, 0x40, 6, 0, 0, 0xb9, 100, 0, 0, 0,
  // edx = byte [rbp + rcx]; if odd r8 += rdx; r9 ^= rdx; r9 = rol r9, 5; byte [rbp + rcx + 0x700] = dl; loop while --ecx
  0x0f, 0xb6, 0x54, 0x0d, 0x00, 0xf6, 0xc2, 0x01, 0x74, 0x03, 0x49, 0x01, 0xd0, 0x49, 0x31, 0xd1,
  0x49, 0xc1, 0xc1, 0x05, 0x88, 0x94, 0x0d, 0, 7, 0, 0, 0xff, 0xc9, 0x75, 0xe1,
  // ecx = 50; call function; loop while --ecx
  0xb9, 50, 0, 0, 0, 0xe8, 6, 0, 0, 0, 0xff, 0xc9, 0x75, 0xf7,
  // jmp again; function: push rbx; rbx = [rbp + 8]; rax += rbx * 4; pop rbx; ret
  0xeb, 0xa8, 0x53, 0x48, 0x8b, 0x5d, 0x08, 0x48, 0x8d, 0x04, 0x98, 0x5b, 0xc3,
);

function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function best(run: () => void): number {
  return Math.min(...Array.from({ length: ROUNDS }, () => milliseconds(run)));
}

const memory = createMemory(WINDOW);
memory.write(CODE, WORKLOAD);
memory.protect(CODE, WORKLOAD.length, { read: true, write: false, execute: true });
memory.protect(DATA, 16 * PAGE_SIZE, { read: true, write: true, execute: false });
memory.protect(STACK - PAGE_SIZE, PAGE_SIZE, { read: true, write: true, execute: false });
for (let at = 0; at < 2048; at += 4) memory.setU32(DATA + at, Math.imul(at + 1, 0x9e37_79b1) >>> 0);

function thread(): RegisterFile {
  const registers = new RegisterFile();
  registers.rip = GUEST_BASE + BigInt(CODE);
  registers.set('rsp', GUEST_BASE + BigInt(STACK - 64));
  registers.set('rbp', GUEST_BASE + BigInt(DATA));
  return registers;
}

/** @returns millions of instructions a second */
function speed(engine: Engine, budget: number, step: boolean): number {
  const registers = thread();
  const before = engine.instructions;
  const spent = best(() => {
    const { kind } = engine.run(registers, budget, step);
    if (kind !== 'budget') throw new Error(`The workload stopped with ${kind}`);
  });
  return (engine.instructions - before) / ROUNDS / spent / 1000;
}

/** @returns millions of switches between two threads a second */
function switches(engine: Engine, quantum: number, count: number): number {
  const threads = [thread(), thread()];
  const spent = best(() => {
    for (let at = 0; at < count; at += 1) engine.run(threads[at & 1] ?? thread(), quantum, true);
  });
  return count / spent / 1000;
}

const jit = createJit(memory);
const interpreter = createInterpreter(memory);
// Both warm up before anything counts.
speed(jit, MILLION, false);
speed(jit, MILLION, true);
speed(interpreter, MILLION / 10, false);
const block = speed(jit, 50 * MILLION, false);
const step = speed(jit, 50 * MILLION, true);
const plain = speed(interpreter, 2 * MILLION, false);

const PAGES = 200;
const base = memory.snapshot();
const restore = Math.min(
  ...Array.from({ length: 20 }, () => {
    for (let page = 0; page < PAGES; page += 1) memory.setU8((1024 + page) * PAGE_SIZE, page);
    return milliseconds(() => memory.restore(base));
  }),
);

const row = (name: string, value: string): void => console.log(`${name.padEnd(44)} ${value}`);
const times = (value: number): string => `${value.toFixed(0)} MIPS, ${(value / plain).toFixed(1)}x the interpreter`;
row('translated, in blocks', times(block));
row('translated, in steps', times(step));
row('interpreter', `${plain.toFixed(1)} MIPS`);
for (const quantum of [1, 10, 100]) {
  row(`switches, quantum ${quantum}`, `${switches(jit, quantum, 200_000).toFixed(2)} million a second`);
}
row(`restore of ${PAGES} dirty pages in ${WINDOW >> 20} MiB`, `${restore.toFixed(3)} ms`);
row('Unicorn', 'not compared: no binding of it is a dependency');
