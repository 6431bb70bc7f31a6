/** The drivers in C that the package brings along, built: what its `files` name. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kitRoot } from '../src/conformance/kit-root';

/** @returns names of the drivers whose images are shipped, in the order of package.json */
export function shippedDrivers(): string[] {
  const { files } = JSON.parse(readFileSync(join(kitRoot, 'package.json'), 'utf8')) as { readonly files: string[] };
  return files.filter((file) => /^drivers\/build\/.*\.sys$/.test(file)).map((file) => basename(file, '.sys'));
}
