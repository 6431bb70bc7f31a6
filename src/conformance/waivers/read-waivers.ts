import { isRuleId, rules } from '../../rules';
import { readRange } from '../driver-version';
import { nearest } from '../nearest';
import { writtenScenarios, type ScenarioName } from '../written-scenarios';
import { isDate } from './dates';
import type { Waiver, Waivers } from './waivers';
import { checkSchema } from './waivers-schema';
import { WaiversSource } from './waivers-source';

/** As the schema lets it through. */
interface RawWaivers {
  readonly waivers: readonly Omit<Waiver, 'line'>[];
}

/**
 * Reads a list of waivers.
 * @param text YAML
 * @param file what messages call it
 * @param scenarios that a waiver may name; default: those of the specification
 * @throws CannotJudge, with `file:line:column` and every fault in it, when anything is not as it must be
 */
export function readWaivers(text: string, file: string, scenarios?: readonly ScenarioName[]): Waivers {
  const source = new WaiversSource(file, text);
  checkSchema(source);
  source.throwAny();
  const entries = (source.value as RawWaivers).waivers.map((raw, index) => ({
    ...trimmed(raw),
    line: source.lineOf(['waivers', index]),
  }));
  for (const [index, waiver] of entries.entries()) {
    checkRule(source, index, waiver);
    checkRest(source, index, waiver, scenarios);
    checkTwin(source, index, waiver, entries.slice(0, index));
  }
  source.throwAny();
  return { file, entries };
}

/** Key order of its own, so that what is made of it does not depend on the order in the file. */
function trimmed({
  rule,
  reason,
  owner,
  link,
  expires,
  scenario,
  versions,
}: Omit<Waiver, 'line'>): Omit<Waiver, 'line'> {
  return {
    rule: rule.trim().replace(/^@/, '').toUpperCase(),
    reason: oneLine(reason),
    owner: oneLine(owner),
    link: link.trim(),
    expires,
    ...(scenario !== undefined && { scenario: scenarioOf(oneLine(scenario)) }),
    ...(versions !== undefined && { versions: oneLine(versions) }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Paths may be written as Windows writes them. */
function scenarioOf(text: string): string {
  return /\.feature:\d+$/.test(text) ? text.replaceAll('\\', '/').replace(/^\.\//, '') : text;
}

function checkRule(source: WaiversSource, index: number, { rule }: Waiver): void {
  if (isRuleId(rule)) return;
  const ids = rules.map(({ id }) => id);
  source.add(
    ['waivers', index, 'rule'],
    `there is no rule ${rule}${didYouMean(rule, ids)} \`lwf explain TEXT\` searches the catalogue`,
  );
}

function checkRest(
  source: WaiversSource,
  index: number,
  { expires, scenario, versions }: Waiver,
  scenarios?: readonly ScenarioName[],
): void {
  if (!isDate(expires)) {
    source.add(['waivers', index, 'expires'], `there is no day ${expires}: write one of the calendar, as YYYY-MM-DD`);
  }
  if (versions !== undefined && !readRange(versions)) {
    source.add(
      ['waivers', index, 'versions'],
      `"${versions}" is no range of versions: write it like ">=1.2.0 <1.4", "1.2.*" or ">=2 || 1.9.3"`,
    );
  }
  if (scenario === undefined) return;
  const known = scenarios ?? writtenScenarios();
  if (known.some(({ id, name }) => id === scenario || name === scenario)) return;
  source.add(['waivers', index, 'scenario'], `there is no scenario "${scenario}"${scenarioNear(scenario, known)}`);
}

/** Of a feature file that exists, the scenario with the nearest line; otherwise the one whose name is near. */
function scenarioNear(written: string, known: readonly ScenarioName[]): string {
  const [, uri, line] = /^(.+\.feature):(\d+)$/.exec(written) ?? [];
  if (uri === undefined) {
    const names = known.map(({ name }) => name);
    return didYouMean(written, names) || '.';
  }
  const lineOf = (id: string): number => Number(id.slice(id.lastIndexOf(':') + 1));
  const inFile = known.filter(({ id }) => id.startsWith(`${uri}:`)).sort((a, b) => distance(a.id) - distance(b.id));
  function distance(id: string): number {
    return Math.abs(lineOf(id) - Number(line));
  }
  const [first] = inFile;
  if (first) return `; the nearest in that file is ${first.id} (${first.name})`;
  const files = [...new Set(known.map(({ id }) => id.slice(0, id.lastIndexOf(':'))))];
  return didYouMean(uri, files) || '.';
}

function checkTwin(source: WaiversSource, index: number, waiver: Waiver, before: readonly Waiver[]): void {
  const twin = before.find(
    ({ rule, scenario, versions }) =>
      rule === waiver.rule && scenario === waiver.scenario && versions === waiver.versions,
  );
  if (!twin) return;
  source.add(['waivers', index], `${waiver.rule} is waived for the same in line ${twin.line}: keep one of the two`);
}

function didYouMean(written: string, words: readonly string[]): string {
  const near = nearest(written, words);
  return near === undefined ? '.' : `; did you mean "${near}"?`;
}
