/**
 * What npm does before it packs: compiles, and builds the drivers and the helper for Windows that the package brings along. A package
 * without them is none, so that nothing is packed where they cannot be built.
 */
import { spawnSync } from 'node:child_process';
import { kitRoot } from '../src/conformance/kit-root';
import { buildDrivers } from './build-drivers';
import { buildHelper } from './build-helper';
import { shippedDrivers } from './shipped-drivers';
import { TYPESCRIPT } from './jobs';

async function main(): Promise<void> {
  await make('drivers', buildDrivers(shippedDrivers()));
  await make('helper for Windows', buildHelper());
  const build = spawnSync(process.execPath, [...TYPESCRIPT, 'scripts/build.ts'], { cwd: kitRoot, stdio: 'inherit' });
  process.exitCode = build.status ?? 1;
}

async function make(what: string, built: Promise<unknown>): Promise<void> {
  await built.catch((failure: unknown) => {
    const why = failure instanceof Error ? failure.message : String(failure);
    throw new Error(`The package is not packed without its ${what}, which cannot be built. ${why}`);
  });
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
