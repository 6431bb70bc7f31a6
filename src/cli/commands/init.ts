import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Inspection, Known } from '../../../adapters/emulator/inspect';
import type * as Inspect from '../../../adapters/emulator/inspect/draft';
import { CannotJudge } from '../../conformance';
import type * as InspectFile from '../../conformance/inspect-file';
import { shellWord } from '../../conformance/shell-word';
import type { AddCommand } from '../command';
import { findingsText } from '../init/findings';
import { askAbout } from '../init/questions';
import { remarksOn } from '../init/remarks';
import { requireNew, writeNew } from '../init/write-new';
import type { Prompt } from '../prompt';
import { refuseAmong } from '../write-whole';
import type { Terminal } from '../terminal';

const load = createRequire(__filename);

interface Options {
  readonly out?: string;
  readonly name?: string;
  readonly service?: string;
  readonly device?: string;
  readonly file?: string;
  readonly send?: string;
  readonly yes: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** `lwf init`: the profile of a .sys file, from a look at it and dry runs of it. */
export const addInit: AddCommand = (program, { terminal }) => {
  program
    .command('init')
    .description('look at a .sys file, try it out, and write the profile that `lwf run` needs')
    .argument('[driver]', 'image of a driver for x64; a .pdb beside it gives names')
    .option('--out <file>', 'where the profile goes (default: the name of the driver and .yaml, here)')
    .option('--name <text>', 'what reports call the driver (default: the name that it registers)')
    .option('--service <name>', 'AddService of the INF (default: the service that it registers)')
    .option('--device <path>', 'the device that applications open (default: those that it makes are tried)')
    .option('--file <text>', "what follows the device's name, such as {guid} (default: the usual ones are tried)")
    .option('--send <how>', 'what makes it send a frame: write, a control code, or none (default: a write is tried)')
    .option('-y, --yes', 'ask nothing, take what is found', false)
    .option('--force', 'overwrite a profile that is there', false)
    .option('--json', 'tell what was found as JSON, and ask nothing', false)
    .action(async (driver: string | undefined, options: Options) => {
      const prompt = options.yes || options.json ? undefined : terminal.prompt?.();
      try {
        await init(driver, options, terminal, prompt);
      } finally {
        prompt?.close();
      }
    });
};

async function init(given: string | undefined, options: Options, terminal: Terminal, prompt?: Prompt): Promise<void> {
  const { inspectFile, sendOf } = load('../../conformance/inspect-file') as typeof InspectFile;
  const { profileText } = load('../../../adapters/emulator/inspect/draft') as typeof Inspect;
  const path = given ?? (await prompt?.ask('Which .sys file', '')) ?? '';
  if (path === '') throw new CannotJudge('Which driver? Give its file: lwf init path/to/driver.sys');
  const image = basename(path);
  let out = options.out ?? `${image.replace(/\.[^.]*$/, '')}.yaml`;
  // Said before anybody waits for it.
  refuseAmong(out, [path]);
  if (!options.force && !prompt) requireNew(out);

  let known: Known = {
    image,
    ...(options.name !== undefined && { driver: options.name }),
    ...(options.service !== undefined && { service: options.service }),
    ...(options.device !== undefined && { device: options.device }),
    ...(options.file !== undefined && { file: options.file }),
    ...(options.send !== undefined && { send: sendOf(options.send) }),
  };
  let inspection = await inspectFile(path, known);
  let overwrite = options.force;
  if (prompt) {
    terminal.err(`${findingsText(inspection)}\n`);
    const answers = await askAbout(prompt, inspection, out);
    known = { ...known, ...answers.known, ...(answers.send !== undefined && { send: sendOf(answers.send) }) };
    out = answers.out;
    overwrite ||=
      existsSync(out) && /^y/i.test(await prompt.ask(`${out} is there already; overwrite it (yes or no)`, 'no'));
    inspection = await inspectFile(path, known);
  }
  const command = `lwf run --driver ${shellWord(path)} --profile ${shellWord(out)}`;
  writeNew(out, path, profileText(inspection.draft, remarksOn(inspection, command)), overwrite);
  terminal.out(
    options.json
      ? jsonText(inspection, out, command)
      : `${findingsText(inspection)}\n${out} is written. Next:\n  ${command}\n`,
  );
}

function jsonText(
  { draft, stages, lacks, repaired, devices, opens, codes, ...rest }: Inspection,
  profile: string,
  next: string,
): string {
  const { registration, filters, attachesNowhere, majors } = rest;
  const facts = {
    schema: 'init/1',
    profile,
    next,
    draft,
    ...(registration && { registration }),
    ...(filters.length > 0 && { filters }),
    ...(attachesNowhere !== undefined && { attachesNowhere }),
    stages,
    ...(lacks !== undefined && { lacks }),
    ...(repaired !== undefined && { repaired }),
    devices,
    opens,
    requests: majors,
    controlCodes: codes,
    readsExtendedAttribute: rest.readsAttribute,
  };
  return `${JSON.stringify(facts, null, 2)}\n`;
}
