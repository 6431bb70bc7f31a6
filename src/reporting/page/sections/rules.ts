/** The catalogue, area by area: each rule with where it comes from, what it costs to break it, its scenarios and verdicts. */
import { DRIVER_CAPABILITIES } from '../../../../adapters/contract';
import type { RunResult } from '../../../conformance/results';
import type { Rule, Strength } from '../../../rules/rule';
import { rulesByArea } from '../../catalogue';
import { badge } from '../../markup/badge';
import { facts } from '../../markup/facts';
import { html, type Html } from '../../markup/html';
import { cellOf } from '../../matrix/cells';
import type { ShownVerdict } from '../../verdicts';
import { answerText } from '../../waived';
import { driverAnchor, type Book } from '../book';
import { badgesOfRuns, linked, prose, ruleLink, scenarioLink, sourceLinks } from '../parts';
import { scenarioPart } from './scenario';
import { plural } from '../../plural';

const STRENGTH: Readonly<Record<Strength, string>> = {
  must: 'must: the documentation requires or forbids it',
  'must-by-consequence': 'must: worded as "should", but ignoring it loses an object or blocks another driver',
  should: 'should: recommended',
  permission: 'permission: the documentation allows it',
  inferred: 'inferred: it follows from documented facts and is written down nowhere',
  field: 'field: known from samples, articles and issue threads only',
};

const SEEN_BY = {
  'black-box': 'any adapter, also a black box',
  'white-box': 'adapters that see every crossing',
  memory: 'adapters that see accesses to memory',
} as const;

export function rulesSection(book: Book): Html {
  return html`<section id="rules" aria-labelledby="rules-title">
    <h2 id="rules-title">Rules</h2>
    <p class="tools">
      <button type="button" class="expand" data-expand="#rules details.rule">Open all rules</button>
      <button type="button" class="expand" data-collapse="#rules details">Close all</button>
    </p>
    ${rulesByArea(book.catalogue).map(
      ({ area, title, rules }) =>
        html`<section class="area" id="area-${area}" aria-labelledby="area-${area}-title">
          <h3 id="area-${area}-title">
            ${title} <span class="quiet">${plural(rules.length, 'rule')}</span>
            <span class="verdicts"
              >${badgesOfRuns(book, (run) => rules.map(({ id }) => verdictOn(book, run, id)))}</span
            >
          </h3>
          ${rules.map((rule) => rulePart(book, rule))}
        </section>`,
    )}
  </section>`;
}

function verdictOn(book: Book, run: RunResult, rule: string): ShownVerdict {
  return book.ruleVerdict(run, rule);
}

function rulePart(book: Book, rule: Rule): Html {
  const result = book.ruleResult(book.run, rule.id);
  const written = book.writtenRules(rule.id);
  return html`<details class="rule" id="rule-${rule.id}" data-search="rule">
    <summary>
      <span class="rid">${rule.id}</span>
      <span class="label">${rule.statement}</span>
      <span class="verdicts"
        >${(rule.disputes?.length ?? 0) > 0 && html`<span class="tag" title="the documentation contradicts itself or leaves it open">disputed</span>`}<span
          class="tag"
          >${rule.profile}</span
        >${badgesOfRuns(book, (run) => [verdictOn(book, run, rule.id)])}</span
      >
    </summary>
    <div class="body">
      ${facts([
        [
          'Strength',
          rule.strengthNote === undefined
            ? STRENGTH[rule.strength]
            : `${STRENGTH[rule.strength]} (${rule.strengthNote})`,
        ],
        ['Applies to', rule.appliesTo],
        ['Statuses', rule.statuses],
        ['If broken', rule.consequence],
        ['Verifier', rule.verifier ?? 'no rule of Driver Verifier or SDV is documented'],
        ['Reading taken', rule.reading !== undefined && linked(book, rule.reading)],
        ['Disputed', disputes(book, rule)],
        ['Decided by', SEEN_BY[rule.observation]],
        ['Needs', rule.needs && rule.needs.length > 0 && rule.needs.map(needText).join('; ')],
        ['Sources', sourceLinks(rule.sources)],
        [
          'Breaks with it',
          rule.umbrellaOf &&
            rule.umbrellaOf.length > 0 &&
            html`broken whenever ${rule.umbrellaOf.map((id, i) => html`${i > 0 && ', '}${ruleLink(book, id)}`)} is`,
        ],
        ['Verdict', verdicts(book, rule)],
        ['Waived', waivedBy(book, rule.id)],
        ['Exercised', result && exercised(result.exercised, result.scenarios.length)],
        [
          'Broken in',
          result &&
            result.brokenIn.length > 0 &&
            html`<ul class="plain">
              ${result.brokenIn.map((id) => html`<li>${scenarioLink(book, id)}</li>`)}
            </ul>`,
        ],
        ['Proven by', provenBy(book, rule)],
      ])}
      ${written.length === 0 && html`<p class="quiet">No scenario stands under this rule yet.</p>`}
      ${written.map(
        ({ rule: block }) =>
          html`<h4>${block.name}</h4>
            ${prose(book, block.description)} ${block.scenarios.map((scenario) => scenarioPart(book, scenario))}`,
      )}
    </div>
  </details>`;
}

function needText(need: string): string {
  return (DRIVER_CAPABILITIES as Readonly<Record<string, string>>)[need] ?? need;
}

function disputes(book: Book, rule: Rule): Html | false {
  const found = book.catalogue.disputes.filter(({ id }) => rule.disputes?.includes(id) === true);
  return (
    found.length > 0 &&
    html`<ul class="plain">
      ${found.map(
        ({ id, subject, reading }) =>
          html`<li><a href="#dispute-${id}">${id}</a> ${subject}: <b>reading taken:</b> ${reading}</li>`,
      )}
    </ul>`
  );
}

function verdicts(book: Book, rule: Rule): Html {
  return html`<ul class="drivers">
    ${book.runs.map((run) => {
      const result = book.ruleResult(run, rule.id);
      return html`<li>
        ${run.driver} on ${run.adapter}:
        ${badge(verdictOn(book, run, rule.id))}${result?.reason !== undefined && html` <span class="quiet">${linked(book, result.reason)}</span>`}
      </li>`;
    })}
  </ul>`;
}

/** Who answers for it, until when. */
function waivedBy({ waivers }: Book, rule: string): Html | false {
  const found = waivers?.waivedBy(rule).flatMap((index) => waivers.entries[index] ?? []) ?? [];
  return (
    found.length > 0 &&
    html`<ul class="plain">
      ${found.map((entry) => html`<li><a href="#waivers">${answerText(entry)}</a></li>`)}
    </ul>`
  );
}

function exercised(times: number, scenarios: number): string {
  if (times === 0) return 'no judge saw a situation in which the driver could have broken it';
  return `put to the test ${times === 1 ? 'once' : `${times} times`}; ${plural(scenarios, 'scenario')} of its own`;
}

function provenBy({ matrix }: Book, rule: Rule): Html | string | false {
  if (!matrix) return false;
  const own = matrix.rows.filter((row) => row.breaks === rule.id);
  if (own.length === 0)
    return matrix.rules.includes(rule.id) ? 'nothing: no defective driver breaks it on purpose' : false;
  return html`<ul class="plain">
    ${own.map(
      ({ driver, ...row }) =>
        html`<li>
          <a href="#${driverAnchor(driver)}">${driver}</a
          >${cellOf({ driver, ...row }, rule.id) === 'missed' && html` <span class="badge fail">✗ not caught</span>`}
        </li>`,
    )}
  </ul>`;
}
