/** Compiles what the package ships into `dist/`, and copies the files beside the code that are not TypeScript. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { kitRoot } from '../src/conformance/kit-root';

const dist = join(kitRoot, 'dist');
rmSync(dist, { recursive: true, force: true });

const tsc = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: kitRoot,
  stdio: 'inherit',
});
process.exitCode = tsc.status ?? 1;

for (const room of ['src', 'adapters']) {
  for (const name of readdirSync(join(kitRoot, room), { recursive: true, encoding: 'utf8' })) {
    if (['', '.ts', '.md'].includes(extname(name))) continue;
    cpSync(join(kitRoot, room, name), join(dist, room, name));
  }
}
