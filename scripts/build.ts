/** Compiles what the package ships into `dist/`, and copies the files beside the code that are not compiled. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { kitRoot } from '../src/conformance/kit-root';

/** What a program is made of, or is for those who change it. */
const LEFT_OUT = ['', '.ts', '.c', '.h', '.md'];

/**
 * @param dist folder of the result; what is in it is removed
 * @returns exit code of the compiler
 */
export function buildPackage(dist: string): number {
  rmSync(dist, { recursive: true, force: true });
  const tsc = [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', dist];
  const { status } = spawnSync(process.execPath, tsc, { cwd: kitRoot, stdio: 'inherit' });
  for (const room of ['src', 'adapters']) {
    for (const name of readdirSync(join(kitRoot, room), { recursive: true, encoding: 'utf8' })) {
      if (LEFT_OUT.includes(extname(name))) continue;
      cpSync(join(kitRoot, room, name), join(dist, room, name));
    }
  }
  return status ?? 1;
}

if (require.main === module) process.exitCode = buildPackage(join(kitRoot, 'dist'));
