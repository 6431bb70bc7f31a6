/** Lays the source out: Prettier for code and documents, Cucumber's own formatter for features. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featureFiles } from '../src/cli/feature-files';
import { kitRoot } from '../src/conformance/kit-root';
import { formatted } from './feature-findings';

for (const { uri, text } of featureFiles()) {
  const laidOut = formatted(text);
  if (laidOut !== text) writeFileSync(join(kitRoot, uri), laidOut);
}
const prettier = spawnSync(
  process.execPath,
  [require.resolve('prettier/bin/prettier.cjs'), '--write', '--log-level=warn', '.'],
  {
    cwd: kitRoot,
    stdio: 'inherit',
  },
);
process.exitCode = prettier.status ?? 1;
