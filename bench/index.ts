/** `npm run bench`: every benchmark in a process of its own, so that none warms up the next; a missed promise stops no other. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const benches = readdirSync(__dirname).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
const register = join(__dirname, '..', 'register-typescript.js');

const missed = benches.filter((file) => {
  const { status } = spawnSync(process.execPath, ['-r', register, join(__dirname, file)], { stdio: 'inherit' });
  return status !== 0;
});
process.exitCode = missed.length === 0 ? 0 : 1;
