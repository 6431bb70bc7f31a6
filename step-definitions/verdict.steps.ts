import { expectThat, NotObserved, RuleBroken } from './support/expectation';
import { absentMember } from './support/members';
import { Then } from './support/steps';

Then('rule {rule} is broken', async function (rule: string) {
  const verdicts = await this.judged();
  verdicts.expectBroken(rule);
  const broken = verdicts.violations.map((violation) => violation.rule);
  expectThat(broken.includes(rule), `the judges to find ${rule} broken`, broken.join(', ') || 'no rule broken');
});

Then('rule {rule} is broken only in its strict reading', async function (rule: string) {
  const verdicts = await this.judged();
  const strict = verdicts.strictFindings.map((finding) => finding.rule);
  const broken = verdicts.violations.map((violation) => violation.rule);
  expectThat(
    strict.includes(rule) && !broken.includes(rule),
    `the strict reading of ${rule} to be broken, and the default reading to be kept`,
    `strict: ${strict.join(', ') || 'none'}; default: ${broken.join(', ') || 'none'}`,
  );
});

Then('rule {rule} is put to the test', async function (rule: string) {
  const times = (await this.judged()).exercised(rule);
  // A driver without the entry point, or one that chose another way, has broken nothing: nobody saw it tried.
  if (times > 0) return;
  const absent = absentMember(rule, await this.seen());
  throw new NotObserved(absent ?? `no situation arose in which ${rule} could have been broken`);
});

Then('no rule is broken', async function () {
  const first = (await this.judged()).unexpected;
  if (!first) return;
  throw new RuleBroken('no rule to be broken', `${first.rule}: ${first.message}`, this.crossingsAt(first.witnesses));
});

Then('the system keeps running', async function () {
  const bugcheck = await this.bugcheck();
  expectThat(bugcheck === undefined, 'the system to keep running', bugcheck ?? 'it runs');
});

Then('the system stops with {bugcheck}', async function (name: string) {
  const bugcheck = await this.bugcheck();
  expectThat(bugcheck?.startsWith(name) === true, `the system to stop with ${name}`, bugcheck ?? 'it runs');
  this.verdicts.expectBugcheck();
});
