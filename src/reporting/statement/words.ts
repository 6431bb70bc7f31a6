/** What the page and the summary of a statement say in the same words. */
import type { Outcome, Statement } from '../../conformance/statement';
import type { Catalogue } from '../catalogue';
import type { TotalsRow } from '../markup/totals';
import { plural } from '../plural';

/** The part of the catalogue that is shown. */
export type StatementCatalogue = Pick<Catalogue, 'rules' | 'areas'>;

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
  const waived = rules.waived > 0 ? `, ${plural(rules.waived, 'rule')} broken and waived` : '';
  switch (outcome) {
    case 'conforms':
      return `No rule was found broken: ${seen}`;
    case 'conforms with waivers':
      return `All that was found broken is known and waived: ${plural(rules.waived, 'rule')} waived; ${seen}`;
    case 'violations':
      return rules.fail === 0
        ? `Scenarios failed that stand under no rule${waived}; ${seen}`
        : `${plural(rules.fail, 'rule')} broken${waived}; ${seen}`;
    case 'could not judge':
      return `The driver could not be judged: ${rules.error === 0 ? 'nothing decides' : `${plural(rules.error, 'rule')} ended in an error of the kit or its adapter`}; ${seen}`;
    case 'incomplete':
      return part
        ? `This is part ${part.index} of ${part.of} of a run, and says nothing about the whole.`
        : `The run was not finished: ${plural(missing.length, 'scenario')} missing.`;
  }
}

/** @returns what is counted, a row a kind of thing */
export function countedRows({ totals }: Statement): TotalsRow[] {
  const row = (noun: string, counts: TotalsRow['counts']): TotalsRow => ({
    name: plural(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      noun,
    ),
    counts,
  });
  return [row('rule', totals.rules), row('scenario', totals.scenarios)];
}

/** @returns the file that was run, or which driver of the kit */
export function driverText({ identity: { driver, machine } }: Statement): string {
  const file = driver.image ?? driver.module;
  if (file) return `${file.file}, ${plural(file.size, 'byte')}`;
  if (machine) return `${driver.name}, as it is installed on ${machine.name}; its image was not found there`;
  return `${driver.name}, ${driver.kind === 'adapter' ? 'which the adapter brings along' : 'a driver of the kit'}`;
}

export function environmentText({ environment: { platform, arch, node } }: Statement): string {
  return `${platform} ${arch}, Node ${node}`;
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
