/** Does a statement stand? Everything that can be looked at is: the file, the traces, the verdicts, and the driver itself. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CannotJudge } from '../cannot-judge';
import { sha256, type RunIdentity } from '../identity';
import { kitVersion } from '../kit-root';
import type { ScenarioResult } from '../results';
import { isSpecified } from '../rule-results';
import { specificationFacts } from '../specification';
import { loadWaivers, readWaivers, type WaivedRun } from '../waivers';
import { canonicalJson, digestOf } from './canonical';
import { readEvidence } from './evidence';
import { Findings, type Verification } from './findings';
import { findSubject, renamedFile } from './find-subject';
import { planFaults, planOf } from './plan';
import { readStatement } from './read-statement';
import { rejudge, resultFaults, waivedAgain } from './rejudge';
import { rerun, sampleOf, type RerunChoice } from './rerun';
import { checkSignature, signatureOf } from './signature';
import { WAIVED, type Statement, type StatementScenario } from './statement';

export interface VerifyOptions {
  /** Files of the driver; without them, files of the same name and content are looked for. */
  readonly driver?: string | undefined;
  readonly profile?: string | undefined;
  /** Command line of the adapter, where it is a program of its own. */
  readonly command?: string | undefined;
  /** The reviewer's own copy of the list of waivers. */
  readonly waivers?: string | undefined;
  readonly rerun: RerunChoice;
  /** How many scenarios a sample has beside the failures. */
  readonly sample: number;
  /** Word of the reviewer that the sample is drawn with. */
  readonly draw: string;
  /** Path of the vendor's public key (PEM). */
  readonly key?: string | undefined;
  /** Path of the signature, where it does not lie beside the statement. */
  readonly signature?: string | undefined;
  /** Today: YYYY-MM-DD. */
  readonly today: string;
  /** Aborted: nothing more is looked at. */
  readonly signal?: AbortSignal;
  readonly onScenario?: (scenario: ScenarioResult, finished: number, total: number) => void;
}

/**
 * @param path of statement.json, or of its folder
 * @throws CannotJudge when there is no statement, when a file that was named cannot be used, and when it is interrupted
 */
export async function verifyStatement(path: string, options: VerifyOptions): Promise<Verification> {
  const { path: file, bytes, statement, faults } = readStatement(path);
  const findings = new Findings();
  findings.settle(
    'form',
    faults.map((fault) => `It is not as lwf writes statements: ${fault}.`),
    'It has the form of statement/1.',
  );
  await checkSignature(signatureOf(file, options.signature), bytes, options.key, findings);
  if (statement) await verifyContent(statement, dirname(file), options, findings);
  return { schema: 'verification/1', statement: file, standing: findings.standing, findings: findings.all };
}

async function verifyContent(
  statement: Statement,
  folder: string,
  options: VerifyOptions,
  findings: Findings,
): Promise<void> {
  const { digest } = statement;
  findings.settle(
    'digest',
    digestOf(statement) === digest ? [] : ['What it says was changed after its digest was made.'],
    'Its digest fits all that it says.',
  );
  const evidence = await readEvidence(statement, folder, options.signal);
  const count = statement.scenarios.length;
  findings.settle(
    'traces',
    evidence.faults,
    `All ${count} traces are the files that were hashed, and none is missing or added.`,
  );
  if (!isOfThisKit(statement.identity, findings)) return;

  const plan = await planOf(statement).catch((failure: unknown) => {
    if (!(failure instanceof CannotJudge)) throw failure;
    findings.contradicts('plan', `No run can have chosen what it says was chosen: ${failure.message}`);
  });
  if (!plan) return;
  findings.settle(
    'plan',
    planFaults(statement, plan),
    'The scenarios are all that its selection chooses, in their order.',
  );
  const strangers = statement.scenarios.filter((scenario) => !isSpecified(scenario));
  if (strangers.length > 0) findings.unchecked('plan', strangersText(strangers));
  const isWhole = evidence.faults.length === 0 && !findings.has('plan', 'contradicts');
  const { scenarios, contradictions } = rejudge(statement, evidence.judged, plan);
  const isJudged = isWhole ? [...evidence.contradictions, ...contradictions] : evidence.contradictions;
  findings.settle('judges', isJudged, 'The judges, asked again, find in the traces what they found then.');
  if (isWhole) {
    const waived = checkWaivers(statement, folder, options, findings, (text, name) =>
      waivedAgain(statement, scenarios, readWaivers(text, name)),
    );
    if (waived !== 'unusable') {
      findings.settle(
        'results',
        resultFaults(statement, scenarios, waived),
        'The verdicts on the rules, the totals and the outcome are what the evidence gives.',
      );
    }
  }
  await checkByRerun(statement, folder, options, findings);
}

/** No rule is kept because of them, and yet they are counted. */
function strangersText([first, ...others]: readonly StatementScenario[]): string {
  const rest = others.length === 0 ? 'is' : `and ${others.length} more scenarios are`;
  return `${first?.id} ${rest} not of the specification: what its hash does not cover may ask for anything.`;
}

/** Other judges may rightly say something else. */
function isOfThisKit({ kit, specification }: RunIdentity, findings: Findings): boolean {
  const here = specificationFacts();
  if (kit === kitVersion && specification.sha256 === here.sha256 && specification.version === here.version) {
    findings.holds('kit', `It was made with kit ${kit} and specification ${specification.version}, which are these.`);
    return true;
  }
  findings.unchecked(
    'kit',
    `It was made with kit ${kit} and specification ${specification.version} (${specification.sha256.slice(0, 12)}…), and this is kit ${kitVersion} with specification ${here.version} (${here.sha256.slice(0, 12)}…): verdicts can only be checked with the same, so install that version of the kit.`,
  );
  return false;
}

function checkWaivers(
  { waivers }: Statement,
  folder: string,
  { waivers: own, today }: VerifyOptions,
  findings: Findings,
  apply: (text: string, name: string) => WaivedRun,
): WaivedRun | undefined | 'unusable' {
  const given = own === undefined ? undefined : loadWaivers(own);
  if (!waivers) {
    if (given) findings.contradicts('waivers', `${given.file.file} was not applied: the statement names no waivers.`);
    return undefined;
  }
  const name = `${WAIVED}/${waivers.file.file}`;
  const bytes = readIfThere(join(folder, name));
  if (bytes === undefined) {
    findings.contradicts('waivers', `${name}, the list of waivers, is missing.`);
    return 'unusable';
  }
  if (sha256(bytes) !== waivers.file.sha256 || bytes.length !== waivers.file.size) {
    findings.contradicts('waivers', `${name} is not the list of waivers that was applied: it was edited.`);
    return 'unusable';
  }
  if (given && given.file.sha256 !== waivers.file.sha256) {
    findings.contradicts('waivers', `The list of waivers that was applied is not ${own ?? ''}.`);
  }
  const waived = apply(bytes.toString('utf8'), name);
  findings.settle(
    'waivers',
    canonicalJson(waived.entries) === canonicalJson(waivers.entries)
      ? []
      : ['What the statement says of its waivers is not what applying them again gives.'],
    `The waivers, applied again as of ${waivers.on}, cover what the statement says.`,
  );
  for (const { rule, expires, state } of waived.entries) {
    if (state === 'used' && expires < today) {
      findings.note(
        'waivers',
        `The waiver of ${rule} held until ${expires}: today, ${today}, it would not count any more.`,
      );
    }
  }
  return waived;
}

async function checkByRerun(
  statement: Statement,
  folder: string,
  options: VerifyOptions,
  findings: Findings,
): Promise<void> {
  const { onScenario, signal } = options;
  const all = statement.scenarios.length;
  const chosen = chosenOf(statement, options);
  if (chosen.length === 0) {
    findings.note(
      're-run',
      'Nothing was played again: a forger who made up traces and recomputed every hash and the digest would not be found out.',
    );
    if ([options.driver, options.profile, options.command].every((given) => given === undefined)) return;
  }
  const subject = findSubject(statement.identity, options, folder, findings);
  if (chosen.length === 0 || !subject) return;
  const renamed = renamedFile(statement.identity, subject);
  if (renamed !== undefined) {
    findings.unchecked('re-run', `${renamed}, and results name it: give a copy that is called so.`);
    return;
  }
  const enclosed = (file: string): Buffer | undefined => readIfThere(join(folder, file));
  const { faults, compared, notes } = await rerun(statement, chosen, { subject, enclosed, onScenario, signal });
  const played = chosen.length === all ? `All ${all}` : `${chosen.length} of ${all}`;
  findings.settle('re-run', faults, `${played} scenarios, played again, give ${compared}.`);
  for (const note of notes) findings.note('re-run', note);
  if (chosen.length < all) {
    findings.note(
      're-run',
      `What was forged consistently in the other ${all - chosen.length} would not be found out: --rerun all plays them too.`,
    );
  }
}

function chosenOf(statement: Statement, { rerun: choice, sample, draw }: VerifyOptions): readonly StatementScenario[] {
  if (choice === 'none') return [];
  return choice === 'all' ? statement.scenarios : sampleOf(statement, sample, draw);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // Whatever keeps it from being read: it cannot be checked, and that is told.
    return undefined;
  }
}
