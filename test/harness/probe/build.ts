/** Builds small drivers of the tests with the probe, beside those of the kit. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importLibraries } from '../../../scripts/drivers/import-libraries';
import { filesOf, hashOf } from '../../../scripts/drivers/plan';
import {
  compilerOptions,
  linkerOptions,
  namedObject,
  runZig,
  type Toolchain,
} from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';
import { PROBED } from './play';

export const HEADER = 'adapters/harness/probe/lwf_probe.h';
export const IMAGES = 'test/harness/probe/images';

/** Compiles one file. @param object relative to the root of the clone */
export async function compile(
  toolchain: Toolchain,
  source: string,
  object: string,
  options: readonly string[],
): Promise<void> {
  mkdirSync(join(kitRoot, object, '..'), { recursive: true });
  const args = ['cc', ...compilerOptions(toolchain), ...options, '-c', source, ...namedObject(object)];
  await runZig(toolchain, args, `Compiling ${source}`);
}

/** Builds a driver of one file into `PROBED`, unless it is there already. */
export async function buildSmall(
  toolchain: Toolchain,
  name: string,
  source: string,
  options: readonly string[],
): Promise<void> {
  const key = hashOf([HEADER, source, ...filesOf('drivers/include'), ...filesOf('scripts/drivers')], options.join(' '));
  const keyFile = join(kitRoot, PROBED, `${name}.key`);
  if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return;
  const object = `${PROBED}/objects/small/${name}.obj`;
  await compile(toolchain, source, object, ['-include', HEADER, ...options]);
  const libraries = await importLibraries(toolchain);
  await runZig(toolchain, ['lld-link', ...linkerOptions(name, PROBED), object, ...libraries], `Linking ${name}`);
  writeFileSync(keyFile, key);
}
