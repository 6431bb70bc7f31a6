import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { featuresFolder, kitRoot } from '../conformance/kit-root';
import type { FeatureFile } from '../reporting';

/** The specification as it is written: every feature file of the kit, by path. */
export function featureFiles(): FeatureFile[] {
  return readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.feature'))
    .map((name) => join(featuresFolder, name))
    .sort()
    .map((path) => ({ uri: relative(kitRoot, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}
