/** The agent as a program, on a machine that is a folder: `agent-program.ts FOLDER [NOISE]`. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAgent } from '../../../adapters/harness/agent';
import { kitVersion } from '../../../src/conformance/kit-root';
import { changingAdapter, clearing, facts, NOTHING_KNOWN, type Settings } from './machine';

const [folder = '.', noise] = process.argv.slice(2);

/** A file each, which outlives the agent. */
const settingFile = (name: string): string => join(folder, 'changed', encodeURIComponent(name));
mkdirSync(join(folder, 'changed'), { recursive: true });

/** Whole as soon as it is there: somebody reads it to end this process. */
function writeWhole(file: string, text: string): void {
  const part = join(folder, `part-${process.pid}`);
  writeFileSync(part, text);
  renameSync(part, file);
}

const settings: Settings = {
  has: (name) => existsSync(settingFile(name)),
  set: (name) => writeWhole(settingFile(name), String(process.pid)),
  clear: (name) => rmSync(settingFile(name), { force: true }),
};

if (noise !== undefined) process.stdout.write('\ufeffWelcome to lab-1\r\nLast login: never\n\n');

void runAgent({
  folder,
  adapter: (ground) => changingAdapter(ground, settings),
  undo: clearing(settings),
  facts: facts(existsSync(join(folder, 'boot-2')) ? 'boot-2' : 'boot-1'),
  version: kitVersion,
  ...NOTHING_KNOWN,
  findFiles: async () => [{ name: 'dumps/MEMORY.DMP', path: join(folder, 'memory.dmp') }],
  input: process.stdin,
  output: process.stdout,
}).then((code) => {
  writeWhole(join(folder, 'exit-code'), String(code));
  process.exit(code);
});
