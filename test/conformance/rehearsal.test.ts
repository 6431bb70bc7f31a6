import { expect } from 'chai';
import { openAdapter } from '../../src/conformance/adapters';
import { Rehearsal } from '../../src/conformance/rehearsal';
import type { JudgedScenario } from '../../src/conformance/results';
import { runSpecification } from '../../src/conformance/run';

const FEATURES = ['features/pause/held-nbls.feature', 'features/pause/pass-through.feature'];
const TAGS = 'not @exhibit';

/** Correct, a violation, an assertion that fails, a bugcheck. */
const DRIVERS = [
  'reference',
  'held-sends-stay-queued-over-a-pause',
  'only-the-first-completion-is-handed-up',
  'pause-returns-success-with-sends-out',
];

const SAID = ['id', 'rule', 'name', 'tags', 'verdict', 'reason', 'spoiled', 'violations', 'exercised'] as const;

function said(scenarios: readonly JudgedScenario[]): unknown[] {
  return scenarios.map((scenario) => SAID.map((member) => scenario[member]));
}

describe('A rehearsal', function () {
  this.timeout(60_000);

  for (const driver of DRIVERS) {
    it(`says of ${driver} what a run through Cucumber says`, async () => {
      const rehearsal = await Rehearsal.prepare({ paths: FEATURES, tags: TAGS });
      const rehearsed = await rehearsal.play(openAdapter({ driver }), 1);
      const run = await runSpecification({
        adapter: 'simulator',
        driver,
        seed: 1,
        paths: FEATURES,
        tags: TAGS,
        evidence: 'violations',
      });
      expect(rehearsed).not.to.have.length(0);
      expect(said(rehearsed)).to.deep.equal(said(run.scenarios));
    });
  }
});
