/**
 * Builds the sample driver with Zig, which npm installs for development: once for every change, into `.tmp/` of the clone.
 *
 * The lines that work:
 *
 *     zig cc -target x86_64-windows-gnu -O2 -g -gcodeview -fms-extensions -mno-stack-arg-probe -c -o x.obj x.c
 *     zig dlltool -m i386:x86-64 -d ndis.def -l ndis.lib
 *     zig lld-link /driver /subsystem:native /entry:DriverEntry /nodefaultlib /debug /pdbaltpath:x.pdb /map:x.map /out:x.sys x.obj ndis.lib
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findToolchain } from '../../../scripts/drivers/toolchain';

export interface Built {
  readonly sys: Uint8Array;
  readonly pdb: Uint8Array;
  readonly map: string;
}

const root = resolve(__dirname, '../../..');

/** Names as the kernel exports them, and an ordinal for the sake of it. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  ntoskrnl: 'LIBRARY ntoskrnl.exe\nEXPORTS\nKeSetEvent\n',
  ndis: 'LIBRARY NDIS.SYS\nEXPORTS\nNdisMSleep @17 NONAME\n',
};

const COMPILE = ['-target', 'x86_64-windows-gnu', '-g', '-gcodeview', '-fms-extensions', '-mno-stack-arg-probe'];
const QUIET = ['-fno-stack-protector', '-fno-sanitize=all', '-Wno-everything', '-Xclang', '-cfguard'];
const LINK = ['/driver', '/subsystem:native', '/entry:DriverEntry', '/nodefaultlib', '/guard:cf', '/section:INIT,erd'];
const REPEATABLE = ['/Brepro', '/debug', '/pdbaltpath:sample.pdb', '/pdb:sample.pdb', '/map:sample.map'];

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

/**
 * @param optimisation `-O0` to `-O3`
 * @returns the sample driver, its program database and its map
 * @throws when Zig is not installed or refuses
 */
export function buildSample(optimisation: string): Built {
  const source = readFileSync(join(__dirname, 'sample.c'), 'utf8');
  const recipe = JSON.stringify([source, optimisation, DEFINITIONS, COMPILE, QUIET, LINK, REPEATABLE]);
  const folder = join(root, '.tmp', 'image', createHash('sha256').update(recipe).digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    // Whole or not at all, whoever else builds it meanwhile.
    const making = `${folder}.${process.pid}`;
    mkdirSync(making, { recursive: true });
    writeFileSync(join(making, 'sample.c'), source);
    zig(making, 'cc', ...COMPILE, ...QUIET, optimisation, '-c', '-o', 'sample.obj', 'sample.c');
    for (const [name, definition] of Object.entries(DEFINITIONS)) {
      writeFileSync(join(making, `${name}.def`), definition);
      zig(making, 'dlltool', '-m', 'i386:x86-64', '-d', `${name}.def`, '-l', `${name}.lib`);
    }
    zig(making, 'lld-link', ...LINK, ...REPEATABLE, '/out:sample.sys', 'sample.obj', 'ntoskrnl.lib', 'ndis.lib');
    if (!existsSync(folder)) renameSync(making, folder);
  }
  const read = (name: string) => readFileSync(join(folder, name));
  return { sys: read('sample.sys'), pdb: read('sample.pdb'), map: read('sample.map').toString('utf8') };
}
