/** What a reader of the specification relies on and no general Gherkin linter knows. */
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { pretty } from '@cucumber/gherkin-utils';
import {
  IdGenerator,
  type Background,
  type GherkinDocument,
  type Location,
  type Rule,
  type Scenario,
  type Tag,
} from '@cucumber/messages';

export interface Finding {
  /** Feature file, relative to the kit. */
  readonly uri: string;
  readonly line: number;
  readonly message: string;
}

/** What the tags of a feature may name. */
export interface KnownWords {
  readonly rules: ReadonlySet<string>;
  /** Rules that must have a `Rule:`. */
  readonly coreRules: readonly string[];
  readonly disputes: ReadonlySet<string>;
  readonly capabilities: ReadonlySet<string>;
  /** Tags that mean something to the kit and belong to no family. */
  readonly tags: ReadonlySet<string>;
}

type Report = (location: Location, message: string) => void;

const RULE_TAG = /^@([A-Z]{2,3}-\d+)$/;
const DISPUTE_TAG = /^@([CU]\d+)$/;
const NEEDS_TAG = /^@needs-(.*)$/;

/** More than this and a reader has lost what the scenario is about. */
const MOST_STEPS = 12;

/**
 * @param files feature files by path, as text; they parse
 * @param known the catalogue and the capabilities of the contract
 * @returns what is wrong, in the order of the files
 */
export function findingsIn(files: ReadonlyMap<string, string>, known: KnownWords): Finding[] {
  const findings: Finding[] = [];
  const specified = new Set<string>();
  const places = new Map<string, string>();

  for (const [uri, text] of files) {
    const report: Report = ({ line }, message) => void findings.push({ uri, line, message });
    const document = parse(text);
    const { feature } = document;
    if (!feature) {
      report({ line: 1 }, 'holds no feature');
      continue;
    }
    checkLayout(document, text, report);
    checkTags(feature.tags, [], known, report);
    for (const { rule, scenario } of feature.children) {
      if (rule) {
        checkTags(rule.tags, feature.tags, known, report);
        for (const id of checkRule(rule, report)) specified.add(id);
      }
      for (const each of rule ? scenariosOf(rule) : scenario ? [scenario] : []) {
        checkTags(each.tags, [...feature.tags, ...(rule?.tags ?? [])], known, report);
        for (const examples of each.examples) checkTags(examples.tags, each.tags, known, report);
        checkScenario(each, report);
        const place = places.get(each.name);
        if (place !== undefined) report(each.location, `the name "${each.name}" is taken by the scenario at ${place}`);
        else places.set(each.name, `${uri}:${each.location.line}`);
      }
    }
  }
  for (const id of known.coreRules) {
    if (!specified.has(id)) findings.push({ uri: 'features', line: 0, message: `the core rule ${id} has no Rule:` });
  }
  return findings;
}

/** The feature as Cucumber's formatter lays it out. */
export function formatted(text: string): string {
  return pretty(parse(text), 'gherkin');
}

function parse(text: string): GherkinDocument {
  return new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher()).parse(text);
}

function checkLayout(document: GherkinDocument, text: string, report: Report): void {
  const lines = text.split('\n');
  const wanted = pretty(document, 'gherkin').split('\n');
  const line = wanted.findIndex((each, index) => each !== lines[index]);
  if (line !== -1)
    report({ line: line + 1 }, 'is not laid out as Cucumber lays features out; `npm run format` does it');
}

function checkRule(rule: Rule, report: Report): string[] {
  const ids = rule.tags.flatMap(({ name }) => RULE_TAG.exec(name)?.[1] ?? []);
  if (ids.length !== 1)
    report(rule.location, `"${rule.name}" must be tagged with exactly one rule id, not ${ids.length}`);
  if (rule.name === '') report(rule.location, 'the rule has no name');
  if (scenariosOf(rule).length === 0) report(rule.location, `"${rule.name}" has no scenario`);
  return ids;
}

function checkScenario(scenario: Scenario, report: Report): void {
  const { name, location, steps, examples } = scenario;
  if (name === '') report(location, 'the scenario has no name');
  if (steps.length === 0) report(location, `"${name}" has no steps`);
  if (steps.length > MOST_STEPS)
    report(location, `"${name}" has ${steps.length} steps, at most ${MOST_STEPS} can be followed`);
  checkKeywords(scenario, report);

  const words = [name, ...steps.flatMap(wordsOf)].join('\n');
  const placeholders = new Set([...words.matchAll(/<([^<>\n]+)>/g)].map(([, word = '']) => word));
  for (const { tableHeader, tableBody, location: where } of examples) {
    if (tableBody.length === 0) report(where, `an Examples table of "${name}" has no rows`);
    const columns = tableHeader?.cells.map((cell) => cell.value) ?? [];
    for (const column of columns)
      if (!placeholders.has(column)) report(where, `nothing in "${name}" uses the column <${column}>`);
    for (const word of placeholders)
      if (!columns.includes(word)) report(where, `the Examples of "${name}" have no column <${word}>`);
  }
}

function wordsOf({ text, docString, dataTable }: Scenario['steps'][number]): string[] {
  const cells = dataTable?.rows.flatMap((row) => row.cells.map((cell) => cell.value)) ?? [];
  return [text, docString?.content ?? '', ...cells];
}

function checkKeywords({ steps }: Scenario | Background, report: Report): void {
  let before = '';
  for (const { keyword, location } of steps) {
    const word = keyword.trim();
    if (word === 'And' || word === 'But') continue;
    if (word === before) report(location, `${word} follows ${word}; say And`);
    before = word;
  }
}

function scenariosOf(rule: Rule): Scenario[] {
  return rule.children.flatMap(({ scenario }) => scenario ?? []);
}

function checkTags(tags: readonly Tag[], outer: readonly Tag[], known: KnownWords, report: Report): void {
  const inherited = new Set(outer.map((tag) => tag.name));
  for (const { name, location } of tags) {
    const complaint = complaintAbout(name, known);
    if (complaint !== undefined) report(location, complaint);
    if (inherited.has(name)) report(location, `the tag ${name} is inherited already`);
    inherited.add(name);
  }
}

function complaintAbout(tag: string, known: KnownWords): string | undefined {
  const rule = RULE_TAG.exec(tag)?.[1];
  if (rule !== undefined) return known.rules.has(rule) ? undefined : `there is no rule ${rule} in the catalogue`;
  const dispute = DISPUTE_TAG.exec(tag)?.[1];
  if (dispute !== undefined)
    return known.disputes.has(dispute) ? undefined : `there is no dispute ${dispute} in the catalogue`;
  const need = NEEDS_TAG.exec(tag)?.[1];
  if (need !== undefined) return known.capabilities.has(need) ? undefined : `there is no capability "${need}"`;
  return known.tags.has(tag) ? undefined : `the tag ${tag} means nothing to the kit`;
}
