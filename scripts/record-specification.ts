/** `npm run specification`: records what the version of the specification changes, and says what is still to be told of it. */
import { specificationFiles, writeHistory } from './specification/files';
import { recorded, specificationFindings } from './specification/history';

function main(): void {
  const told = specificationFiles();
  const history = recorded(told);
  writeHistory(history);
  const { version, statements = {} } = history.versions.at(-1) ?? { version: told.version };
  process.stdout.write(`specification ${version}: ${Object.keys(statements).length} statements are new or different\n`);
  const findings = specificationFindings({ ...told, history });
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

try {
  main();
} catch (failure) {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
}
