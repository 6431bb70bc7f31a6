/**
 * Compares random C programs in the emulator with the processor itself, or records some for the tests. By hand, on Linux
 * x86-64 with gcc:
 *
 *   node -r ./register-typescript.js test/emulator/programs/record.ts compare 400 1
 *   node -r ./register-typescript.js test/emulator/programs/record.ts record 6 1
 *
 * `compare COUNT SEED` builds so many programs at -O0 to -O3 and prints what differs; `record COUNT SEED` writes the images
 * and what the processor made of the programs to test/emulator/vectors/.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { compilerOptions, findToolchain, runZig } from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';
import { programsOf } from './generate';
import { Programs } from './runner';

const FOLDER = '.tmp/programs';
const LEVELS = ['-O0', '-O1', '-O2', '-O3'];
const A_FILE = 20;
const VECTORS = join(kitRoot, 'test', 'emulator', 'vectors');

/** For the compiler of Windows, with vectors as compilers make them from -O2 on. */
async function image(level: string): Promise<Uint8Array> {
  const toolchain = findToolchain();
  if (toolchain === undefined) throw new Error('Zig is not installed');
  const options = compilerOptions(toolchain).filter(
    (option) =>
      !['-O2', '-g', '-gcodeview', '-Wall', '-Wextra', '-Werror', '-fno-vectorize', '-fno-slp-vectorize'].includes(
        option,
      ),
  );
  const object = `${FOLDER}/programs.obj`;
  const file = `${FOLDER}/programs.sys`;
  await runZig(
    toolchain,
    ['cc', ...options, '-w', '-mno-stack-arg-probe', level, '-c', '-o', object, `${FOLDER}/programs.c`],
    level,
  );
  const linked = ['/driver', '/subsystem:native', '/entry:work', '/nodefaultlib', '/dynamicbase', '/Brepro'];
  await runZig(toolchain, ['lld-link', ...linked, `/out:${file}`, object], level);
  return readFileSync(join(kitRoot, file));
}

function natively(count: number): bigint[] {
  const folder = join(kitRoot, FOLDER);
  const main = `#include <stdio.h>\nunsigned long long work(unsigned long long);
int main(void) { for (int i = 0; i < ${count}; i++) printf("%llu\\n", work(i)); return 0; }\n`;
  writeFileSync(join(folder, 'main.c'), main);
  execFileSync('gcc', ['-O1', '-w', '-o', 'programs', 'programs.c', 'main.c'], { cwd: folder });
  return execFileSync(join(folder, 'programs'), { encoding: 'utf8' }).trim().split('\n').map(BigInt);
}

function write(seeds: readonly number[]): void {
  mkdirSync(join(kitRoot, FOLDER), { recursive: true });
  writeFileSync(join(kitRoot, FOLDER, 'programs.c'), programsOf(seeds));
}

async function compare(count: number, seed: number): Promise<void> {
  let runs = 0;
  let different = 0;
  let instructions = 0;
  for (let from = seed; from < seed + count; from += A_FILE) {
    const seeds = Array.from({ length: Math.min(A_FILE, seed + count - from) }, (_, index) => from + index);
    write(seeds);
    const want = natively(seeds.length);
    for (const level of LEVELS) {
      const bytes = await image(level);
      const jit = new Programs(bytes, createJit);
      const interpreter = new Programs(bytes, createInterpreter);
      seeds.forEach((one, index) => {
        const ran = jit.run(index);
        const plain = interpreter.run(index);
        runs += 1;
        instructions += ran.instructions;
        const same =
          ran.result === want[index] && ran.memory === plain.memory && ran.instructions === plain.instructions;
        if (same && plain.result === ran.result) return;
        different += 1;
        console.log(`seed ${one} ${level}: ${ran.result}, interpreter ${plain.result}, natively ${want[index]}`);
      });
    }
    console.log(`up to seed ${seeds.at(-1)}: ${runs} runs, ${instructions} instructions, ${different} differ`);
  }
}

async function record(count: number, seed: number): Promise<void> {
  const seeds = Array.from({ length: count }, (_, index) => seed + index);
  write(seeds);
  writeFileSync(join(VECTORS, 'programs.json'), `${JSON.stringify(natively(count).map(String), undefined, 2)}\n`);
  for (const level of LEVELS) writeFileSync(join(VECTORS, `programs${level}.sys`), await image(level));
}

const [mode, count, seed] = process.argv.slice(2);
if (mode === 'compare') void compare(Number(count), Number(seed));
else if (mode === 'record') void record(Number(count), Number(seed));
else throw new Error('Say compare or record: see the head of this file');
