import type { Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { useAdapter } from '../../adapters/contract';
import { openAdapter } from '../../src/conformance/adapters';
import { prepareFeatures, runFeatures } from '../../src/conformance/cucumber';
import { Places } from '../../src/conformance/places';
import { Player } from '../../src/conformance/player';
import { takeEvidence, type Evidence } from '../../step-definitions/support/evidence';

const FEATURES = ['features/pause/held-nbls.feature', 'features/pause/pass-through.feature'];
const TAGS = 'not @exhibit';

/** Correct, a violation, an assertion that fails, a bugcheck. */
const DRIVERS = [
  'reference',
  'held-sends-stay-queued-over-a-pause',
  'only-the-first-completion-is-handed-up',
  'pause-returns-success-with-sends-out',
];

interface Told {
  readonly evidence: Evidence | undefined;
  readonly steps: readonly TestStepResultStatus[];
}

/** What a run through Cucumber leaves of each scenario. */
async function throughCucumber(driver: string): Promise<Map<string, Told>> {
  // Step definitions register themselves once a process.
  const support = await prepareFeatures({ paths: FEATURES, tags: TAGS }, () => undefined);
  const places = new Places();
  const pickles = new Map<string, Envelope['pickle']>();
  const cases = new Map<string, Envelope['testCase']>();
  const caseOf = new Map<string, string>();
  const statuses = new Map<string, Map<string, TestStepResultStatus>>();
  const told = new Map<string, Told>();
  useAdapter(openAdapter({ driver }));
  await runFeatures(
    { paths: FEATURES, tags: TAGS },
    support,
    { dryRun: false, worldParameters: { seed: 1, evidence: 'full' } },
    ({ gherkinDocument, pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished }) => {
      if (gherkinDocument) places.take(gherkinDocument);
      if (pickle) pickles.set(pickle.id, pickle);
      if (testCase) cases.set(testCase.id, testCase);
      if (testCaseStarted) {
        caseOf.set(testCaseStarted.id, testCaseStarted.testCaseId);
        statuses.set(testCaseStarted.id, new Map());
      }
      if (testStepFinished) {
        const { testCaseStartedId, testStepId, testStepResult } = testStepFinished;
        statuses.get(testCaseStartedId)?.set(testStepId, testStepResult.status);
      }
      if (!testCaseFinished) return;
      const id = testCaseFinished.testCaseStartedId;
      const played = cases.get(caseOf.get(id) ?? '');
      const of = pickles.get(played?.pickleId ?? '');
      if (!played || !of) return;
      const steps = played.testSteps.filter(({ pickleStepId }) => pickleStepId !== undefined);
      told.set(places.idOf(of), {
        evidence: takeEvidence(id),
        steps: steps.flatMap((step) => statuses.get(id)?.get(step.id) ?? []),
      });
    },
  );
  return told;
}

describe('The player', function () {
  this.timeout(60_000);

  for (const driver of DRIVERS) {
    it(`finds of ${driver} what a run through Cucumber finds`, async () => {
      const player = await Player.prepare({ paths: FEATURES, tags: TAGS });
      const played = await player.playAll({ adapter: openAdapter({ driver }), seed: 1, evidence: 'full' });
      const expected = await throughCucumber(driver);
      expect(played.map(({ id }) => id)).to.deep.equal([...expected.keys()]);
      for (const { id, steps, verdict, reason, spoiled, violations, exercised, trace, bugcheck } of played) {
        const { evidence, steps: statuses } = expected.get(id) ?? {};
        expect({ verdict, reason, spoiled, violations, exercised, trace, bugcheck }, id).to.deep.equal({
          verdict: evidence?.verdict,
          reason: evidence?.reason,
          spoiled: evidence?.spoiled,
          violations: evidence?.violations,
          exercised: evidence?.exercised,
          trace: evidence?.trace,
          bugcheck: evidence?.bugcheck,
        });
        expect(
          steps.map(({ status }) => status.toUpperCase()),
          id,
        ).to.deep.equal(statuses);
      }
    });
  }
});
