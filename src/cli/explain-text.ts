/** Rules and disputes in a terminal. */
import { registeredDrivers } from '../../adapters/simulator/drivers';
import type { PlayedDefect } from '../conformance/play-defects';
import { signsOf } from '../dump';
import { driversThatBreak, scenariosOfRule } from '../reporting/dump/explained-dump';
import type { WrittenFeature } from '../reporting/features/read-features';
import { wrapped } from '../reporting/terminal/paint';
import { areas, disputes, isRuleId, rule as ruleOf, rules, type Dispute, type Rule, type Source } from '../rules';

/** Scenarios that speak of a rule without being below it, such as the exhibits of a question. */
const MENTIONS = 6;

/**
 * @param played how the drivers that break the rule end, when they were played
 * @returns all that the kit knows of the rule: words, sources, what a machine shows, scenarios, drivers that break it
 */
export function ruleText(
  rule: Rule,
  features: readonly WrittenFeature[],
  played: readonly PlayedDefect[] = [],
): string {
  const parts = [
    `${rule.id}  ${areas[rule.area]}  (${rule.strength}, ${rule.profile} profile)\n`,
    indented(rule.statement),
    paragraph('Strength', rule.strengthNote),
    paragraph('Applies to', rule.appliesTo),
    paragraph('Statuses', rule.statuses),
    paragraph('If it is broken', rule.consequence),
    paragraph('Reading chosen', rule.reading),
    paragraph('Verifier', rule.verifier),
    onARealMachine(rule),
    paragraph('Decided by', `${rule.observation} observation`),
    paragraph('Needs', rule.needs?.join(', ')),
    list('Sources', rule.sources.map(sourceText)),
    list(
      'Disputes',
      disputes
        .filter((dispute) => rule.disputes?.includes(dispute.id))
        .map((dispute) => `${dispute.id} ${dispute.subject}`),
    ),
    list('Scenarios', scenariosOfRule(rule.id, features).map(reference)),
    ...optional('Shown in', exhibitsOf(rule.id, features).map(reference)),
    stories(rule.id, played),
    ...optional('Covered by', umbrellasOf(rule.id)),
  ];
  return parts.join('');
}

/** @returns what a dispute of the documentation is about, which reading was chosen, and for which rules */
export function disputeText(dispute: Dispute): string {
  return [
    `${dispute.id}  ${dispute.subject}\n`,
    indented(dispute.statements),
    paragraph('Reading chosen', dispute.reading),
    list('Sources', dispute.sources.map(sourceText)),
    list(
      'Rules',
      dispute.rules.filter(isRuleId).map((id) => `${id} ${ruleOf(id).statement}`),
    ),
  ].join('');
}

function onARealMachine({ id }: Rule): string {
  const { bugchecks, functions } = signsOf(id);
  const stack =
    functions.length === 0
      ? []
      : [
          `a fault inside ${functions.slice(0, 5).join(', ')}${functions.length > 5 ? ', …' : ''}, with the driver as its caller in the stack`,
        ];
  return optional('In a dump', [...bugchecks, ...stack]).join('');
}

/** How each driver of the kit that breaks the rule does so. */
function stories(id: string, played: readonly PlayedDefect[]): string {
  const names = driversThatBreak(id);
  if (names.length === 0) return '';
  const each = names.map((name) => {
    const end = played.find(({ driver }) => driver === name);
    return `  ${name}\n${indented(registeredDrivers.get(name)?.story ?? '', '    ')}${end ? endText(end) : ''}`;
  });
  const more = played.length > 0 ? '' : '  `--play` shows how each of them is caught, and how it ends.\n';
  return `\nDrivers of the kit that break it\n${each.join('')}${more}`;
}

function endText({ caught }: PlayedDefect): string {
  if (!caught) return indented('Played: no scenario shows it on the simulator.', '    ');
  return [
    `Caught in ${caught.scenario} (${caught.name}): ${caught.message}.`,
    caught.bugcheck === undefined ? 'The modelled system goes on.' : `The modelled system stops: ${caught.bugcheck}`,
  ]
    .map((text) => indented(text, '    '))
    .join('');
}

function exhibitsOf(id: string, features: readonly WrittenFeature[]) {
  return features
    .flatMap(({ scenarios, rules: groups }) => [
      ...scenarios,
      ...groups.filter((group) => group.id !== id).flatMap((group) => group.scenarios),
    ])
    .filter(({ steps }) => steps.some(({ text }) => text.startsWith(`rule ${id} is `)))
    .slice(0, MENTIONS);
}

function umbrellasOf(id: string): string[] {
  return rules.filter(({ umbrellaOf }) => umbrellaOf?.includes(id)).map((rule) => `${rule.id} ${rule.statement}`);
}

function paragraph(title: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : `\n${title}\n${indented(text)}`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return `\n${title}\n  none\n`;
  return `\n${title}\n${items.map((item) => `  ${item}\n`).join('')}`;
}

function optional(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [list(title, items)];
}

function sourceText({ page, url }: Source): string {
  return url ?? page;
}

function reference({
  uri,
  line,
  name,
}: {
  readonly uri: string;
  readonly line: number;
  readonly name: string;
}): string {
  return `${uri}:${line}  ${name}`;
}

function indented(text: string, by = '  '): string {
  return wrapped(text, by)
    .map((line) => `${line}\n`)
    .join('');
}
