/** What the page and the summary of a statement share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Statement, StatementVerdict } from '../../conformance/statement';
import { STATEMENT_VERDICTS } from '../../conformance/statement';
import type { Catalogue } from '../catalogue';
import { html, trusted, type Html } from '../html';
import { PAGE_COLOURS } from '../page/colours';
import { plural } from '../plural';
import { VERDICTS } from '../verdicts';

/** The part of the catalogue that is shown. */
export type StatementCatalogue = Pick<Catalogue, 'rules' | 'areas'>;

const WAIVED = { glyph: '≈', key: 'waived' };

/** @returns sign and CSS class of a verdict */
export function looksOf(verdict: StatementVerdict): { readonly glyph: string; readonly key: string } {
  return verdict === 'waived' ? WAIVED : VERDICTS[verdict];
}

export function verdictBadge(verdict: StatementVerdict): Html {
  const { glyph, key } = looksOf(verdict);
  return html`<span class="badge ${key}"><span aria-hidden="true">${glyph}</span> ${verdict}</span>`;
}

/** CSS class of an outcome. */
export const OUTCOME_KEY: Readonly<Record<Outcome, string>> = {
  conforms: 'pass',
  'conforms with waivers': 'waived',
  'could not judge': 'error',
  incomplete: 'error',
  violations: 'fail',
};

/** @returns what the outcome means, in one or two sentences; nothing that was not seen is called kept */
export function outcomeSentence({ outcome, totals, part, missing = [] }: Statement): string {
  const { rules } = totals;
  const seen = `${plural(rules.pass, 'rule')} kept; ${rules['not observed']} not observed, ${rules['not applicable']} not applicable, ${rules['not specified']} without a scenario yet.`;
  switch (outcome) {
    case 'conforms':
      return `No rule was found broken: ${seen}`;
    case 'conforms with waivers':
      return `All that was found broken is known and waived: ${plural(rules.waived, 'rule')} waived, ${seen}`;
    case 'violations':
      return rules.fail === 0
        ? `Scenarios failed that stand under no rule: ${seen}`
        : `${plural(rules.fail, 'rule')} broken: ${seen}`;
    case 'could not judge':
      return `The driver could not be judged: ${rules.error === 0 ? 'nothing decides' : `${plural(rules.error, 'rule')} ended in an error of the kit or its adapter`}; ${seen}`;
    case 'incomplete':
      return part
        ? `This is part ${part.index} of ${part.of} of a run, and says nothing about the whole.`
        : `The run was not finished: ${plural(missing.length, 'scenario')} missing.`;
  }
}

/** One row a kind of thing counted; kinds of verdict are never added up. */
export function totalsTable({ totals }: Statement): Html {
  const row = (name: string, counts: Readonly<Partial<Record<StatementVerdict, number>>>): Html => {
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return html`<tr>
      <th scope="row">${plural(all, name)}</th>
      ${STATEMENT_VERDICTS.map((verdict) => {
        const count = counts[verdict];
        if (count === undefined) return html`<td class="zero">–</td>`;
        return html`<td class="${count === 0 ? 'zero' : looksOf(verdict).key}">${count}</td>`;
      })}
    </tr>`;
  };
  return html`<table class="totals">
    <thead>
      <tr>
        <td></td>
        ${STATEMENT_VERDICTS.map(
          (verdict) =>
            html`<th scope="col" class="${looksOf(verdict).key}">
              <span aria-hidden="true">${looksOf(verdict).glyph}</span> ${verdict}
            </th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${row('rule', totals.rules)} ${row('scenario', totals.scenarios)}
    </tbody>
  </table>`;
}

const OBSERVATION: Readonly<Record<string, string>> = {
  'black-box': 'module states, frames and crashes only',
  'white-box': 'every crossing of the driver',
  memory: 'every crossing of the driver and every access to memory',
};

/** @returns how much the adapter sees, in words */
export function observationText({ identity }: Statement): string {
  const { observation } = identity.adapter;
  const seen = OBSERVATION[observation];
  return seen === undefined ? observation : `${observation} (${seen})`;
}

/** @returns what was chosen from the specification */
export function selectionText({ identity }: Statement): string {
  const { tags, rules = [], areas = [], paths = [] } = identity.selection;
  const parts = [
    ...(tags === undefined ? [] : [`tags ${tags}`]),
    ...(rules.length > 0 ? [`rules ${rules.join(', ')}`] : []),
    ...(areas.length > 0 ? [`areas ${areas.join(', ')}`] : []),
    ...(paths.length > 0 ? [paths.join(', ')] : []),
  ];
  return parts.length === 0 ? 'the whole specification' : parts.join('; ');
}

/** A day and a time for people, from ISO 8601. */
export function timeText(iso: string): string {
  return iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}

/** A page of its own: nothing may run in it, and nothing may be fetched. */
export function page(title: string, css: string, body: Html): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const style = PAGE_COLOURS + COLOURS + readFileSync(join(__dirname, css), 'utf8');
  const markup = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      ${trusted(`<style>${style}</style>`)}
    </head>
    <body>
      ${body}
    </body>
  </html>`.markup;
  return `<!doctype html>\n${markup}\n`;
}

const COLOURS = ['pass', 'fail', 'waived', 'na', 'unseen', 'error', 'unspecified']
  .map((key) => `.${key}{color:var(--${key === 'waived' ? 'witness' : key})}`)
  .join('');
