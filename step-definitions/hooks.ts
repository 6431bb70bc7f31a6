import type { ITestCaseHookParameter } from '@cucumber/cucumber';
import { After, Before, setDefaultTimeout, setDefinitionFunctionWrapper } from '@cucumber/cucumber';
import { TestStepResultStatus } from '@cucumber/messages';
import { AssertionError } from 'chai';
import { leaveEvidence } from './support/evidence';
import { told } from './support/expectation';
import { needsOf } from './support/needs';
import type { LwfWorld } from './support/world';

const EXHIBIT_TAG = '@exhibit';

/** What Cucumber finds wrong with a scenario before its steps can do anything. */
const BROKEN_SCENARIO: Partial<Record<TestStepResultStatus, string>> = {
  [TestStepResultStatus.UNDEFINED]: 'a step of it has no definition',
  [TestStepResultStatus.AMBIGUOUS]: 'a step of it has several definitions',
};

type Code = (this: LwfWorld, ...values: unknown[]) => Promise<void>;

/** Hooks are not steps: what they throw is not sorted into verdicts. */
const hooks = new WeakSet<(...values: never[]) => unknown>();

function hook<F extends (...values: never[]) => unknown>(code: F): F {
  hooks.add(code);
  return code;
}

// A rig owns its deadlines: a simulated machine has no clock on the wall, and a real one may need minutes to sleep.
setDefaultTimeout(-1);

setDefinitionFunctionWrapper((code: Code) => {
  if (hooks.has(code)) return code;
  return function (this: LwfWorld, ...values: unknown[]) {
    return this.step(() => code.apply(this, values));
  };
});

Before(
  hook(function (this: LwfWorld, { pickle }: ITestCaseHookParameter) {
    const tags = pickle.tags.map((tag) => tag.name);
    this.verdicts.concerns(tags);
    this.follow(pickle.steps);
    const needs = needsOf(tags);
    this.tagged(needs);
    // What an exhibit can do is known only when the scenario has named it.
    if (needs.length === 0 || tags.includes(EXHIBIT_TAG)) return undefined;
    return this.play(() => this.needsAsTagged());
  }),
);

After(
  hook(async function (this: LwfWorld, { result, testCaseStartedId }: ITestCaseHookParameter) {
    const broken = result && BROKEN_SCENARIO[result.status];
    if (broken !== undefined) this.verdicts.error(new Error(broken));
    // What nobody has sorted out is no pass.
    if (result?.status === TestStepResultStatus.FAILED && !this.verdicts.failed)
      this.verdicts.error(new Error(result.message ?? 'a step of it failed, and said nothing'));
    const failedBefore = this.verdicts.failed;
    const evidence = await this.conclude();
    leaveEvidence(testCaseStartedId, evidence);
    if (evidence.verdict !== 'pass' && evidence.reason !== undefined)
      this.log(`${evidence.verdict}: ${evidence.reason}`);
    if (evidence.verdict !== 'fail' || failedBefore) return;
    const witnesses = this.crossingsAt(this.verdicts.unexpected?.witnesses ?? []);
    throw new AssertionError([evidence.reason, ...told(witnesses)].join('\n'));
  }),
);
