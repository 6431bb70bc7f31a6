import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotJudge, runSpecification, type RunResult } from '../../../src/conformance';
import { compareRuns, readResult, type ComparedRun } from '../../../src/conformance/compare';
import { makeStatement } from '../../../src/conformance/statement';
import { readWaivers } from '../../../src/conformance/waivers';
import { withFolder } from '../../cli/lwf';

const LIST = `schema: waivers/1
waivers:
  - { rule: REG-05, reason: known, owner: us, link: x, expires: 2026-12-31 }
`;

/** The statement of a run as comparing reads it. */
function statementOf(folder: string, run: RunResult, list?: string): ComparedRun {
  const file = join(folder, 'statement.json');
  const { statement } = makeStatement(run, {
    environment: { platform: 'linux', arch: 'x64', node: '20.19.0' },
    time: { started: '2026-06-01T00:00:00.000Z', finished: '2026-06-01T00:00:01.000Z' },
    ...(list !== undefined && {
      waivers: {
        on: '2026-06-01',
        list: {
          waivers: readWaivers(list, 'waivers.yaml'),
          file: { file: 'waivers.yaml', sha256: '00', size: list.length },
          bytes: Buffer.from(list),
        },
      },
    }),
  });
  writeFileSync(file, JSON.stringify(statement));
  return readResult(folder);
}

describe('Results on disk', () => {
  let good: RunResult;
  let bad: RunResult;
  before(async () => {
    const subject = { seed: 1, rules: ['REG-05'], evidence: 'full' } as const;
    good = await runSpecification({ ...subject, driver: 'reference' });
    bad = await runSpecification({ ...subject, driver: 'registers-without-a-pause-handler' });
  });

  it('say the same whether they are read from the statement or from the run', () =>
    withFolder(async (folder) => {
      for (const run of [good, bad]) {
        const file = join(folder, 'run.json');
        writeFileSync(file, JSON.stringify(run));
        const { rules, scenarios, facts } = statementOf(folder, run);
        const read = readResult(file);
        expect(read.rules).to.deep.equal(rules);
        expect(read.scenarios).to.deep.equal(scenarios);
        expect(read.facts).to.deep.equal(facts);
        expect(facts).to.deep.include({
          adapter: 'simulator',
          seed: 1,
          conformance: 'full',
          selection: 'rules REG-05',
        });
      }
    }));

  it('are refused when a statement was edited', () =>
    withFolder(async (folder) => {
      statementOf(folder, bad);
      const file = join(folder, 'statement.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"verdict":"fail"', '"verdict":"pass"'));
      expect(() => readResult(file)).to.throw(CannotJudge, /was changed after it was made: its digest does not fit/);
    }));

  it('tell of waivers that appeared, and of rules that are waived now', () =>
    withFolder(async (folder) => {
      const [plain, waived] = [statementOf(folder, bad), statementOf(folder, bad, LIST)];
      const comparison = compareRuns(plain, waived);
      expect(comparison.changes.map(({ rule, kind }) => `${rule} ${kind}`)).to.deep.equal(['REG-05 waived']);
      expect(comparison.waivers.appeared).to.deep.equal([
        { rule: 'REG-05', reason: 'known', owner: 'us', expires: '2026-12-31', state: 'used' },
      ]);
      expect(compareRuns(waived, statementOf(folder, good)).changes.map(({ kind }) => kind)).to.include('fixed');
    }));
});
