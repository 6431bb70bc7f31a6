/** The statement as a page: all that `statement.json` says, for whoever reads it without a program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHOWN_VERDICTS } from '../../conformance/results';
import type { Statement, StatementRule, StatementScenario } from '../../conformance/statement';
import { rulesByArea } from '../catalogue';
import { badge } from '../markup/badge';
import { page } from '../markup/document';
import { facts } from '../markup/facts';
import { html, type Html } from '../markup/html';
import { table } from '../markup/table';
import { totals } from '../markup/totals';
import { webLink } from '../markup/web-link';
import { bootsText, buildText, machineText } from '../machine-words';
import { observationText } from '../observation';
import { plural } from '../plural';
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

/** Violations of one rule that are shown; statement.json lists more. */
const SHOWN = 10;

/** @returns the page as text; the same statement gives the same bytes */
export function renderStatement(statement: Statement, catalogue: StatementCatalogue): string {
  const { identity, outcome } = statement;
  return page(
    {
      title: `${identity.driver.name}: conformance statement`,
      css: readFileSync(join(__dirname, 'statement-page.css'), 'utf8'),
    },
    html`<main>
      <p class="kind">Conformance statement · NDIS 6.x lightweight filter drivers</p>
      <h1>${identity.driver.name}</h1>
      <p class="outcome ${OUTCOME_KEY[outcome]}"><b>${outcome}</b> ${outcomeSentence(statement)}</p>
      <div class="scroll" tabindex="0" role="group" aria-label="Totals">
        ${totals(SHOWN_VERDICTS, countedRows(statement))}
      </div>
      ${factsSection(statement)} ${brokenSection(statement, catalogue)} ${waiversSection(statement)}
      ${rulesSection(statement, catalogue)} ${scenariosSection(statement)} ${checkSection(statement)}
    </main>`,
  );
}

function factsSection(statement: Statement): Html {
  const { identity, time, part, missing } = statement;
  const { driver, profile, adapter, machine, specification } = identity;
  const file = driver.image ?? driver.module;
  return html`<section aria-labelledby="what">
    <h2 id="what">What was run</h2>
    ${facts([
      ['Driver', driverText(statement)],
      ['Driver SHA-256', file && html`<code>${file.sha256}</code>`],
      ...Object.entries(driver.image?.version ?? {}),
      [
        'Profile',
        profile && html`${profile.file}, ${plural(profile.size, 'byte')}, SHA-256 <code>${profile.sha256}</code>`,
      ],
      ['Adapter', `${adapter.name}${adapter.engine === undefined ? '' : `, engine ${adapter.engine}`}`],
      ['Machine', machine && machineText(machine)],
      ['Starts of the machine', machine && bootsText(statement.scenarios.map(({ boot }) => boot))],
      ['Build of the driver', machine && buildText(machine)],
      ['Sees', observationText(adapter.observation)],
      ['Adapter can', adapter.capabilities.join(', ')],
      ['Conformance profile', identity.conformance],
      ['Selection', selectionText(statement)],
      ['Part', part && `${part.index} of ${part.of}`],
      ['Missing', missing && plural(missing.length, 'scenario')],
      ['Seed', identity.seed],
      ['Kit', identity.kit],
      ['Specification', html`${specification.version}, SHA-256 <code>${specification.sha256}</code>`],
      ['Environment', environmentText(statement)],
      ['Time', `${timeText(time.started)} to ${timeText(time.finished)}`],
    ])}
  </section>`;
}

function brokenSection({ rules, scenarios }: Statement, catalogue: StatementCatalogue): Html {
  const broken = rules.filter(({ verdict }) => verdict === 'fail' || verdict === 'waived' || verdict === 'error');
  return html`<section aria-labelledby="broken">
    <h2 id="broken">What is broken</h2>
    ${broken.length === 0 && html`<p>No rule was found broken.</p>`}
    ${broken.map((rule) => brokenRule(rule, scenarios, catalogue))}
  </section>`;
}

function brokenRule(
  { rule, verdict, reason, violations, unlisted = 0, waivedBy }: StatementRule,
  scenarios: readonly StatementScenario[],
  catalogue: StatementCatalogue,
): Html {
  const counted = violations.filter(({ reading }) => reading === 'default');
  const shown = (counted.length > 0 ? counted : violations).slice(0, SHOWN);
  const more = violations.length - shown.length + unlisted;
  return html`<article id="broken-${rule}">
    <h3><a href="#rule-${rule}">${rule}</a> ${badge(verdict)}</h3>
    <p>${catalogue.rules.find(({ id }) => id === rule)?.statement}</p>
    ${
      waivedBy &&
      html`<p>
        Waived by
        ${waivedBy.map((index, at) => html`${at > 0 && ', '}<a href="#waiver-${index}">waiver ${index + 1}</a>`)}.
      </p>`
    }
    ${shown.length === 0 && reason !== undefined && html`<p>${reason}</p>`}
    ${
      shown.length > 0 &&
      table(
        { label: `Violations of ${rule}`, heads: ['Crossing', 'What happened', 'Scenario', 'Trace'] },
        shown.map(
          ({ at, witnesses, message, scenario, trace, reading }) =>
            html`<tr>
              <td>#${at}</td>
              <td>
                ${message}
                <span class="quiet"
                  >Proven by
                  ${witnesses.map((seq) => `#${seq}`).join(', ')}.${reading === 'strict' && ' Strict reading.'}</span
                >
              </td>
              <td><a href="#scenario-${scenarios.findIndex(({ id }) => id === scenario)}">${scenario}</a></td>
              <td><a href="${address(trace)}">trace</a></td>
            </tr>`,
        ),
      )
    }
    ${more > 0 && html`<p class="quiet">${more} more in the traces.</p>`}
  </article>`;
}

function waiversSection({ waivers }: Statement): Html | false {
  if (!waivers) return false;
  const { file, on, entries } = waivers;
  return html`<section aria-labelledby="waivers">
    <h2 id="waivers">Waivers</h2>
    <p>
      ${file.file}, SHA-256 <code>${file.sha256}</code>, held against this run as of ${on}. A waived rule is broken, and
      never counted as kept.
    </p>
    ${table(
      { label: 'Waivers', look: 'waivers', heads: ['No.', 'Rule', 'State', 'Reason', 'Owner', 'Expires'] },
      entries.map(
        ({ rule, state, explanation, reason, owner, link, expires, scenario, versions }, index) =>
          html`<tr id="waiver-${index}">
            <td>${index + 1}</td>
            <td>
              <span class="word">${rule}</span
              >${scenario !== undefined && html`<br />only ${scenario}`}${versions !== undefined && html`<br />versions ${versions}`}
            </td>
            <td>${state}<br /><span class="quiet">${explanation}</span></td>
            <td>${reason}<br />${webLink(link)}</td>
            <td>${owner}</td>
            <td class="word">${expires}</td>
          </tr>`,
      ),
    )}
  </section>`;
}

function rulesSection({ rules }: Statement, catalogue: StatementCatalogue): Html {
  const results = new Map(rules.map((rule) => [rule.rule, rule]));
  return html`<section aria-labelledby="rules">
    <h2 id="rules">All rules</h2>
    ${rulesByArea(catalogue).map(
      ({ title, rules: ofArea }) =>
        html`<h3>${title}</h3>
          ${table(
            {
              label: title,
              look: 'rules',
              heads: ['Rule', 'Verdict', 'What it says', { number: 'Tested' }, { number: 'Scenarios' }],
            },
            ofArea.map(({ id, statement: says }) => ruleRow(id, says, results.get(id))),
          )}`,
    )}
  </section>`;
}

function ruleRow(id: string, says: string, result: StatementRule | undefined): Html | false {
  if (!result) return false;
  const { verdict, reason, exercised, scenarios } = result;
  const explained = reason !== undefined && verdict !== 'not specified';
  return html`<tr id="rule-${id}">
    <th scope="row">${id}</th>
    <td>${badge(verdict)}</td>
    <td>${says}${explained && html`<br /><span class="quiet">${reason}</span>`}</td>
    <td class="number">${exercised}×</td>
    <td class="number">${scenarios.length}</td>
  </tr>`;
}

function scenariosSection({ scenarios }: Statement): Html {
  return html`<section aria-labelledby="scenarios">
    <h2 id="scenarios">Scenarios and their evidence</h2>
    <p>
      Each trace is a file beside this page. Its SHA-256 stands in <code>statement.json</code>; here are the first 16
      digits.
    </p>
    ${table(
      { label: 'Scenarios', look: 'scenarios', heads: ['Verdict', 'Scenario', { number: 'Crossings' }, 'Trace'] },
      scenarios.map(scenarioRow),
    )}
  </section>`;
}

function scenarioRow({ id, name, verdict, reason, trace, replay }: StatementScenario, index: number): Html {
  const isToSeeAgain = verdict === 'fail' || verdict === 'error';
  return html`<tr id="scenario-${index}">
    <td>${badge(verdict)}</td>
    <td>
      ${name}<br /><span class="quiet">${id}${reason !== undefined && html`: ${reason}`}</span>
      ${
        isToSeeAgain &&
        html`<details>
          <summary class="quiet">Play it again</summary>
          <code>npx lwf replay ${replay}</code>
        </details>`
      }
    </td>
    <td class="number">${trace.crossings}</td>
    <td>
      <a href="${address(trace.file)}"><code>${trace.sha256.slice(0, 16)}</code></a>
    </td>
  </tr>`;
}

function checkSection({ reproduce, digest, identity }: Statement): Html {
  const files = [identity.driver.image ?? identity.driver.module, identity.profile];
  const [driver, profile] = files.map((file) => file?.file);
  const given = `${driver === undefined ? '' : ` --driver ${driver}`}${profile === undefined ? '' : ` --profile ${profile}`}`;
  return html`<section aria-labelledby="check">
    <h2 id="check">How to check it</h2>
    <p>Whoever doubts it needs this folder, the driver and its profile:</p>
    <pre>npx --package ndis-lwf-spec@${identity.kit} lwf verify statement.json${given} --rerun all</pre>
    <p>The run can be made again, byte for byte but for the time:</p>
    <pre>${reproduce}</pre>
    <p>Digest of <code>statement.json</code>: <code>${digest}</code></p>
  </section>`;
}

/** Names of folders may hold what means something in an address. */
function address(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
