import { expect } from 'chai';
import { matrixMarkdown, matrixSentence, summariseMatrix } from '../../src/reporting';
import { HOSTILE, matrix } from './sample';

describe('kill matrix', () => {
  it('counts a rule as proven only when a defect of its own is caught by it', () => {
    const { proven, unproven, missed, unexplained, explained } = summariseMatrix(matrix);
    expect(proven).to.deep.equal(['PAU-08', 'PAU-11', 'PAU-12', 'DET-06']);
    // DET-03 is tripped by another defect and has one of its own, but its own goes uncaught.
    expect(unproven).to.deep.equal(['DET-03', 'UNL-01']);
    expect(missed).to.deep.equal(['leaks-its-pool']);
    expect(unexplained).to.deep.equal(['pause-succeeds-at-once: DET-03']);
    expect(explained).to.equal(1);
  });

  it('says so in one sentence', () => {
    expect(matrixSentence(matrix)).to.equal(
      '4 of 6 core rules proven by 5 defective drivers; the reference filter trips 0 judges; 1 unexplained kill',
    );
    expect(matrixSentence({ ...matrix, reference: ['PAU-11'] })).to.include('trips 1 judge;');
  });

  it('writes Markdown with one line a driver, and its problems', () => {
    const text = matrixMarkdown({
      ...matrix,
      rows: matrix.rows.map((row, i) => (i === 0 ? { ...row, driver: `a|b ${HOSTILE}` } : row)),
    });
    const lines = text.split('\n').filter((line) => line.startsWith('| '));
    expect(lines).to.have.length(matrix.rows.length + 2);
    for (const line of lines) expect(line.replaceAll('\\|', '').split('|'), line).to.have.length(8);
    expect(text).to.include('Not proven: DET-03, UNL-01.').and.to.include('▲ DET-03 unexplained');
    expect(text).not.to.match(/(^|[^\\])<script/);
    for (const problem of matrix.problems) expect(text).to.include(problem);
  });
});
