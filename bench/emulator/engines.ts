/** The workload on every engine, in turns, so that the ratios hold where the absolute numbers do not. */
import { GUEST_BASE, PAGE_SIZE } from '../../adapters/emulator/cpu/contract';
import type { Engine } from '../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../adapters/emulator/cpu/jit';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import type { WindowMemory } from '../../adapters/emulator/cpu/memory';
import { hold, line, milliseconds } from './measure';
import { buildNatives, buildWorkload } from './workload';
import type { Natives, Workload } from './workload';

const WINDOW = 64 << 20;
const IMAGE = 0x10_0000;
const STACK = 0x80_0000;
const SENTINEL = 0x8000;
const ROUNDS = 15;
/** Unicorn is so slow that it gets fewer rounds. */
const UNICORN_ROUNDS = 3;
/** Rounds of the workload: about 5,000 instructions each. */
const TIMES = 20_000;
const SLOW_TIMES = 200;
const ENOUGH = 2 ** 30;
const READ_WRITE = { read: true, write: true, execute: false };

class Guest {
  private readonly fresh;
  private readonly registers;

  constructor(
    private readonly engine: Engine,
    memory: WindowMemory,
    private readonly workload: Workload,
    private readonly step = false,
  ) {
    const bytes = workload.mapAt(GUEST_BASE + BigInt(IMAGE));
    memory.write(IMAGE, bytes);
    // The code is in front, data behind it; which is which only matters for the code.
    memory.protect(IMAGE, bytes.length, READ_WRITE);
    memory.protect(IMAGE + PAGE_SIZE, PAGE_SIZE, { read: true, write: false, execute: true });
    memory.protect(STACK - 16 * PAGE_SIZE, 16 * PAGE_SIZE, READ_WRITE);
    this.fresh = memory.snapshot();
    this.registers = engine.newRegisters();
  }

  /** @returns rax and the instructions that it took */
  run(times: number): { readonly result: bigint; readonly instructions: number } {
    const { engine, registers, workload } = this;
    const stack = STACK - 0x108;
    engine.memory.restore(this.fresh);
    engine.memory.setU64(stack, GUEST_BASE + BigInt(SENTINEL));
    registers.set('rsp', GUEST_BASE + BigInt(stack));
    registers.set('rcx', BigInt(times));
    registers.rip = GUEST_BASE + BigInt(IMAGE + workload.entry);
    const before = engine.instructions;
    const exit = engine.run(registers, ENOUGH, this.step);
    if (exit.kind !== 'fetch' || registers.rip !== GUEST_BASE + BigInt(SENTINEL)) {
      throw new Error(`The workload ended with ${JSON.stringify(exit.kind)} at ${registers.rip.toString(16)}`);
    }
    return { result: registers.get('rax'), instructions: engine.instructions - before };
  }
}

interface Times {
  block: number;
  step: number;
  native: number;
  unicorn: number;
}

/** @returns whether all promises hold */
export async function engines(): Promise<boolean> {
  const workload = await buildWorkload();
  const natives = buildNatives(workload);
  const jit = new Guest(...engineOver(createJit), workload);
  const step = new Guest(...engineOver(createJit), workload, true);
  const { result, instructions } = jit.run(TIMES);
  const agree = (name: string, other: bigint): void => {
    if (other !== result) throw new Error(`${name} comes to ${other.toString(16)} instead of ${result.toString(16)}`);
  };
  agree('Translated code in steps', step.run(TIMES).result);
  if (natives) agree('The processor', natives.run('native', TIMES).result);

  const least: Times = { block: Infinity, step: Infinity, native: Infinity, unicorn: Infinity };
  const keep = (name: keyof Times, spent: number): void => void (least[name] = Math.min(least[name], spent));
  for (let round = 0; round < ROUNDS; round += 1) {
    keep(
      'block',
      milliseconds(() => jit.run(TIMES)),
    );
    keep(
      'step',
      milliseconds(() => step.run(TIMES)),
    );
    if (natives) keep('native', natives.run('native', TIMES).milliseconds);
    if (natives?.unicorn !== undefined && round < UNICORN_ROUNDS) {
      const ran = natives.run('unicorn', TIMES);
      agree('Unicorn', ran.result);
      keep('unicorn', ran.milliseconds);
    }
  }
  tell(instructions, least, natives, interpreted(workload));
  return judge(least, natives);
}

function engineOver(create: (memory: WindowMemory) => Engine): [Engine, WindowMemory] {
  const memory = createMemory(WINDOW);
  return [create(memory), memory];
}

/** @returns million instructions a second of the interpreter */
function interpreted(workload: Workload): number {
  const guest = new Guest(...engineOver(createInterpreter), workload);
  guest.run(SLOW_TIMES);
  let instructions = 0;
  const spent = milliseconds(() => void ({ instructions } = guest.run(SLOW_TIMES)));
  return instructions / spent / 1000;
}

function tell(instructions: number, least: Times, natives: Natives | undefined, slow: number): void {
  const row = (name: string, spent: number): void => {
    line(name, `${spent.toFixed(1)} ms, ${(instructions / spent / 1000).toFixed(0)} MIPS`);
  };
  line('instructions of the workload', `${(instructions / 1e6).toFixed(1)} million, best of ${ROUNDS} rounds in turns`);
  row('translated, in blocks', least.block);
  row('translated, in steps', least.step);
  line('interpreter', `${slow.toFixed(1)} MIPS`);
  if (natives) row('the processor itself', least.native);
  else line('the processor itself', 'not compared: that takes Linux on x86-64 with a C compiler (cc)');
  if (natives?.unicorn !== undefined) row(`Unicorn ${natives.unicorn} with a hook of memory in C`, least.unicorn);
  else line('Unicorn', 'not compared: it is not installed here (libunicorn-dev on Debian)');
}

function judge({ block, step, native, unicorn }: Times, natives: Natives | undefined): boolean {
  const held: boolean[] = [];
  if (natives) held.push(hold({ name: 'blocks, slower than native', value: block / native, unit: 'x', limit: 12 }));
  if (natives?.unicorn !== undefined) {
    const name = 'faster than Unicorn';
    held.push(hold({ name: `blocks, ${name}`, value: unicorn / block, unit: 'x', limit: 10, atLeast: true }));
    held.push(hold({ name: `steps, ${name}`, value: unicorn / step, unit: 'x', limit: 6, atLeast: true }));
  }
  return held.every(Boolean);
}
