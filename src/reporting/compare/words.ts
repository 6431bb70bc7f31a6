/** What a comparison says, in words: the same on the terminal, in Markdown and on the page. */
import type { ChangeKind, ComparedFacts, Comparison, OneSided, RuleChange } from '../../conformance/compare';
import { plural } from '../plural';
import { tallyText } from '../verdicts';

export const CHANGE_TITLES: Readonly<Record<ChangeKind, string>> = {
  'new failure': 'New failures',
  fixed: 'Fixed',
  waived: 'Newly waived',
  applicability: 'Changed applicability',
  observation: 'Changed observation',
  error: 'Changed errors of the kit',
  failures: 'Failing as before, elsewhere or more or less often',
  counts: 'Put to the test more or less often',
};

/** @returns `reference.sys 1.2.0.0 on emulator (jit), seed 1, specification 1.0.0, kit 0.1.0` */
export function factsText(facts: ComparedFacts): string {
  const { driver, driverVersion, adapter, engine, seed, specification, kit, selection } = facts;
  const name = driverVersion === undefined ? driver : `${driver} ${driverVersion}`;
  const engineText = engine === undefined ? '' : ` (${engine})`;
  const specified = specification === undefined ? '' : `, specification ${specification.version}`;
  const selected = selection === undefined ? '' : `, only ${selection}`;
  return `${name} on ${adapter}${engineText}, seed ${seed}${specified}, kit ${kit}${selected}`;
}

/** @returns `2 new failures, 1 fixed; 84 rules and 120 scenarios compared` */
export function summarySentence(comparison: Comparison): string {
  const { changes, stories, compared } = comparison;
  const count = (kind: ChangeKind): number => changes.filter((change) => change.kind === kind).length;
  const counts = [
    `${plural(count('new failure'), 'rule')} newly failing`,
    `${count('fixed')} fixed`,
    ...(count('waived') > 0 ? [`${count('waived')} newly waived`] : []),
    ...(count('failures') > 0 ? [`${count('failures')} failing otherwise`] : []),
    ...(stories.length > 0 ? [`${plural(stories.length, 'scenario')} without a rule changed`] : []),
  ];
  return `${counts.join(', ')}; ${plural(compared.rules, 'rule')} and ${plural(compared.scenarios, 'scenario')} compared`;
}

/** @returns what changed for a rule beside its verdict, one sentence each */
export function changeNotes(change: RuleChange): string[] {
  const { kind, old: before, new: now, failsIn, failsNoMoreIn, note } = change;
  const notes = note === undefined ? [] : [note];
  if (kind === 'counts') notes.push(`put to the test ${before.exercised} → ${now.exercised} times`);
  else if (kind !== 'fixed' && before.violations !== now.violations)
    notes.push(`violations ${before.violations} → ${now.violations}`);
  const isFailing = now.verdict === 'fail' || now.verdict === 'waived';
  if (isFailing && failsIn.length > 0) notes.push(`fails now in ${names(failsIn)}`);
  if (isFailing && failsNoMoreIn.length > 0) notes.push(`fails no more in ${names(failsNoMoreIn)}`);
  if (isFailing && kind !== 'failures' && now.firstViolation !== undefined) notes.push(now.firstViolation);
  else if (kind !== 'fixed' && kind !== 'counts' && kind !== 'failures' && now.reason !== undefined)
    notes.push(now.reason);
  return notes;
}

/** More names than these nobody reads in a line. */
const NAMES = 3;

function names(all: readonly string[]): string {
  const shown = all.slice(0, NAMES).map((name) => `"${name}"`);
  return all.length > NAMES ? `${shown.join(', ')} and ${all.length - NAMES} more` : shown.join(', ');
}

/** @returns what only one of the results has, a sentence each */
export function oneSidedTexts({ onlyOld, onlyNew }: Comparison): string[] {
  return [oneSidedText('older', onlyOld), oneSidedText('newer', onlyNew)].flatMap((text) => text ?? []);
}

function oneSidedText(which: 'older' | 'newer', { rules, scenarios }: OneSided): string | undefined {
  if (rules.length + scenarios.length === 0) return undefined;
  const verdicts = tallyText(rules.map(({ verdict }) => verdict));
  const has = [
    ...(rules.length > 0 ? [`${plural(rules.length, 'rule')} (${verdicts})`] : []),
    ...(scenarios.length > 0 ? [plural(scenarios.length, 'scenario')] : []),
  ];
  const failing = rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule);
  const fail = failing.length > 0 ? `; of these ${failing.join(', ')} ${failing.length === 1 ? 'fails' : 'fail'}` : '';
  return `Only the ${which} result has ${has.join(' and ')}${fail}.`;
}

/** @returns lists of waivers that only one of the results has, with a title each; empty ones are left out */
export function waiverLists({ waivers }: Comparison): { readonly title: string; readonly texts: readonly string[] }[] {
  return [
    { title: 'Waivers that appeared', texts: waivers.appeared.map(waiverText) },
    { title: 'Waivers that are gone', texts: waivers.gone.map(waiverText) },
  ].filter(({ texts }) => texts.length > 0);
}

/** @returns `PAU-07 until 2026-12-31 by us: why` */
function waiverText({
  rule,
  scenario,
  versions,
  expires,
  owner,
  reason,
}: Comparison['waivers']['gone'][number]): string {
  const where = scenario === undefined ? '' : ` in ${scenario}`;
  const versionText = versions === undefined ? '' : ` for ${versions}`;
  return `${rule}${where}${versionText} until ${expires} by ${owner}: ${reason}`;
}
