import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { RunResult } from '../conformance';
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

/** The feature files that the scenarios of a run stand in, in the order of the run, as far as they are still there. */
export function featureFilesOf({ scenarios }: RunResult): FeatureFile[] {
  return [...new Set(scenarios.map(({ uri }) => uri))].flatMap((uri) => {
    const path = resolve(kitRoot, uri);
    return existsSync(path) ? [{ uri, text: readFileSync(path, 'utf8') }] : [];
  });
}
