import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featureFiles } from '../../src/cli/feature-files';
import { featuresFolder } from '../../src/conformance/kit-root';
import { disputes, rules } from '../../src/rules';
import type { History, Told } from './history';
import { statementsOf } from './statements';

const HISTORY = join(featuresFolder, 'history.json');

/** @returns what the files of the specification say, and what it states now */
export function specificationFiles(): Told {
  const { version } = JSON.parse(textOf('specification.json')) as { readonly version: string };
  return {
    version,
    history: JSON.parse(readFileSync(HISTORY, 'utf8')) as History,
    changelog: textOf('CHANGELOG.md'),
    statements: statementsOf({ rules, disputes }, featureFiles()),
  };
}

export function writeHistory(history: History): void {
  writeFileSync(HISTORY, `${JSON.stringify(history, null, 2)}\n`);
}

function textOf(name: string): string {
  return readFileSync(join(featuresFolder, name), 'utf8').replaceAll('\r\n', '\n');
}
