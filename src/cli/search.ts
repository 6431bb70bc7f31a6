/** Words looked for in everything the kit has written: rules, disputes, guarantees, scenarios, stories of drivers. */
import { registeredDrivers } from '../../adapters/simulator/drivers';
import type { WrittenFeature, WrittenScenario } from '../reporting/features/read-features';
import { areas, disputes, rules } from '../rules';
import { columns } from './columns';

export interface Hit {
  readonly kind: 'rule' | 'dispute' | 'scenario' | 'driver';
  /** `PAU-07`, `C4`, `features/….feature:12`, `counting` */
  readonly id: string;
  readonly text: string;
  readonly score: number;
}

interface Entry extends Omit<Hit, 'score'> {
  /** What is searched, the most telling first, each with its weight. */
  readonly fields: readonly (readonly [weight: number, text: string])[];
}

const SHOWN: Readonly<Record<Hit['kind'], number>> = { rule: 20, dispute: 5, scenario: 10, driver: 8 };
const TITLES: Readonly<Record<Hit['kind'], string>> = {
  rule: 'Rules',
  dispute: 'Disputes of the documentation',
  scenario: 'Scenarios',
  driver: 'Drivers of the kit',
};

/**
 * @param asked words; all of them must occur, as written or, if nothing has them so, anywhere in any order
 * @param features of the specification
 * @returns the best first; of the same score in the order of the kit
 */
export function search(asked: string, features: readonly WrittenFeature[]): Hit[] {
  const wanted = asked
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const phrase = wanted.join(' ');
  return entries(features)
    .map((entry) => ({ kind: entry.kind, id: entry.id, text: entry.text, score: scoreOf(entry, wanted, phrase) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

function scoreOf({ fields }: Entry, wanted: readonly string[], phrase: string): number {
  let score = 0;
  for (const word of wanted) {
    let best = 0;
    for (const [weight, text] of fields) best = Math.max(best, weight * occurrence(text.toLowerCase(), word));
    if (best === 0) return 0;
    score += best;
  }
  const together = wanted.length > 1 && fields.some(([, text]) => text.toLowerCase().includes(phrase));
  return together ? score * 2 : score;
}

/** A whole word counts twice as much as a part of one. */
function occurrence(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at < 0) return 0;
  const before = text.charAt(at - 1);
  const after = text.charAt(at + word.length);
  return /[a-z0-9]/.test(before) || /[a-z0-9]/.test(after) ? 1 : 2;
}

function* ruleEntries(): Generator<Entry> {
  for (const rule of rules) {
    yield {
      kind: 'rule',
      id: rule.id,
      text: rule.statement,
      fields: [
        [4, rule.statement],
        [4, `${rule.area} ${areas[rule.area]}`],
        [3, rule.appliesTo],
        [2, `${rule.consequence} ${rule.statuses ?? ''} ${rule.verifier ?? ''} ${rule.reading ?? ''}`],
      ],
    };
  }
}

function* disputeEntries(): Generator<Entry> {
  for (const { id, subject, statements, reading } of disputes) {
    yield {
      kind: 'dispute',
      id,
      text: subject,
      fields: [
        [3, subject],
        [1, `${statements} ${reading}`],
      ],
    };
  }
}

function* scenarioEntries(features: readonly WrittenFeature[]): Generator<Entry> {
  for (const { name, description, scenarios, rules: groups } of features) {
    const context = `${name} ${description}`;
    yield* scenarios.map((scenario) => scenarioEntry(scenario, context));
    for (const group of groups) {
      yield* group.scenarios.map((scenario) => scenarioEntry(scenario, `${name} ${group.name}`));
    }
  }
}

function scenarioEntry(scenario: WrittenScenario, context: string): Entry {
  return {
    kind: 'scenario',
    id: `${scenario.uri}:${scenario.line}`,
    text: scenario.name,
    fields: [
      [3, scenario.name],
      [1, `${context} ${scenario.description} ${scenario.steps.map(({ text }) => text).join(' ')}`],
    ],
  };
}

function* driverEntries(): Generator<Entry> {
  for (const [id, { story, breaks }] of registeredDrivers) {
    const plain = story.replace(/\s+/g, ' ');
    yield {
      kind: 'driver',
      id,
      text: breaks === undefined ? plain : `(${breaks}) ${plain}`,
      fields: [
        [3, id.replaceAll('-', ' ')],
        [2, plain],
      ],
    };
  }
}

function entries(features: readonly WrittenFeature[]): Entry[] {
  return [...ruleEntries(), ...disputeEntries(), ...scenarioEntries(features), ...driverEntries()];
}

/**
 * @param hits the best first
 * @param all show every hit, not only the best of each kind
 */
export function hitsText(hits: readonly Hit[], all: boolean): string {
  const kinds = [...new Set(hits.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const found = hits.filter((hit) => hit.kind === kind);
      const shown = all ? found : found.slice(0, SHOWN[kind]);
      const more = found.length - shown.length;
      const rest = more === 0 ? '' : `  … and ${more} more (--all shows them)\n`;
      return `${TITLES[kind]}\n${columns(shown.map(({ id, text }) => [`  ${id}`, shortened(text)]))}${rest}`;
    })
    .join('\n');
}

const LONGEST = 160;

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).replace(/\s+\S*$/, '')} …` : text;
}
