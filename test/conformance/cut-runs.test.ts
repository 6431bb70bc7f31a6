import { expect } from 'chai';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CannotJudge,
  joinShards,
  removeJournal,
  runSpecification,
  type RunOptions,
  type RunResult,
} from '../../src/conformance';

const OPTIONS: RunOptions = {
  driver: 'answers-sketch',
  seed: 3,
  evidence: 'full',
  paths: ['features/pause/pends.feature', 'features/detach'],
};
const SHARDS = 3;
const JOURNAL = '.lwf-run.ndjson';

async function failure(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(CannotJudge);
    return (thrown as Error).message;
  }
  throw new Error('nothing was thrown');
}

function shardsOf(options: RunOptions, of = SHARDS): Promise<RunResult[]> {
  return Promise.all(
    Array.from({ length: of }, (_, at) => runSpecification({ ...options, shard: { index: at + 1, of } })),
  );
}

describe('A run finds the same, however it is cut', function () {
  this.timeout(60_000);

  let whole = '';
  let folder = '';
  before(async () => {
    whole = JSON.stringify(await runSpecification(OPTIONS));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-cut-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Ends as if the user had pressed Ctrl-C during the n-th scenario. */
  function interruptedAfter(scenarios: number, options: RunOptions = OPTIONS): Promise<RunResult> {
    const interruption = new AbortController();
    return runSpecification({
      ...options,
      journalFolder: folder,
      signal: interruption.signal,
      onScenario: (_scenario, finished) => {
        if (finished === scenarios) interruption.abort();
      },
    });
  }

  it('by two workers', async () => {
    expect(JSON.stringify(await runSpecification({ ...OPTIONS, workers: 2 })) === whole).to.equal(true);
  });

  it('in shards, joined in any order', async () => {
    const runs = await shardsOf(OPTIONS);
    expect(new Set(runs.map(({ scenarios }) => scenarios.length)).size, 'of about one size').to.be.at.most(2);
    const joined = joinShards(runs.reverse().map((run, at) => ({ from: `folder ${at}`, run })));
    expect(JSON.stringify(joined) === whole).to.equal(true);
  });

  it('in more shards than there are scenarios', async () => {
    const options = { ...OPTIONS, paths: ['features/pause/pends.feature:12'] };
    const runs = await shardsOf(options);
    expect(runs.map(({ scenarios }) => scenarios.length)).to.deep.equal([1, 0, 0]);
    const joined = joinShards(runs.map((run, at) => ({ from: `folder ${at}`, run })));
    expect(joined).to.deep.equal(await runSpecification(options));
  });

  it('interrupted, and resumed by workers', async () => {
    const part = await interruptedAfter(5);
    const all = (JSON.parse(whole) as RunResult).scenarios.map(({ id }) => id);
    expect(part.scenarios.map(({ id }) => id)).to.deep.equal(all.slice(0, 5));
    expect(part.missing).to.deep.equal(all.slice(5));
    const played: string[] = [];
    const resumed = await runSpecification({
      ...OPTIONS,
      journalFolder: folder,
      resume: true,
      workers: 2,
      onScenario: ({ id }) => played.push(id),
    });
    expect(played.sort(), 'nothing is played twice').to.deep.equal(all.slice(5).sort());
    expect(JSON.stringify(resumed) === whole).to.equal(true);
    removeJournal(folder);
    expect(existsSync(join(folder, JOURNAL))).to.equal(false);
  });

  it('killed while it wrote a line of its journal', async () => {
    await interruptedAfter(4);
    const file = join(folder, JOURNAL);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -200));
    const played: string[] = [];
    const resumed = await runSpecification({
      ...OPTIONS,
      journalFolder: folder,
      resume: true,
      onScenario: ({ id }) => played.push(id),
    });
    expect(JSON.stringify(resumed) === whole).to.equal(true);
    expect(played, 'the torn one is played again').to.have.length(resumed.scenarios.length - 3);
    expect(readFileSync(file, 'utf8').startsWith(text.slice(0, -200).replace(/[^\n]*$/, ''))).to.equal(true);
    const again: string[] = [];
    const onScenario = ({ id }: { readonly id: string }): unknown => again.push(id);
    await runSpecification({ ...OPTIONS, journalFolder: folder, resume: true, onScenario });
    expect(again, 'no line was written behind the torn one').to.deep.equal([]);
  });

  it('and believes no line of a journal that was changed', async () => {
    await interruptedAfter(4);
    const file = join(folder, JOURNAL);
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = (lines[2] ?? '').replace(/"verdict":"\w+"/, '"verdict":"error"');
    writeFileSync(file, lines.join('\n'));
    appendFileSync(file, 'garbage\n');
    const resumed = await runSpecification({ ...OPTIONS, journalFolder: folder, resume: true });
    expect(JSON.stringify(resumed) === whole).to.equal(true);
  });
});

/** Ends every thread but the first, which it slows down so that the others get to it. */
const DEADLY_DRIVER = `
import { isMainThread } from 'node:worker_threads';
import { ReferenceFilter, simulate } from 'ndis-lwf-spec/simulator';
if (!isMainThread) process.exit(3);
const driver = simulate('deadly', ReferenceFilter);
const load = driver.load.bind(driver);
export default {
  ...driver,
  load(...values) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    return load(...values);
  },
};
`;

describe('A run whose worker dies', function () {
  this.timeout(60_000);

  it('says so, and can be resumed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lwf-cut-'));
    try {
      const driver = join(folder, 'deadly.ts');
      writeFileSync(driver, DEADLY_DRIVER);
      const options: RunOptions = { driver, seed: 1, evidence: 'violations', areas: ['pause'], journalFolder: folder };
      expect(await failure(() => runSpecification({ ...options, workers: 2 }))).to.match(
        /^A worker stopped: it ended with 3\. Go on with --resume, or with --workers 1/,
      );
      const journal = readFileSync(join(folder, JOURNAL), 'utf8').trimEnd().split('\n');
      // The header, and what the first thread had played until then: on a busy machine that may be nothing.
      expect(journal.length, 'what was played is there').to.be.within(1, 132);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('A run that cannot be resumed says why', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-cut-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options: RunOptions = { ...OPTIONS, paths: ['features/pause/pends.feature:12'] };

  it('when there is none', async () => {
    const message = await failure(() => runSpecification({ ...options, journalFolder: folder, resume: true }));
    expect(message).to.match(
      /There is no interrupted run to resume in .* \(there is no such file\)\. Leave out --resume/,
    );
  });

  it('when it was another run: in what it differs', async () => {
    await runSpecification({ ...options, journalFolder: folder });
    const other = { ...options, seed: 4, driver: 'reference', conformance: 'strict' } as const;
    const message = await failure(() => runSpecification({ ...other, journalFolder: folder, resume: true }));
    expect(message).to.match(/differs in the driver, the seed, the conformance profile\. Give the same options/);
  });

  it('when its first line is damaged', async () => {
    writeFileSync(join(folder, JOURNAL), 'garbage\n');
    const message = await failure(() => runSpecification({ ...options, journalFolder: folder, resume: true }));
    expect(message).to.match(/damaged from its first line on/);
  });
});

describe('Shards that do not fit are refused', () => {
  const options: RunOptions = { ...OPTIONS, paths: ['features/pause/cannot-fail.feature'] };
  let shards: { from: string; run: RunResult }[] = [];
  before(async () => {
    shards = (await shardsOf(options)).map((run, at) => ({ from: `folder ${at + 1}`, run }));
  });

  it('when one is missing', async () => {
    expect(await failure(() => joinShards(shards.slice(1)))).to.match(/^A shard is missing: 1\/3\./);
    expect(await failure(() => joinShards(shards.slice(2)))).to.match(/^Shards are missing: 1\/3, 2\/3\./);
    expect(await failure(() => joinShards([]))).to.match(/nothing to merge/);
  });

  it('when one is there twice', async () => {
    const twice = [...shards, ...shards.slice(0, 1)];
    expect(await failure(() => joinShards(twice))).to.match(/^folder 1 and folder 1 are both shard 1\/3\./);
  });

  it('when one is of another run', async () => {
    const [first, second, third] = shards;
    if (!first || !second || !third) throw new Error('there are three');
    const run = await runSpecification({ ...options, seed: 4, shard: { index: 3, of: 3 } });
    expect(await failure(() => joinShards([first, second, { from: 'folder 3', run }]))).to.match(
      /^folder 3 is not of the same run as folder 1: they differ in seed\./,
    );
    const half = await runSpecification({ ...options, shard: { index: 1, of: 2 } });
    expect(await failure(() => joinShards([first, { from: 'half', run: half }]))).to.match(/number of shards/);
  });

  it('when one is a whole run, is incomplete, or was edited', async () => {
    const [first, second, third] = shards;
    if (!first || !second || !third) throw new Error('there are three');
    const whole = { from: 'whole', run: await runSpecification(options) };
    expect(await failure(() => joinShards([first, whole]))).to.match(/^whole is a whole run and no shard/);
    const incomplete = { from: 'cut', run: { ...third.run, missing: ['features/a.feature:3'] } };
    expect(await failure(() => joinShards([first, second, incomplete]))).to.match(/^cut is incomplete: 1 of its/);
    const edited = { from: 'edited', run: { ...third.run, scenarios: third.run.scenarios.slice(1) } };
    expect(await failure(() => joinShards([first, second, edited]))).to.match(/do not hold the scenarios of one run/);
  });
});
