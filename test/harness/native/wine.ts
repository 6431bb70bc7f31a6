/** Wine, where it is installed: it runs programs for Windows, and says nothing about what they would do there. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HELPER_PROGRAM } from '../../../scripts/build-helper';
import { kitRoot } from '../../../src/conformance/kit-root';

const NAMES = [process.env['WINE'], 'wine64', '/usr/lib/wine/wine64', 'wine'];

/** @returns undefined when there is none */
export function findWine(): string | undefined {
  if (process.platform === 'win32') return undefined;
  return NAMES.find((name) => name !== undefined && spawnSync(name, ['--version'], { timeout: 5000 }).status === 0);
}

/** Runs the helper with these lines as its input. */
export function runUnderWine(
  wine: string,
  lines: readonly string[],
): { readonly code: number | null; readonly lines: readonly unknown[]; readonly complaints: string } {
  const { status, stdout, stderr } = spawnSync(wine, [join(kitRoot, HELPER_PROGRAM)], {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    // The first run of Wine makes its folder.
    timeout: 50_000,
    env: { ...process.env, WINEPREFIX: join(kitRoot, '.tmp', 'wine'), WINEDEBUG: '-all', WINEARCH: 'win64' },
  });
  const said = stdout.split('\n').filter((line) => line.trim() !== '');
  return { code: status, lines: said.map((line): unknown => JSON.parse(line)), complaints: stderr };
}
