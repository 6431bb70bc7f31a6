/**
 * Records vectors on the real processor, or compares an engine with it. By hand, on Linux x86-64 with gcc:
 *
 *   node -r ./register-typescript.js test/emulator/interpreter/record/record.ts vectors 16
 *   node -r ./register-typescript.js test/emulator/interpreter/record/record.ts extensions 12
 *   node -r ./register-typescript.js test/emulator/interpreter/record/record.ts floats 40
 *   node -r ./register-typescript.js test/emulator/interpreter/record/record.ts numbers 100000 1
 *   node -r ./register-typescript.js test/emulator/interpreter/record/record.ts programs 100000 1
 *   node -r ./register-typescript.js test/emulator/interpreter/record/record.ts singles 100000 1
 *
 * `vectors N` writes test/emulator/vectors/native.txt with N cases an encoding and 100 N programs, `extensions N` extensions.txt
 * with N cases an encoding that not every processor has, `floats N` floats.txt with N cases an encoding that computes with
 * floating-point numbers. `numbers COUNT SEED` runs at least so many of the latter in both and prints what differs (an integer
 * that looks like an address of the window is taken for one), `programs COUNT SEED` random programs of up to 12 instructions,
 * `singles COUNT SEED` single instructions, which may also be of the stack, of strings, jumps, or beyond their operand.
 *
 * A line of the vectors: code, seed of the state, registers that differ from it (`number:value`), mask of undefined flags,
 * and what the run did (see describeRun in state.ts).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code, CpuidFeature } from 'iced-x86';
import { createInterpreter } from '../../../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../../../adapters/emulator/cpu/memory';
import { encodings, featuresOf, generate, HANDMADE, type Generated } from './generate';
import { Guest, type Ran } from './guest';
import {
  BASE,
  CODE,
  DATA_SIZE,
  describeRun,
  FLAGS,
  MXCSR,
  Random,
  STACK_SIZE,
  stateOf,
  WINDOW,
  type Overrides,
  type State,
} from './state';

const CODE_ROOM = 256;
const MXCSR_AT = 128 + 8 + 256 + DATA_SIZE + STACK_SIZE;
const STATE_SIZE = MXCSR_AT + 8;
const BATCH = 4000;
const SIGNALS: Readonly<Record<number, string>> = { 0: 'end', 8: 'divide' };

interface Made {
  readonly code: Uint8Array;
  readonly overrides: Overrides;
  readonly undefinedFlags: number;
}

interface Prepared extends Made {
  readonly seed: number;
  readonly before: State;
}

function prepared(made: Made, seed: number): Prepared {
  return { ...made, seed, before: stateOf(seed, made.overrides) };
}

function build(): string {
  const program = join(mkdtempSync(join(tmpdir(), 'native-')), 'native');
  execFileSync('gcc', ['-O1', '-o', program, join(__dirname, 'native.c')]);
  return program;
}

function runNatively(program: string, cases: readonly Prepared[]): Ran[] {
  const size = 8 + CODE_ROOM + STATE_SIZE;
  const input = Buffer.alloc(cases.length * size);
  cases.forEach(({ code, before }, index) => {
    const at = index * size;
    input.writeUInt32LE(code.length, at);
    input.set(code, at + 8);
    const state = at + 8 + CODE_ROOM;
    before.gpr.forEach((word, register) => input.writeBigUInt64LE(word, state + register * 8));
    input.writeUInt32LE(before.flags | 0x202, state + 128);
    input.set(before.xmm, state + 136);
    input.set(before.data, state + 392);
    input.set(before.stack, state + 392 + DATA_SIZE);
    input.writeUInt32LE(before.mxcsr, state + MXCSR_AT);
  });
  const { stdout, status } = spawnSync(program, { input, maxBuffer: 2 ** 30 });
  const each = 16 + STATE_SIZE;
  if (status !== 0 || stdout.length !== cases.length * each) throw new Error(`The native run ended with ${status}`);
  return cases.map((_, index) => {
    const bytes = stdout.subarray(index * each, (index + 1) * each);
    const signal = bytes.readUInt32LE(0);
    const at = 16 + 392;
    const after: State = {
      gpr: BigUint64Array.from({ length: 16 }, (__, register) => bytes.readBigUInt64LE(16 + register * 8)),
      flags: bytes.readUInt32LE(16 + 128),
      xmm: bytes.subarray(16 + 136, at),
      data: bytes.subarray(at, at + DATA_SIZE),
      stack: bytes.subarray(at + DATA_SIZE, at + DATA_SIZE + STACK_SIZE),
      mxcsr: bytes.readUInt32LE(16 + MXCSR_AT),
    };
    return { after, ended: SIGNALS[signal] ?? `signal ${signal}`, rip: Number(bytes.readBigUInt64LE(8) - BASE) };
  });
}

const memory = createMemory(WINDOW);
const guest = new Guest(memory, createInterpreter(memory));

/** Some forms of an encoding are implemented, some are not. */
function endOf({ bytes, overrides }: Generated): string {
  return guest.run({ code: bytes, before: stateOf(1, overrides) }, 1).ended;
}

const RUNS = new Set(['budget', 'divide', 'end']);

/** Only in kernel mode, or not the same on every processor. */
const LEFT_OUT =
  /^(Declare|Ud|Reservednop_.*0F0D|Cli|Sti|Cpuid|Rdtsc|Rdtscp|Popf|Pushf|Retn|Int|Call_rm|Jmp_rm|Bswap_r16)/;

function implemented(code: Code): boolean {
  if (LEFT_OUT.test(Code[code])) return false;
  const random = new Random(1);
  return Array.from({ length: 8 }, () => generate(random, code)).some(
    (generated) => generated !== undefined && RUNS.has(endOf(generated)),
  );
}

function undefinedFlags(code: Uint8Array): number {
  memory.write(CODE, code);
  return guest.decoder.decode(CODE).flags.undefined;
}

function singles(random: Random, count: number): Made[] {
  const made = HANDMADE.map((hex) => ({ code: Buffer.from(hex, 'hex'), overrides: new Map<number, bigint>() }));
  return withUndefined([...made, ...cases(random, count, encodings().filter(implemented))]);
}

function cases(random: Random, count: number, codes: readonly Code[]): Pick<Made, 'code' | 'overrides'>[] {
  return codes
    .flatMap((code) => Array.from({ length: count }, () => generate(random, code)))
    .filter((one) => one !== undefined)
    .filter((one) => endOf(one) !== 'unsupported')
    .map(({ bytes, overrides }) => ({ code: bytes, overrides }));
}

function withUndefined(made: readonly Pick<Made, 'code' | 'overrides'>[]): Made[] {
  return made.map((one) => ({ ...one, undefinedFlags: undefinedFlags(one.code) }));
}

function recordVectors(program: string, count: number): void {
  const random = new Random(7);
  const codes = programCodes();
  const made = [...singles(random, count), ...Array.from({ length: 100 * count }, () => programOf(random, codes))];
  record(program, made, random, 'native.txt');
}

const EXTENSIONS: readonly CpuidFeature[] = [
  CpuidFeature.SSE3,
  CpuidFeature.SSSE3,
  CpuidFeature.SSE4_1,
  CpuidFeature.SSE4_2,
  CpuidFeature.PCLMULQDQ,
  CpuidFeature.MOVBE,
  CpuidFeature.ADX,
  CpuidFeature.BMI1,
  CpuidFeature.BMI2,
];

function recordExtensions(program: string, count: number): void {
  const random = new Random(8);
  const codes = encodings().filter(
    (code) => implemented(code) && featuresOf(code).some((feature) => EXTENSIONS.includes(feature)),
  );
  record(program, withUndefined(cases(random, count, codes)), random, 'extensions.txt');
}

const FLOATS = /^(Add|Sub|Mul|Div|Sqrt|Min|Max|Cmp)[sp][sd]_xmm|^(Cvt|U?comis)/i;
const PREDICATES = /^Cmp/;

/** Every rounding, with and without denormal numbers; some conditions have been there already. */
function controlOf(random: Random): bigint {
  const zeros = random.pick([0, 0, 0x40, 0x8000, 0x8040]);
  return BigInt(0x1f80 | (random.pick([0, 0, 1, 2, 3]) << 13) | zeros | random.pick([0, 0, 0, 0x3f]));
}

function floats(random: Random, count: number): Made[] {
  const codes = encodings().filter((code) => FLOATS.test(Code[code]) && implemented(code));
  const made = codes.flatMap((code) => cases(random, PREDICATES.test(Code[code]) ? 4 * count : count, [code]));
  return withUndefined(
    made.map(({ code, overrides }) => ({ code, overrides: new Map([...overrides, [MXCSR, controlOf(random)]]) })),
  );
}

function record(program: string, made: readonly Made[], random: Random, file: string): void {
  const cases = made.map((one) => prepared(one, random.u32() & 0xff_ffff));
  const natively = runNatively(program, cases);
  const lines = cases.map((one, index) => {
    const { code, seed, overrides, before } = one;
    const ran = natively[index];
    if (ran === undefined) throw new Error('A case has no result');
    const given = [...overrides].map(([register, value]) => `${register}:${value}`).join(',') || '-';
    const mask = maskOf(one, ran);
    const result = describeRun(before, ran.after, ran.ended, ran.rip, mask);
    return `${Buffer.from(code).toString('hex')} ${seed} ${given} ${mask.toString(16)} ${result}`;
  });
  writeFileSync(join(__dirname, '../../vectors', file), `${lines.join('\n')}\n`);
  console.log(`${cases.length} cases`);
}

/** Where a division stops a program, flags may be undefined that were to be written later. */
function maskOf({ undefinedFlags }: Made, { ended }: Ran): number {
  return ended === 'end' ? undefinedFlags : FLAGS;
}

/** Flags that are undefined must not be read before they are written; a shift by cl may write none. */
function programOf(random: Random, codes: readonly Code[]): Made {
  const parts: Uint8Array[] = [];
  let hidden = 0;
  let length = 0;
  const wanted = 1 + random.below(12);
  for (let tries = 0; parts.length < wanted && tries < 60; tries++) {
    const generated = generate(random, random.pick(codes));
    if (
      generated === undefined ||
      endOf(generated) === 'unsupported' ||
      generated.overrides.size > 0 ||
      length + generated.bytes.length > 230
    )
      continue;
    memory.write(CODE, generated.bytes);
    const { flags, operands, flow, string } = guest.decoder.decode(CODE);
    if ((flags.read & hidden) !== 0 || flow !== 'next' || string) continue;
    const last = operands[operands.length - 1];
    const byCount = operands.length > 1 && last?.kind === 'register' && last.index === 1 && last.size === 1;
    hidden = (byCount ? hidden : hidden & ~flags.written) | flags.undefined;
    parts.push(generated.bytes);
    length += generated.bytes.length;
  }
  return { code: Buffer.concat(parts), undefinedFlags: hidden, overrides: new Map() };
}

const NOT_IN_PROGRAMS = /^(Push|Pop_|Popq|Enter|Leave|Lahf|Sh[lr]d_rm16|Bt[a-z]?_rm\d+_r)/;

function programCodes(): readonly Code[] {
  return encodings().filter((code) => implemented(code) && !NOT_IN_PROGRAMS.test(Code[code]));
}

/** Runs cases in both, and counts instructions and differences. */
class Comparison {
  instructions = 0;
  cases = 0;
  different = 0;

  constructor(private readonly program: string) {}

  add(batch: readonly Prepared[]): void {
    const natively = runNatively(this.program, batch);
    batch.forEach((one, index) => {
      const ran = natively[index];
      if (ran === undefined) throw new Error('A case has no result');
      this.compare(one, ran);
    });
  }

  private compare(one: Prepared, ran: Ran): void {
    const start = guest.engine.instructions;
    const mine = guest.run(one, 100);
    this.instructions += guest.engine.instructions - start;
    this.cases += 1;
    const mask = maskOf(one, ran);
    const theirs = describeRun(one.before, ran.after, ran.ended, ran.rip, mask);
    const ours = describeRun(one.before, mine.after, mine.ended, mine.rip, mask);
    if (theirs === ours) return;
    this.different += 1;
    if (this.different < 20)
      console.log(`${Buffer.from(one.code).toString('hex')} ${one.seed}\n  ${theirs}\n  ${ours}`);
  }
}

function compare(comparison: Comparison, count: number, seed: number, make: (random: Random) => readonly Made[]): void {
  const random = new Random(seed);
  while (comparison.cases < count) comparison.add(make(random).map((made) => prepared(made, random.u32() & 0xff_ffff)));
  const { cases, instructions, different } = comparison;
  console.log(`${cases} cases, ${instructions} instructions, ${different} differ`);
}

function manyPrograms(random: Random): readonly Made[] {
  const codes = programCodes();
  return Array.from({ length: BATCH }, () => programOf(random, codes));
}

const [mode, count, seed] = process.argv.slice(2);
const program = build();
if (mode === 'vectors') recordVectors(program, Number(count));
else if (mode === 'extensions') recordExtensions(program, Number(count));
else if (mode === 'floats') record(program, floats(new Random(9), Number(count)), new Random(9), 'floats.txt');
else if (mode === 'numbers')
  compare(new Comparison(program), Number(count), Number(seed), (random) => floats(random, 100));
else if (mode === 'programs') compare(new Comparison(program), Number(count), Number(seed), manyPrograms);
else if (mode === 'singles')
  compare(new Comparison(program), Number(count), Number(seed), (random) => singles(random, 4));
else throw new Error('Say vectors, extensions, floats, numbers, programs or singles: see the head of this file');
