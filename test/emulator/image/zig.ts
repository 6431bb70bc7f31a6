/**
 * Builds small drivers with Zig, which npm installs for development: once for every change, into `.tmp/` of the clone.
 *
 * The lines that work:
 *
 *     zig cc -target x86_64-windows-gnu -O2 -g -gcodeview -fms-extensions -mno-stack-arg-probe -c -o x.obj x.c
 *     zig dlltool -m i386:x86-64 -d ndis.def -l ndis.lib
 *     zig lld-link /driver /subsystem:native /entry:DriverEntry /nodefaultlib /debug /pdbaltpath:x.pdb /map:x.map /out:x.sys x.obj ndis.lib
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findToolchain } from '../../../scripts/drivers/toolchain';

export interface Built {
  readonly sys: Uint8Array;
  readonly pdb: Uint8Array;
  readonly map: string;
}

const root = resolve(__dirname, '../../..');

/** How a driver is built of one file of C. */
export interface Recipe {
  readonly source: string;
  /** Names as modules export them, by module. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly target: 'gnu' | 'msvc';
  readonly compile: readonly string[];
  readonly entry: string;
  readonly link?: readonly string[];
}

const SAMPLE: Omit<Recipe, 'compile'> = {
  source: join(__dirname, 'sample.c'),
  /** An ordinal for the sake of it. */
  imports: { 'ntoskrnl.exe': ['KeSetEvent'], 'NDIS.SYS': ['NdisMSleep @17 NONAME'] },
  target: 'gnu',
  entry: 'DriverEntry',
};

const COMPILE = ['-g', '-gcodeview', '-fms-extensions', '-mno-stack-arg-probe', '-fno-sanitize=all', '-Wno-everything'];
/** Calls go through control-flow guard. */
export const GUARDED = ['-Xclang', '-cfguard'];
const LINK = ['/driver', '/subsystem:native', '/nodefaultlib', '/guard:cf', '/section:INIT,erd'];
const REPEATABLE = ['/Brepro', '/debug', '/pdbaltpath:built.pdb', '/pdb:built.pdb', '/map:built.map'];

/** @returns options for a driver that includes the kit's own headers */
export function withHeaders(): string[] {
  const libc = findToolchain()?.libc ?? '';
  return [
    ...['-O2', '-fno-stack-protector', '-I', join(root, 'drivers', 'include')],
    ...['-isystem', join(root, libc, 'include', 'any-windows-any', 'ddk')],
  ];
}

function zig(folder: string, ...args: readonly string[]): void {
  const program = findToolchain()?.zig;
  if (program === undefined) throw new Error('Zig is not installed: run npm ci, which installs it for development');
  const cache = join(root, '.tmp', 'image', 'cache');
  const { status, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
  });
  if (status !== 0) throw new Error(`zig ${args.join(' ')} failed: ${error?.message ?? stderr}`);
}

function make(folder: string, { source, imports, target, compile, entry, link = [] }: Recipe): void {
  copyFileSync(source, join(folder, 'built.c'));
  const how = ['-target', `x86_64-windows-${target}`, ...COMPILE, ...compile];
  zig(folder, 'cc', ...how, '-c', '-o', 'built.obj', 'built.c');
  const libraries = Object.entries(imports).map(([module, names], index) => {
    const library = `imports${index}`;
    writeFileSync(join(folder, `${library}.def`), ['LIBRARY ' + module, 'EXPORTS', ...names, ''].join('\n'));
    zig(folder, 'dlltool', '-m', 'i386:x86-64', '-d', `${library}.def`, '-l', `${library}.lib`);
    return `${library}.lib`;
  });
  const linker = [...LINK, `/entry:${entry}`, ...link, ...REPEATABLE];
  zig(folder, 'lld-link', ...linker, '/out:built.sys', 'built.obj', ...libraries);
}

/**
 * @returns the driver of a recipe, its program database and its map
 * @throws when Zig is not installed or refuses
 */
export function buildDriver(recipe: Recipe): Built {
  const text = JSON.stringify([readFileSync(recipe.source, 'utf8'), recipe, COMPILE, LINK, REPEATABLE]);
  const folder = join(root, '.tmp', 'image', createHash('sha256').update(text).digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    // Whole or not at all, whoever else builds it meanwhile.
    const making = `${folder}.${process.pid}`;
    mkdirSync(making, { recursive: true });
    make(making, recipe);
    if (!existsSync(folder)) renameSync(making, folder);
  }
  const read = (name: string) => readFileSync(join(folder, name));
  return { sys: read('built.sys'), pdb: read('built.pdb'), map: read('built.map').toString('utf8') };
}

/** @param optimisation `-O0` to `-O3`. @returns the sample driver */
export function buildSample(optimisation: string): Built {
  return buildDriver({ ...SAMPLE, compile: [...GUARDED, '-fno-stack-protector', optimisation] });
}
