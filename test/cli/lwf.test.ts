import { expect } from 'chai';
import { CommanderError } from 'commander';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { complaint } from '../../src/cli/complaint';
import { listOption } from '../../src/cli/options';
import { tagExpression } from '../../src/conformance/choice';
import { CannotJudge } from '../../src/conformance';
import { kitRoot, kitVersion } from '../../src/conformance/kit-root';
import { specificationVersion } from '../../src/conformance/specification';
import { lwf, lwfProcess } from './lwf';

describe('The command lwf', () => {
  it('shows its help when it is asked nothing', async () => {
    const { code, out, err } = await lwf([]);
    expect(out)
      .to.match(/^Usage: lwf /)
      .and.to.match(/Exit codes: 0 conforms, 1 a rule is broken, 2 no verdict/);
    expect(err).to.equal('');
    expect(code).to.equal(0);
  });

  it('shows its version and that of the specification, in a process of its own', async () => {
    expect(await lwfProcess(['--version'])).to.deep.equal({
      code: 0,
      out: `${kitVersion}\nspecification ${specificationVersion()}\n`,
      err: '',
    });
  });

  it('shows the help of a command to whoever asks for it in words', async () => {
    expect(await lwf(['help', 'run'])).to.deep.equal(await lwf(['run', '--help']));
    expect((await lwf(['help'])).out).to.equal((await lwf(['--help'])).out);
  });

  it('shows the help of a command', async () => {
    const { code, out } = await lwf(['run', '--help']);
    expect(out).to.include('--driver <name-or-path>');
    expect(code).to.equal(0);
  });

  it('lists the drivers of the kit with what they break', async () => {
    const { code, out } = await lwf(['drivers']);
    expect(out).to.match(/^NAME +KIND +BREAKS +STORY\n/);
    expect(out).to.match(/^reference +reference +\S/m);
    expect(out).to.match(/^\S+ +defect +PAU-07 +\S/m);
    expect(code).to.equal(0);
  });

  it('writes plain text into a pipe, in a CI job too, unless it is told to colour', async () => {
    const trace = '{"seq":1,"dir":"!!","ddi":"Quiescent"}\n';
    const coloured = (env: NodeJS.ProcessEnv) =>
      lwfProcess(['check', '-'], { stdin: trace, env }).then(({ out }) => out.includes('\u001b['));
    expect(await coloured({ CI: 'true' })).to.equal(false);
    expect(await coloured({ FORCE_COLOR: '1' })).to.equal(true);
    expect(await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).to.equal(false);
  });

  it('ends quietly when its reader goes away, with the verdict in the exit code', async () => {
    const child = spawn(process.execPath, [join(kitRoot, 'bin', 'lwf.js'), 'explain', 'filter']);
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(err).to.equal('');
    expect(code).to.equal(0);
  });
});

describe('The options of lwf run', () => {
  it('take lists with commas and several times', () => {
    expect(listOption('PAU-08, PAU-09', listOption('PAU-07'))).to.deep.equal(['PAU-07', 'PAU-08', 'PAU-09']);
  });

  it('join rules, areas and tags to one expression', () => {
    expect(tagExpression({})).to.equal(undefined);
    expect(tagExpression({ tags: ' not @exhibit ' })).to.equal('(not @exhibit)');
    expect(tagExpression({ rules: ['pau-07', '@DET-03'], tags: '@C2' })).to.equal('(@C2) and (@PAU-07 or @DET-03)');
    expect(tagExpression({ areas: ['unload'] })).to.match(/^\(@UNL-01 or @UNL-02/);
  });
});

describe('A complaint', () => {
  it('is the message where the user can mend it', () => {
    expect(complaint(new CannotJudge('There is no rule X.\nLook again.'), false)).to.equal(
      'lwf: There is no rule X. Look again.\n',
    );
    const usage = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'\n(Did you mean --y?)");
    expect(complaint(usage, false)).to.equal(
      "lwf: unknown option '--x' (Did you mean --y?); `lwf --help` lists commands and options.\n",
    );
  });

  it('asks for a report where the kit is at fault, with a stack only when debugging', () => {
    const failure = new TypeError('x is undefined');
    expect(complaint(failure, false)).to.equal(
      'lwf: internal error (TypeError: x is undefined); please report it with the output of LWF_DEBUG=1\n',
    );
    expect(complaint(failure, true)).to.match(/^lwf: internal error [^\n]+\nTypeError: x is undefined\n +at /);
    expect(complaint('a string', false)).to.match(/^lwf: internal error \(a string\); please report/);
  });
});
