import { After, Before, setDefaultTimeout } from '@cucumber/cucumber';
import { AssertionError } from 'chai';
import { crossingText } from '../src/trace';
import { EVIDENCE_MEDIA_TYPE } from './support/evidence';
import { needsOf } from './support/needs';
import type { LwfWorld } from './support/world';

const EXHIBIT_TAG = '@exhibit';

// A rig owns its deadlines: a simulated machine has no clock on the wall, and a real one may need minutes to sleep.
setDefaultTimeout(-1);

Before(async function (this: LwfWorld, { pickle }) {
  const tags = pickle.tags.map((tag) => tag.name);
  this.tagged(needsOf(tags));
  // What an exhibit can do is known only when the scenario has named it.
  if (tags.includes(EXHIBIT_TAG)) return undefined;
  return this.play('arrangement', () => this.needsAsTagged());
});

After(async function (this: LwfWorld) {
  const failedBefore = this.verdicts.failed;
  const evidence = await this.conclude();
  this.attach(JSON.stringify(evidence), EVIDENCE_MEDIA_TYPE);
  if (evidence.verdict !== 'fail' || failedBefore) return;
  const [violation] = this.verdicts.unexpected;
  const witnesses = violation ? this.crossingsAt(violation.witnesses) : [];
  throw new AssertionError([evidence.reason, ...witnesses.slice(-3).map(crossingText)].join('\n'));
});
