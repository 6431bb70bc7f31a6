import { expect } from 'chai';
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lwf, lwfProcess, withFolder, type Ended } from './lwf';

/** One line on standard error that matches, nothing on standard output, exit code 2. */
function expectComplaint({ code, out, err }: Ended, pattern: RegExp): void {
  expect(err).to.match(pattern);
  expect(err, 'one line').to.match(/^lwf: [^\n]+\n$/);
  expect(out).to.equal('');
  expect(code).to.equal(2);
}

describe('Bad input to lwf', () => {
  describe('on the command line', () => {
    const cases: readonly (readonly [what: string, args: readonly string[], complaint: RegExp])[] = [
      ['an unknown command', ['rnu'], /unknown command 'rnu'.*Did you mean run\?.*lwf --help/],
      ['help for an unknown command', ['help', 'rnu'], /unknown command 'rnu'.*Did you mean run\?.*lwf --help/],
      ['an unknown option', ['run', '--tgas', '@PAU-07'], /unknown option '--tgas'.*Did you mean --tags\?.*lwf --help/],
      ['an option without its value', ['run', '--seed'], /option '--seed <n>' argument missing/],
      ['a seed that is no number', ['run', '--seed', 'x'], /argument 'x' is invalid.*A seed is a whole number/],
      ['a seed that a script forgot', ['run', '--seed', ''], /A seed is a whole number/],
      [
        'a rule that a script forgot',
        ['run', '--rule', ''],
        /'--rule <ids>' argument '' is invalid\. It names nothing/,
      ],
      ['an area that is a comma', ['run', '--area', ','], /It names nothing/],
      ['no defective driver', ['matrix', '--driver', ''], /It names nothing/],
      ['a history cut off', ['explore', '--replay', '1/2:3/zz'], /It is the text that `lwf explore` printed/],
      ['a negative seed', ['run', '--seed=-1'], /A seed is a whole number/],
      ['a value given twice', ['run', '--seed', '1', '--seed', '2'], /option '--seed <n>' is given twice/],
      ['a folder that a script forgot', ['run', '--out', ''], /option '--out <folder>' is given nothing/],
      ['tags that a script forgot', ['run', '--tags='], /option '--tags <expression>' is given nothing/],
      ['a sample of nothing', ['verify', 'x', '--rerun', 'none', '--draw', 'x'], /--draw is about .* plays none/],
      ['an engine for no image', ['run', '--engine', 'jit'], /--engine says .* "reference" is none: leave it out/],
      ['patience with the simulator', ['run', '--answer-within', '3'], /--answer-within is for --adapter stdio/],
      ['a program without a name', ['explore', '--adapter', 'stdio'], /--adapter stdio needs the program: --command/],
      ['nothing to explain', ['explain'], /Say what to explain/],
      ['nothing to check', ['check'], /missing required argument/],
      ['a statement that a script forgot', ['verify', ''], /argument 'statement' is given nothing/],
      ['a feature that a script forgot', ['run', 'features/pause', ' '], /argument 'paths' is given nothing/],
      ['a result that a script forgot', ['diff', 'reports', ''], /argument 'new' is given nothing/],
    ];
    for (const [what, args, complaint] of cases) {
      it(`${what}: one line and exit code 2`, async () => expectComplaint(await lwf(args), complaint));
    }
  });

  describe('names that do not exist', () => {
    const cases: readonly (readonly [what: string, args: readonly string[], complaint: RegExp])[] = [
      ['a rule', ['run', '--rule', 'PAU-99'], /There is no rule PAU-99\. Did you mean PAU-\d\d\?/],
      ['a rule among others', ['run', '--rule', 'PAU-07,NIX-01'], /There is no rule NIX-01\./],
      [
        'a rule in a tag expression',
        ['run', '--tags', '@PAU-07 or @PUA-08'],
        /There is no rule PUA-08\. Did you mean PAU-08\?/,
      ],
      ['a tag expression', ['run', '--tags', '@PAU-07 and'], /@PAU-07 and/],
      [
        'an area',
        ['run', '--area', 'pauze'],
        /There is no area pauze\. Did you mean pause\? The areas are: registration, /,
      ],
      [
        'an adapter',
        ['run', '--adapter', 'hardware'],
        /There is no adapter "hardware"\. Choose one of: simulator, emulator, stdio, harness, or give/,
      ],
      [
        'an image on the simulator',
        ['run', '--adapter', 'simulator', '--driver', 'a.sys'],
        /The simulator runs no images/,
      ],
      ['a name on the emulator', ['run', '--adapter', 'emulator'], /"reference" is not the path of one/],
      [
        'an image where features stand',
        ['run', 'package.json'],
        /package\.json is no feature file\. A driver is given with --driver/,
      ],
      ['an image that is not there', ['run', '--driver', 'a.sys'], /Cannot read the image a\.sys \(there is no such/],
      [
        'an image without a profile',
        ['run', '--driver', 'drivers/build/reference.sys'],
        /reference\.sys needs a profile .*--profile FILE\. `lwf init drivers\/build\/reference\.sys` writes one/,
      ],
      [
        'a profile that is not there',
        ['run', '--driver', 'a.sys', '--profile', 'b.yaml'],
        /Cannot read the profile b\.yaml \(there is no such file\)/,
      ],
      [
        'a profile for a driver of the kit',
        ['run', '--profile', 'b.yaml'],
        /"reference" is none: give the image with --driver FILE\.sys/,
      ],
      [
        'an image that is none',
        ['run', '--driver', 'drivers/profiles/no.sys', '--profile', 'drivers/profiles/reference.yaml'],
        /Cannot read the image drivers\/profiles\/no\.sys \(there is no such file\)/,
      ],
      ['a driver', ['run', '--driver', 'refrence'], /There is no driver "refrence"\. Did you mean "reference"\?/],
      [
        'a driver of the matrix',
        ['matrix', '--driver', 'refrence'],
        /"refrence" is not one of the kit's defective drivers/,
      ],
      ['a rule to explain', ['explain', 'PAU-99'], /There is no rule PAU-99\. Did you mean PAU-\d\d\?/],
      ['a dispute to explain', ['explain', 'C99'], /There is no dispute C99\. They run from C1 to U\d+/],
      ['a word to explain', ['explain', 'xyzzy'], /Nothing mentions "xyzzy"/],
    ];
    for (const [what, args, complaint] of cases) {
      it(`${what}: one line and exit code 2`, async () => expectComplaint(await lwf(args), complaint));
    }
  });

  describe('driver modules', () => {
    const cases: readonly (readonly [what: string, file: string, text: string | undefined, complaint: RegExp])[] = [
      ['that are not there', 'none.ts', undefined, /There is no file .*none\.ts/],
      ['that do not compile', 'broken.ts', 'export const driver = {{', /broken\.ts could not be loaded: /],
      ['that throw', 'throws.js', 'throw new Error("no device");', /throws\.js could not be loaded: no device/],
      ['that export no driver', 'empty.ts', 'export const other = 1;', /empty\.ts exports no driver/],
      ['that export half a driver', 'half.js', 'exports.driver = { name: "x" };', /half\.js exports no driver/],
    ];
    for (const [what, file, text, complaint] of cases) {
      it(`${what}: one line and exit code 2`, () =>
        withFolder(async (folder) => {
          const path = join(folder, file);
          if (text !== undefined) writeFileSync(path, text);
          expectComplaint(await lwf(['run', '--driver', path]), complaint);
        }));
    }
  });

  describe('features and reports', () => {
    it('a feature that does not parse: file, line and what is wrong', () =>
      withFolder(async (folder) => {
        const path = join(folder, 'broken.feature');
        writeFileSync(path, 'Feature: Pause\n\n  Scenario: One\n    Given a running filter module\n    What is this\n');
        expectComplaint(
          await lwf(['run', '--out', join(folder, 'reports'), path]),
          /broken\.feature:5 does not parse: .*What is this/,
        );
      }));

    it('a line of a folder', async () => {
      expectComplaint(await lwf(['run', 'features/pause:9']), /features\/pause is a folder: a line/);
    });

    it('a file in the place of the folder for reports', () =>
      withFolder(async (folder) => {
        const file = join(folder, 'taken');
        writeFileSync(file, '');
        expectComplaint(await lwf(['run', '--rule', 'PAU-11', '--out', file]), /taken \(it is a file\)/);
      }));

    for (const text of ['null', '[]', '{"schema":"run/1"}', '{"schema":"run/1","scenarios":[null],"rules":[]}']) {
      it(`results that are ${text}`, () =>
        withFolder(async (folder) => {
          const file = join(folder, 'run.json');
          writeFileSync(file, text);
          expectComplaint(await lwf(['report', file]), /run\.json .*`lwf run` writes one/);
        }));
    }

    it('bytes in place of results, without what they do to a terminal', () =>
      withFolder(async (folder) => {
        const file = join(folder, 'run.json');
        writeFileSync(file, '\x1b[2J\0\x07 no JSON');
        const ended = await lwf(['report', file]);
        expectComplaint(ended, /run\.json cannot be read/);
        expect(ended.err.trimEnd()).not.to.match(/\p{Cc}/u);
      }));

    it('a feature that is not there', async () => {
      expectComplaint(
        await lwf(['run', 'features/none.feature']),
        /There is no feature file or folder features\/none\.feature/,
      );
    });

    it('a selection without any scenario', () =>
      withFolder(async (folder) => {
        const args = ['run', '--out', join(folder, 'reports'), '--tags', '@PAU-07 and @DET-03'];
        expectComplaint(await lwf(args), /No scenario matches/);
      }));

    it('files that are larger than what they should be, without reading them', () =>
      withFolder(async (folder) => {
        const huge = join(folder, 'huge');
        writeFileSync(huge, '');
        truncateSync(huge, 700 * 1024 * 1024);
        const tooLarge = /huge cannot be read \(it is larger than 511 MB\)/;
        const smaller = /; play its scenarios in more shards \(--shard\)\.$/m;
        expectComplaint(await lwf(['report', huge]), new RegExp(tooLarge.source + smaller.source, 'm'));
        expectComplaint(
          await lwf(['diff', huge, huge]),
          /\(it is larger than 511 MB\): give the statement\.json beside it/,
        );
        const image = 'drivers/build/reference.sys';
        const profiled = await lwf(['run', '--driver', image, '--profile', huge]);
        expectComplaint(profiled, /Cannot read the profile .*huge \(it is larger than any profile\)/);
      }));

    it('a folder that cannot be written', () =>
      withFolder(async (folder) => {
        const file = join(folder, 'taken');
        writeFileSync(file, '');
        const complaint =
          /Reports cannot be written to .*taken.reports \((ENOTDIR|EEXIST|ENOENT)[^)]*\)\. Choose another folder with --out\./;
        expectComplaint(await lwf(['run', '--rule', 'PAU-11', '--out', join(file, 'reports')]), complaint);
      }));

    it('a folder that the system will not make, where making it with all above it would never end', async function () {
      if (!existsSync('/proc/self')) this.skip();
      const complaint =
        /Reports cannot be written to \/proc\/reports \(E\w+[^)]*\)\. Choose another folder with --out\./;
      expectComplaint(await lwf(['run', '--rule', 'PAU-11', '--out', '/proc/reports']), complaint);
    });

    it('a link that leads nowhere', function () {
      if (process.platform === 'win32') this.skip();
      return withFolder(async (folder) => {
        const link = join(folder, 'link');
        symlinkSync(join(folder, 'nowhere'), link);
        const ended = await lwf(['run', '--rule', 'PAU-11', '--out', join(link, 'reports')]);
        expectComplaint(ended, /link.reports \(EEXIST, something else has its name, perhaps a link/);
      });
    });

    it('a file for the matrix that cannot be written', () =>
      withFolder(async (folder) => {
        const file = join(folder, 'taken');
        writeFileSync(file, '');
        expectComplaint(
          await lwf(['matrix', '--json', join(file, 'matrix.json')]),
          /matrix\.json cannot be written \(/,
        );
      }));
  });

  describe('an environment that does not fit', () => {
    it('a working folder that was removed', function () {
      if (process.platform === 'win32') this.skip();
      return withFolder(async (folder) => {
        const here = join(folder, 'here');
        const leave = join(folder, 'leave.js');
        mkdirSync(here);
        writeFileSync(
          leave,
          `process.chdir(${JSON.stringify(here)}); require('fs').rmdirSync(${JSON.stringify(here)});`,
        );
        const ended = await lwfProcess(['run', '--rule', 'PAU-11'], { node: ['-r', leave] });
        expectComplaint(ended, /The working folder was removed/);
      });
    });

    for (const version of ['18.20.4', '20.18.3', '21.7.3', '22.11.0', '23.1.0']) {
      it(`Node ${version}: one line, before anything is loaded`, () =>
        withFolder(async (folder) => {
          const fake = join(folder, 'fake.js');
          writeFileSync(fake, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
          const ended = await lwfProcess(['--version'], { node: ['-r', fake] });
          expectComplaint(ended, new RegExp(`Node ${version} is not supported; install Node 20\\.19`));
        }));
    }
  });
});
