import { expect } from 'chai';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { commands } from '../../src/cli/main';
import { kitRoot } from '../../src/conformance/kit-root';

const FOLDER = join(kitRoot, 'docs', 'ci');

/** What the systems put in for their variables. */
const VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/\$\{\{ matrix\.shard \}\}/g, '1'],
  [/\$\(System\.JobPositionInPhase\)/g, '1'],
  [/\$\(System\.TotalJobsInPhase\)/g, '3'],
  [/\$\(Pipeline\.Workspace\)/g, '/work'],
];

/** @returns every text that is a step's script, wherever it stands */
function scriptsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(scriptsIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    ['run', 'script', 'bash'].includes(key) && typeof value === 'string' ? [value] : scriptsIn(value),
  );
}

/** @returns arguments of every call of lwf; a shell would see no quotes or variables in them */
function callsIn(text: string): string[][] {
  const filled = VARIABLES.reduce((filled_, [variable, value]) => filled_.replaceAll(variable, value), text);
  return filled
    .split('\n')
    .flatMap((line) => /\bnpx (?:lwf|ndis-lwf-spec) ([^|]*)/.exec(line)?.[1] ?? [])
    .map((rest) => rest.trim().split(/\s+/));
}

/** The command line of lwf, whose commands do nothing. */
function dryProgram(called: string[]): Command {
  const program = new Command('lwf').exitOverride().enablePositionalOptions();
  program.configureOutput({ writeErr: () => undefined });
  const terminal = { out: () => undefined, err: () => undefined, interactive: false, colour: false };
  for (const add of commands) add(program, { terminal, exitWith: () => undefined });
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.action(() => void called.push(command.name()));
  }
  return program;
}

describe('The examples for continuous integration', () => {
  for (const name of ['github-actions.yml', 'azure-pipelines.yml']) {
    describe(name, () => {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      const calls = scriptsIn(parse(text)).flatMap(callsIn);

      it('calls lwf as it can be called', async () => {
        for (const args of calls) {
          const called: string[] = [];
          await dryProgram(called)
            .parseAsync(args, { from: 'user' })
            .catch((failure: unknown) => {
              throw new Error(`lwf ${args.join(' ')}: ${String(failure)}`);
            });
          expect(called).to.deep.equal([args[0]]);
        }
      });

      it('runs in shards, joins them, and checks what is handed over', () => {
        expect(calls.map(([command]) => command)).to.include.members(['run', 'merge', 'verify']);
        const [run] = calls.filter(([command]) => command === 'run');
        expect(run).to.include.members(['--shard', '1/3', '--workers']);
      });

      it('publishes what a run leaves', () => {
        for (const file of ['reports/junit.xml', 'reports/sarif.json', 'reports/statement.json'])
          expect(text).to.include(file);
      });
    });
  }

  it('would be found out', async () => {
    for (const wrong of [['run', '--drvier', 'x'], ['run', '--shard', '4/3'], ['marge'], ['merge']]) {
      let failure: unknown;
      await dryProgram([])
        .parseAsync(wrong, { from: 'user' })
        .catch((thrown: unknown) => (failure = thrown));
      expect(failure, wrong.join(' ')).not.to.equal(undefined);
    }
  });

  it('waits only for jobs that there are', () => {
    const { jobs } = parse(readFileSync(join(FOLDER, 'github-actions.yml'), 'utf8')) as {
      jobs: Record<string, { needs?: string | string[]; 'runs-on'?: string; steps?: object[] }>;
    };
    for (const [name, job] of Object.entries(jobs)) {
      expect(job['runs-on'], name).to.be.a('string');
      expect(job.steps, name).to.be.an('array').that.is.not.empty;
      for (const need of [job.needs ?? []].flat()) expect(jobs).to.have.property(need);
    }
  });
});
