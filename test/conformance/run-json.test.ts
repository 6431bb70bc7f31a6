import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSpecification, type RunResult } from '../../src/conformance';
import { holds, runJson } from '../../src/conformance/run-json';

describe('A result as JSON, in pieces', () => {
  let run: RunResult;
  before(async () => {
    run = await runSpecification({ driver: 'answers-sketch', seed: 1, rules: ['PAU-07'], evidence: 'full' });
  });

  it('is what it is as one text', () => {
    for (const each of [run, { ...run, scenarios: [] }, { ...run, missing: ['a.feature:1'] }]) {
      expect([...runJson(each)].join('')).to.equal(`${JSON.stringify(each)}\n`);
    }
    expect([...runJson(run)].length).to.be.greaterThan(run.scenarios.length);
  });

  it('is known again in a file, and nothing else is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lwf-run-'));
    try {
      const file = join(folder, 'run.json');
      const text = [...runJson(run)].join('');
      for (const [content, isIt] of [
        [text, true],
        [`${text}\n`, false],
        [text.slice(0, -1), false],
        [text.replace('"seed":1', '"seed":2'), false],
        ['', false],
      ] as const) {
        writeFileSync(file, content);
        expect(holds(file, runJson(run))).to.equal(isIt);
      }
      expect(holds(join(folder, 'none.json'), runJson(run))).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
