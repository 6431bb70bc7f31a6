/** The workload as an image, built as drivers are, and the same bytes on the processor itself and in Unicorn. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '../../adapters/emulator/image';
import { importLibraries } from '../../scripts/drivers/import-libraries';
import { compilerOptions, findToolchain, runZig } from '../../scripts/drivers/toolchain';
import { kitRoot } from '../../src/conformance/kit-root';

const FOLDER = '.tmp/bench/emulator';
/** Where the programs in C map it; the emulator has a base of its own. */
const NATIVE_BASE = 0x2000_0000_0000n;

export interface Workload {
  readonly entry: number;
  /** Its bytes, relocated. */
  readonly mapAt: (base: bigint) => Uint8Array;
}

/**
 * @param name of the source beside this file
 * @param entry its function
 * @throws Error when Zig is not installed
 */
export async function build(name: string, entry: string): Promise<Uint8Array> {
  const toolchain = findToolchain();
  if (toolchain === undefined) throw new Error('Zig is not installed: run npm ci, which installs it for development');
  mkdirSync(join(kitRoot, FOLDER), { recursive: true });
  const libraries = await importLibraries(toolchain);
  const object = `${FOLDER}/${name}.obj`;
  const image = `${FOLDER}/${name}.sys`;
  const options = compilerOptions(toolchain);
  await runZig(toolchain, ['cc', ...options, '-c', '-o', object, `bench/emulator/${name}.c`], name);
  const linked = ['/driver', '/subsystem:native', `/entry:${entry}`, '/nodefaultlib', '/dynamicbase', `/out:${image}`];
  await runZig(toolchain, ['lld-link', ...linked, object, ...libraries], name);
  return readFileSync(join(kitRoot, image));
}

export async function buildWorkload(): Promise<Workload> {
  const image = readImage(await build('workload', 'work'));
  return { entry: image.entryPoint, mapAt: (base) => image.mapAt(base) };
}

export interface NativeRun {
  readonly result: bigint;
  readonly milliseconds: number;
}

/** What runs the workload outside the emulator. */
export interface Natives {
  /** Version of the Unicorn that is installed; undefined without one. */
  readonly unicorn: string | undefined;
  run(mode: 'native' | 'unicorn', times: number): NativeRun;
}

/** @returns undefined where the processor or the system is another, or there is no compiler */
export function buildNatives({ entry, mapAt }: Workload): Natives | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(kitRoot, FOLDER);
  const image = join(folder, 'workload.bin');
  const program = join(folder, 'native');
  writeFileSync(image, mapAt(NATIVE_BASE));
  const source = join(__dirname, 'native.c');
  const compile = (...more: string[]): boolean =>
    spawnSync('cc', ['-O2', '-o', program, source, ...more], { stdio: 'ignore' }).status === 0;
  const withUnicorn = compile('-DUNICORN', '-lunicorn');
  if (!withUnicorn && !compile()) return undefined;
  const call = (mode: string, times: number): string =>
    execFileSync(program, [image, String(entry), mode, String(times)], { encoding: 'utf8' });
  return {
    unicorn: withUnicorn ? call('version', 0).trim() : undefined,
    run(mode, times) {
      const [result = '', spent = ''] = call(mode, times).trim().split(' ');
      return { result: BigInt(`0x${result}`), milliseconds: Number(spent) / 1e6 };
    },
  };
}
