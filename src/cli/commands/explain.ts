import { areas, disputes, isRuleId, rule as ruleOf, rules, type Dispute, type Rule, type Source } from '../../rules';
import { readFeatures, type WrittenFeature, type WrittenScenario } from '../../reporting/features/read-features';
import { CannotJudge } from '../../conformance/cannot-judge';
import { wrapped } from '../../reporting/terminal/paint';
import { columns } from '../columns';
import type { AddCommand } from '../command';
import { featureFiles } from '../feature-files';
import { knownRule } from '../options';

const LOOKS_LIKE_A_RULE = /^@?[A-Za-z]{2,3}-\d+$/;
const LOOKS_LIKE_A_DISPUTE = /^[CU]\d{1,2}$/i;

/** `lwf explain`: what a rule says, where it comes from, and the scenarios that specify it. */
export const addExplain: AddCommand = (program, { terminal }) => {
  program
    .command('explain')
    .description('tell what a rule (PAU-07) or a dispute (C4) is about, or list the rules that mention a text')
    .argument('<rule-or-text...>', 'id of a rule or a dispute, or words to look for')
    .action((words: string[]) => terminal.out(explain(words.join(' ').trim())));
};

function explain(asked: string): string {
  if (LOOKS_LIKE_A_RULE.test(asked)) return ruleText(ruleOf(knownRule(asked)));
  if (LOOKS_LIKE_A_DISPUTE.test(asked)) return disputeText(knownDispute(asked.toUpperCase()));
  const found = rules.filter((rule) => mentions(rule, asked));
  const [only] = found;
  if (!only) {
    throw new CannotJudge(
      `No rule mentions "${asked}". Try a DDI (FilterPause), an area (${rules[0]?.area}) or one word.`,
    );
  }
  if (found.length === 1) return ruleText(only);
  return columns(found.map((rule) => [rule.id, rule.profile, rule.statement]));
}

function mentions(rule: Rule, text: string): boolean {
  const wanted = text.toLowerCase();
  const words = [
    rule.area,
    areas[rule.area],
    rule.statement,
    rule.appliesTo,
    rule.statuses,
    rule.consequence,
    rule.reading,
  ];
  return words.some((each) => each?.toLowerCase().includes(wanted));
}

function knownDispute(id: string): Dispute {
  const found = disputes.find((dispute) => dispute.id === id);
  if (found) return found;
  const [first, last] = [disputes[0]?.id, disputes.at(-1)?.id];
  throw new CannotJudge(
    `There is no dispute ${id}. They run from ${first} to ${last}; a rule's own are shown by \`lwf explain RULE\`.`,
  );
}

function ruleText(rule: Rule): string {
  const parts = [
    `${rule.id}  ${areas[rule.area]}  (${rule.strength}, ${rule.profile} profile)\n`,
    indented(rule.statement),
    paragraph('Strength', rule.strengthNote),
    paragraph('Applies to', rule.appliesTo),
    paragraph('Statuses', rule.statuses),
    paragraph('If it is broken', rule.consequence),
    paragraph('Reading chosen', rule.reading),
    paragraph('Verifier', rule.verifier),
    paragraph('Decided by', `${rule.observation} observation`),
    paragraph('Needs', rule.needs?.join(', ')),
    list('Sources', rule.sources.map(sourceText)),
    list(
      'Disputes',
      disputes
        .filter((dispute) => rule.disputes?.includes(dispute.id))
        .map((dispute) => `${dispute.id} ${dispute.subject}`),
    ),
    list('Scenarios', scenariosOf(rule.id)),
  ];
  return parts.join('');
}

function disputeText(dispute: Dispute): string {
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

function paragraph(title: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : `\n${title}\n${indented(text)}`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return `\n${title}\n  none\n`;
  return `\n${title}\n${items.map((item) => `  ${item}\n`).join('')}`;
}

function sourceText({ page, url }: Source): string {
  return url ?? page;
}

function scenariosOf(id: string): string[] {
  return readFeatures(featureFiles()).flatMap((feature) => scenariosUnder(feature, id).map(scenarioText));
}

function scenariosUnder(feature: WrittenFeature, id: string): readonly WrittenScenario[] {
  return feature.rules.filter((rule) => rule.id === id).flatMap((rule) => rule.scenarios);
}

function scenarioText({ uri, line, name }: WrittenScenario): string {
  return `${uri}:${line}  ${name}`;
}

function indented(text: string): string {
  return wrapped(text, '  ')
    .map((line) => `${line}\n`)
    .join('');
}
