import { expect } from 'chai';
import { sequenceSvg } from '../../src/reporting';
import { HOSTILE, pendingPause, staleHandle, staleViolations, trace } from './sample';

/** Rows with their marks, as a reader sees them. */
function rows(svg: string): { seq: number; broken: boolean; witness: boolean; text: string }[] {
  return [...svg.matchAll(/<g class="sq-row([^"]*)">(.*?)<\/g>/g)].map(([, kind = '', inner = '']) => ({
    seq: Number(/class="sq-seq"[^>]*>(\d+)</.exec(inner)?.[1]),
    broken: kind.includes('sq-broken'),
    witness: kind.includes('sq-witness'),
    text: /class="sq-text"[^>]*>(.*?)<\/text>/.exec(inner)?.[1] ?? '',
  }));
}

describe('sequence diagram', () => {
  it('has a row for every crossing, in order', () => {
    expect(rows(sequenceSvg(pendingPause)).map(({ seq }) => seq)).to.deep.equal(pendingPause.map(({ seq }) => seq));
  });

  it('marks the violating crossing and its witnesses by word and sign, and nothing else', () => {
    const marked = rows(sequenceSvg(staleHandle, { violations: staleViolations }));
    for (const row of marked) {
      const rules = staleViolations.filter(({ at }) => at === row.seq).map(({ rule }) => rule);
      const isWitness = staleViolations.some(({ witnesses }) => witnesses.includes(row.seq));
      expect(row.broken, `#${row.seq}`).to.equal(rules.length > 0);
      expect(row.witness, `#${row.seq}`).to.equal(rules.length === 0 && isWitness);
      expect(row.text.includes('✗'), `#${row.seq}`).to.equal(rules.length > 0);
      for (const rule of rules) expect(row.text).to.include(rule);
    }
    expect(marked.filter(({ broken }) => broken)).to.have.length(2);
  });

  it('folds a long trace to what matters and says how much it left out', () => {
    const svg = sequenceSvg(staleHandle, { violations: staleViolations, folded: true });
    const shown = rows(svg).map(({ seq }) => seq);
    for (const { witnesses } of staleViolations) expect(shown).to.include.members([...witnesses]);
    const leftOut = [...svg.matchAll(/⋯ (\d+) crossings? not shown/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    expect(leftOut).to.be.greaterThan(20);
    expect(shown.length + leftOut).to.equal(staleHandle.length);
  });

  it('does not fold a short trace', () => {
    expect(rows(sequenceSvg(pendingPause.slice(0, 20), { folded: true }))).to.have.length(20);
  });

  it('draws a lane for the application, the driver, each module, NDIS and the neighbours', () => {
    const lanes = [...sequenceSvg(staleHandle).matchAll(/<text class="sq-lane"[^>]*>(.*?)<\/text>/g)].map(([, text]) =>
      (text ?? '')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    expect(lanes).to.deep.equal(['application', 'filter driver', 'filter m1@A', 'NDIS', 'miniport']);
  });

  it('shows the states of the module from lifecycle crossings, also when NdisFPauseComplete comes before PENDING', () => {
    const m = { module: 'm1' };
    const svg = sequenceSvg(
      trace(
        { dir: '->', ddi: 'FilterAttach', ...m },
        { dir: '<-', ddi: 'FilterAttach', ...m, status: 'NDIS_STATUS_SUCCESS' },
        { dir: '->', ddi: 'FilterRestart', ...m },
        { dir: '<-', ddi: 'FilterRestart', ...m, status: 'NDIS_STATUS_SUCCESS' },
        { dir: '->', ddi: 'FilterPause', ...m },
        { dir: '=>', ddi: 'NdisFPauseComplete', ...m },
        { dir: '<-', ddi: 'FilterPause', ...m, status: 'NDIS_STATUS_PENDING' },
        { dir: '->', ddi: 'FilterDetach', ...m },
      ),
    );
    const states = [...svg.matchAll(/class="sq-state"[^>]*>(\w+)</g)].map(([, state]) => state);
    expect(states).to.deep.equal(['Attaching', 'Paused', 'Restarting', 'Running', 'Pausing', 'Paused', 'Detaching']);
  });

  it('is a document of its own, or an element for a page', () => {
    expect(sequenceSvg(pendingPause)).to.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<style>/);
    expect(sequenceSvg(pendingPause, { standalone: false })).not.to.match(/xmlns|<style>/);
  });

  it('keeps hostile text text', () => {
    const svg = sequenceSvg(
      trace(
        { dir: '->', ddi: HOSTILE, module: HOSTILE, adapter: HOSTILE, thread: HOSTILE, args: { [HOSTILE]: HOSTILE } },
        {
          dir: '=>',
          ddi: 'X',
          neighbour: HOSTILE,
          nbls: [{ nbl: HOSTILE, status: HOSTILE }],
          locks: [HOSTILE],
          irql: 2,
        },
      ),
      { title: HOSTILE, violations: [{ rule: HOSTILE, reading: 'default', at: 1, witnesses: [1], message: HOSTILE }] },
    );
    expect(svg).not.to.match(/<img|<script|onerror="|"quotes"/);
  });

  it('draws an empty trace', () => {
    expect(rows(sequenceSvg([]))).to.have.length(0);
  });
});
