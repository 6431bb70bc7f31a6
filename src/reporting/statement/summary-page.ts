/** The statement on one printable A4 page: what a decision needs, and where the rest is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHOWN_VERDICTS, type ShownVerdict } from '../../conformance/results';
import type { Statement, StatementRule } from '../../conformance/statement';
import { rulesByArea } from '../catalogue';
import { badge } from '../markup/badge';
import { page } from '../markup/document';
import { facts } from '../markup/facts';
import { html, type Html } from '../markup/html';
import { totals } from '../markup/totals';
import { buildText, machineText } from '../machine-words';
import { observationText } from '../observation';
import { plural } from '../plural';
import { VERDICTS } from '../verdicts';
import {
  countedRows,
  driverText,
  environmentText,
  OUTCOME_KEY,
  outcomeSentence,
  selectionText,
  timeText,
  type StatementCatalogue,
} from './words';

/** What one page has room for. */
const SHOWN_RULES = 10;
const SHOWN_RULES_BESIDE_WAIVERS = 5;
const SHOWN_WAIVERS = 3;

/** @returns the page as text; the same statement gives the same bytes */
export function renderStatementSummary(statement: Statement, catalogue: StatementCatalogue): string {
  const { identity, outcome } = statement;
  return page(
    {
      title: `${identity.driver.name}: conformance summary`,
      css: readFileSync(join(__dirname, 'summary-page.css'), 'utf8'),
    },
    html`<main class="sheet">
      <header>
        <p>Conformance statement, summary · NDIS 6.x lightweight filter drivers</p>
        <h1>${identity.driver.name}</h1>
      </header>
      <p class="outcome ${OUTCOME_KEY[outcome]}"><b>${outcome}</b> <span>${outcomeSentence(statement)}</span></p>
      ${totals(SHOWN_VERDICTS, countedRows(statement))} ${whatWasRun(statement)} ${areas(statement, catalogue)}
      ${broken(statement, catalogue)} ${waivers(statement)} ${foot(statement)}
    </main>`,
  );
}

function whatWasRun(statement: Statement): Html {
  const { identity, time } = statement;
  const { driver, profile, adapter, machine, specification } = identity;
  const file = driver.image ?? driver.module;
  const { FileVersion, CompanyName } = driver.image?.version ?? {};
  const version = [FileVersion, CompanyName].filter((text) => text !== undefined).join(', ');
  return html`<div class="short">
      ${facts([
        ['Driver', driverText(statement)],
        ['Version', version === '' ? 'none given' : version],
        ['Adapter', `${adapter.name}${adapter.engine === undefined ? '' : `, ${adapter.engine}`}`],
        ['Machine', machine && machineText(machine)],
        ['Build of the driver', machine && buildText(machine)],
        ['Sees', observationText(adapter.observation)],
        ['Profile of rules', identity.conformance],
        ['Selection', selectionText(statement)],
        ['Kit, specification', `${identity.kit}, ${specification.version} (${specification.sha256.slice(0, 12)}…)`],
        ['Seed', identity.seed],
        ['Environment', environmentText(statement)],
        ['Run ended', timeText(time.finished)],
      ])}
    </div>
    ${facts([
      ['Driver SHA-256', file && html`<code>${file.sha256}</code>`],
      ['Profile SHA-256', profile && html`<code>${profile.sha256}</code>`],
    ])}`;
}

function areas({ rules }: Statement, catalogue: StatementCatalogue): Html {
  const results = new Map(rules.map((rule) => [rule.rule, rule]));
  const rows = rulesByArea(catalogue).map(({ title, rules: ofArea }) => ({
    title,
    verdicts: ofArea.flatMap(({ id }) => results.get(id)?.verdict ?? []),
  }));
  const half = Math.ceil(rows.length / 2);
  return html`<div class="areas">${[rows.slice(0, half), rows.slice(half)].map(areaTable)}</div>`;
}

function areaTable(rows: readonly { readonly title: string; readonly verdicts: readonly ShownVerdict[] }[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Rules of</th>
        ${SHOWN_VERDICTS.map(
          (verdict) =>
            html`<th scope="col" class="${VERDICTS[verdict].key}" title="${verdict}">${VERDICTS[verdict].glyph}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ title, verdicts }) =>
          html`<tr>
            <th scope="row">${title}</th>
            ${SHOWN_VERDICTS.map((kind) => {
              const count = verdicts.filter((verdict) => verdict === kind).length;
              return count === 0
                ? html`<td class="zero">·</td>`
                : html`<td class="${VERDICTS[kind].key}">${count}</td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function broken({ rules, waivers: applied }: Statement, catalogue: StatementCatalogue): Html {
  // What is not waived comes first.
  const found = (['fail', 'error', 'waived'] as const).flatMap((kind) =>
    rules.filter(({ verdict }) => verdict === kind),
  );
  const shown = found.slice(0, applied ? SHOWN_RULES_BESIDE_WAIVERS : SHOWN_RULES);
  return html`<section>
    <h2>What is broken${remainder(shown.length, found.length)}</h2>
    ${found.length === 0 && html`<p>No rule was found broken.</p>`}
    <ul>
      ${shown.map((rule) => brokenRule(rule, catalogue))}
    </ul>
  </section>`;
}

/** In the heading, which is never cut off. */
function remainder(shown: number, all: number): Html | false {
  return shown < all && html`<small> ${shown} of ${all}; the others are in statement.html</small>`;
}

function brokenRule({ rule, verdict, violations, unlisted = 0 }: StatementRule, catalogue: StatementCatalogue): Html {
  const times = violations.length + unlisted;
  const says = catalogue.rules.find(({ id }) => id === rule)?.statement ?? '';
  return html`<li>
    <b>${rule}</b> ${badge(verdict)} ${times > 0 && html`<span class="quiet">${times}×</span>`} ${says}
  </li>`;
}

function waivers({ waivers: applied }: Statement): Html | false {
  if (!applied) return false;
  const { file, on, entries } = applied;
  const shown = entries.slice(0, SHOWN_WAIVERS);
  return html`<section>
    <h2>Waivers${remainder(shown.length, entries.length)}</h2>
    <p class="quiet">${file.file}, SHA-256 ${file.sha256.slice(0, 16)}…, as of ${on}</p>
    <ul>
      ${shown.map(
        ({ rule, state, owner, expires, reason }) =>
          html`<li><b>${rule}</b> ${state}, ${owner}, until ${expires}: ${reason}</li>`,
      )}
    </ul>
  </section>`;
}

function foot({ reproduce, digest, scenarios }: Statement): Html {
  return html`<footer>
    <p>
      The evidence is ${plural(scenarios.length, 'trace')} beside statement.json, which has this digest:
      <code>${digest}</code>
    </p>
    <p class="command">Made again by: <code>${reproduce}</code></p>
    <p>Checked by: <code>lwf verify statement.json --rerun all</code></p>
    <div class="sign"><span>Name</span><span>Date</span><span>Signature</span></div>
  </footer>`;
}
