/** Everything that reads the source without running it: ESLint with the arrows between rooms, Prettier, the feature linters. */
import { runJobs, TYPESCRIPT } from './jobs';

void runJobs([
  { name: 'eslint', node: ['node_modules/eslint/bin/eslint.js', '.'] },
  { name: 'prettier', node: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'] },
  { name: 'gplint', node: ['node_modules/gplint/bin/gplint.js', 'features'] },
  { name: 'features', node: [...TYPESCRIPT, 'scripts/lint-features.ts'] },
]).then((results) => {
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
});
