/** The first screen: what this is, what the run found, and the way to what a reader came for. */
import type { RuleResult, RunResult } from '../../../conformance/results';
import { badges } from '../../markup/badge';
import { html, type Html } from '../../markup/html';
import { totals, type TotalsRow } from '../../markup/totals';
import { summariseMatrix } from '../../matrix/cells';
import { bootsText, buildText, machineText } from '../../machine-words';
import { whatIsSeen } from '../../observation';
import { tally, type ShownVerdict } from '../../verdicts';
import { featureAnchor, shownVerdicts, type Book } from '../book';
import { compareRuns } from './beside';
import { questionFeatures, questionVerdicts } from './questions';
import { plural } from '../../plural';

export function verdictSection(book: Book): Html {
  const { run } = book;
  return html`<section id="verdict" aria-labelledby="verdict-title" class="hero">
    <div>
      <h1 id="verdict-title">The rules of NDIS lightweight filters, and how <em>${run.driver}</em> keeps them</h1>
      <p class="lead">
        ${plural(book.catalogue.rules.length, 'rule')} that an NDIS 6 filter driver must keep, each with its source.
        Scenarios were played against the driver, and judges watched all that the adapter saw.
      </p>
      ${book.runs.map((each) => html`<p class="outcome ${outcomeKey(book, each)}">${outcomeSentence(book, each)}</p>`)}
      ${agreement(book)}
      <div class="scroll" tabindex="0" role="group" aria-label="Totals">
        ${totals(
          shownVerdicts(book),
          book.runs.flatMap((each) => totalsOf(book, each)),
        )}
      </div>
      ${proof(book)}
      <p>
        <a href="#rules">The rules, area by area</a> · <a href="#failures">What failed, with the call trace</a> ·
        <a href="#gaps">What this run does not say</a>
      </p>
      <p class="quiet">
        Driver ${run.driver}, adapter ${run.adapter}, which sees ${whatIsSeen(run.observation)}, seed ${run.seed}, kit
        ${run.kit}.${machine(run)}${
          book.runs.length > 1 &&
          html` Also in this page:
          ${book.runs
            .slice(1)
            .map(({ driver, adapter }) => `${driver} on ${adapter}`)
            .join(', ')}.`
        }
      </p>
    </div>
    ${questions(book)}
  </section>`;
}

/** Where it was played, and what of that a reader must know to believe it. */
function machine({ identity, scenarios }: RunResult): Html | false {
  if (!identity.machine) return false;
  const { image } = identity.driver;
  const boots = bootsText(scenarios.map((scenario) => scenario.machine?.boot));
  return html` On ${machineText(identity.machine)}; boot ${boots}. The driver was run
  ${buildText(identity.machine)}${image ? html` (${image.file}, SHA-256 <code>${image.sha256}</code>)` : '; its image was not found there'}.`;
}

function totalsOf(book: Book, run: RunResult): TotalsRow[] {
  const core = new Set(book.catalogue.rules.filter(({ profile }) => profile === 'core').map(({ id }) => id));
  const where = book.runs.length > 1 && html` <span class="run">${book.nameOf(run)}</span>`;
  const row = (noun: string, verdicts: readonly ShownVerdict[], more = ''): TotalsRow => ({
    name: html`${plural(verdicts.length, noun)}${more}${where}`,
    counts: tally(verdicts),
  });
  const rules = (of: readonly RuleResult[]): ShownVerdict[] => of.map(({ rule }) => book.ruleVerdict(run, rule));
  const scenarios = row(
    'scenario',
    run.scenarios.map((result) => book.verdictOf(run, result)),
  );
  return [
    // A scenario that is not there cannot be counted.
    { ...scenarios, counts: { ...scenarios.counts, 'not specified': undefined } },
    row('core rule', rules(run.rules.filter(({ rule }) => core.has(rule)))),
    row('rule', rules(run.rules), ' in all'),
  ];
}

function agreement(book: Book): Html | false {
  if (book.runs.length === 1) return false;
  const { compared, differing } = compareRuns(book);
  return html`<p>
    ${
      differing.length === 0
        ? html`The runs say the same of <b>all ${plural(compared, 'scenario')}</b> that were played in each.`
        : html`Of ${plural(compared, 'scenario')} played in each run,
            <a href="#beside">${plural(differing.length, 'scenario')} ended differently</a>.`
    }
  </p>`;
}

function outcomeKey(book: Book, run: RunResult): string {
  const counts = tally(run.scenarios.map((result) => book.verdictOf(run, result)));
  return (['fail', 'error', 'waived', 'pass'] as const).find((verdict) => counts[verdict] > 0) ?? 'unseen';
}

/** Scenarios can fail without a judge finding a rule broken: a step did not hold. The two are said apart. */
function outcomeSentence(book: Book, run: RunResult): Html {
  const isMain = run === book.run;
  const counts = tally(run.scenarios.map((result) => book.verdictOf(run, result)));
  const broken = run.rules.filter(({ brokenIn }) => brokenIn.length > 0).map(({ rule }) => book.ruleVerdict(run, rule));
  const waived = broken.filter((verdict) => verdict === 'waived').length;
  const found = [
    ...(broken.length === 0 ? ['no rule was found broken'] : []),
    ...(outcomeKey(book, run) === 'unseen' ? ['and none was seen to be kept'] : []),
    ...(broken.length > waived ? [`${plural(broken.length - waived, 'rule')} found broken`] : []),
    ...(waived > 0 ? [`${plural(waived, 'rule')} broken and waived`] : []),
    ...(counts.fail > 0 ? [`${plural(counts.fail, 'scenario')} failed`] : []),
  ].join(', ');
  return html`<b>${run.driver}</b> on the ${run.adapter}:
    ${counts.fail + counts.waived === 0 ? found : html`<a href="#failures">${found}</a>`}${
      counts.waived > 0 && html`, <a href="#waivers">${plural(counts.waived, 'scenario')} failed and are waived</a>`
    }.${
      isMain &&
      counts.error > 0 &&
      html` <a href="#gaps">${plural(counts.error, 'scenario')} could not be judged</a>: the kit or its adapter broke.`
    }${share(run)}`;
}

/** What a part shows is not what the whole run would. */
function share({ part, scenarios }: RunResult): Html | false {
  if (!part) return false;
  return html` This is shard ${part.index} of ${part.of}, with ${scenarios.length} of ${plural(part.total, 'scenario')},
    and says nothing about the whole: <code>lwf merge</code> joins the shards.`;
}

function proof({ matrix }: Book): Html {
  if (!matrix) return html`<p>This run made no kill matrix: it does not say whether each rule can fail.</p>`;
  const { rules, proven, drivers, referenceTrips, unexplained } = summariseMatrix(matrix);
  const sound = matrix.problems.length === 0;
  return html`<p>
    <b><a href="#matrix">${proven.length} of ${rules} core rules proven</a></b
    >: a driver that breaks the rule on purpose, one of ${drivers}, is caught by it. The reference filter trips
    ${plural(referenceTrips.length, 'judge')}; ${plural(unexplained.length, 'unexplained kill')}.
    ${!sound && html`<span class="fail"><span aria-hidden="true">✗</span> ${plural(matrix.problems.length, 'problem')} of the matrix.</span>`}
  </p>`;
}

/** In two columns with the verdict: both are what one comes for. */
function questions(book: Book): Html | false {
  const features = questionFeatures(book);
  return (
    features.length > 0 &&
    html`<nav class="ways" aria-labelledby="ways-title">
      <h2 id="ways-title">Questions people bring</h2>
      <ul>
        ${features.map(
          (feature) =>
            html`<li>
              <a href="#${featureAnchor(feature.uri)}">${feature.name}</a> ${badges(questionVerdicts(book, feature))}
            </li>`,
        )}
      </ul>
    </nav>`
  );
}
