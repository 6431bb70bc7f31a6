/** The statement on one printable A4 page: what a decision needs, and where the rest is. */
import {
  STATEMENT_VERDICTS,
  type Statement,
  type StatementRule,
  type StatementVerdict,
} from '../../conformance/statement';
import { rulesByArea } from '../catalogue';
import { html, type Content, type Html } from '../html';
import { plural } from '../plural';
import {
  looksOf,
  observationText,
  OUTCOME_KEY,
  outcomeSentence,
  page,
  selectionText,
  timeText,
  totalsTable,
  verdictBadge,
  type StatementCatalogue,
} from './parts';

/** What one page has room for. */
const SHOWN_RULES = 10;
const SHOWN_RULES_BESIDE_WAIVERS = 5;
const SHOWN_WAIVERS = 3;

/** @returns the page as text; the same statement gives the same bytes */
export function renderStatementSummary(statement: Statement, catalogue: StatementCatalogue): string {
  const { identity, outcome } = statement;
  return page(
    `${identity.driver.name}: conformance summary`,
    'summary-page.css',
    html`<main class="sheet">
      <header>
        <p>Conformance statement, summary · NDIS 6.x lightweight filter drivers</p>
        <h1>${identity.driver.name}</h1>
      </header>
      <p class="outcome ${OUTCOME_KEY[outcome]}"><b>${outcome}</b> <span>${outcomeSentence(statement)}</span></p>
      ${totalsTable(statement)} ${facts(statement)} ${areas(statement, catalogue)} ${broken(statement, catalogue)}
      ${waivers(statement)} ${foot(statement)}
    </main>`,
  );
}

function facts(statement: Statement): Html {
  const { identity, environment, time } = statement;
  const { driver, profile, adapter, specification } = identity;
  const file = driver.image ?? driver.module;
  const { FileVersion, CompanyName } = driver.image?.version ?? {};
  const version = [FileVersion, CompanyName].filter((text) => text !== undefined).join(', ');
  const pairs: readonly (readonly [string, Content, boolean])[] = [
    ['Driver', file ? `${file.file}, ${plural(file.size, 'byte')}` : `${driver.name}, a driver of the kit`, false],
    ['Version', version === '' ? 'none given' : version, false],
    ...(file ? [['Driver SHA-256', html`<code>${file.sha256}</code>`, true] as const] : []),
    ...(profile ? [['Profile SHA-256', html`<code>${profile.sha256}</code>`, true] as const] : []),
    ['Adapter', `${adapter.name}${adapter.engine === undefined ? '' : `, ${adapter.engine}`}`, false],
    ['Sees', observationText(statement), false],
    ['Profile of rules', identity.conformance, false],
    ['Selection', selectionText(statement), false],
    ['Kit, specification', `${identity.kit}, ${specification.version} (${specification.sha256.slice(0, 12)}…)`, false],
    ['Seed', identity.seed, false],
    ['Environment', `${environment.platform} ${environment.arch}, Node ${environment.node}`, false],
    ['Run ended', timeText(time.finished), false],
  ];
  return html`<dl>
    ${pairs.map(
      ([name, value, wide]) =>
        html`<div class="${wide && 'wide'}">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function areas({ rules }: Statement, catalogue: StatementCatalogue): Html {
  const results = new Map(rules.map((rule) => [rule.rule, rule]));
  const rows = rulesByArea({ ...catalogue, disputes: [], guarantees: [] }).map(({ title, rules: ofArea }) => ({
    title,
    verdicts: ofArea.flatMap(({ id }) => results.get(id)?.verdict ?? []),
  }));
  const half = Math.ceil(rows.length / 2);
  return html`<div class="areas">${[rows.slice(0, half), rows.slice(half)].map(areaTable)}</div>`;
}

function areaTable(rows: readonly { readonly title: string; readonly verdicts: readonly StatementVerdict[] }[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Rules of</th>
        ${STATEMENT_VERDICTS.map(
          (verdict) =>
            html`<th scope="col" class="${looksOf(verdict).key}" title="${verdict}">${looksOf(verdict).glyph}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ title, verdicts }) =>
          html`<tr>
            <th scope="row">${title}</th>
            ${STATEMENT_VERDICTS.map((kind) => {
              const count = verdicts.filter((verdict) => verdict === kind).length;
              return count === 0 ? html`<td class="zero">·</td>` : html`<td class="${looksOf(kind).key}">${count}</td>`;
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
    <b>${rule}</b> ${verdictBadge(verdict)} ${times > 0 && html`<span class="quiet">${times}×</span>`} ${says}
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
