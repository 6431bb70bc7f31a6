import { InvalidArgumentError } from 'commander';
import { CannotJudge, nearest } from '../conformance';
import { isRuleId, rules, type Area } from '../rules';

/** Seed of a run that was not given one. Any number would do; a fixed one makes two runs the same. */
export const DEFAULT_SEED = 1;

/** Parser of `--seed`. */
export function seedOption(text: string): number {
  const seed = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError(`A seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
}

/**
 * Parser of options that may be given several times, or once with commas.
 * @throws InvalidArgumentError when the text names nothing
 */
export function listOption(text: string, before: readonly string[] = []): string[] {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  // A variable that a script forgot to set must not choose everything.
  if (parts.length === 0) throw new InvalidArgumentError('It names nothing.');
  return [...before, ...parts];
}

/**
 * Joins `--tags`, `--rule` and `--area` to one tag expression: the scenarios of any of the rules, that also match the tags.
 * @returns undefined when nothing was chosen
 * @throws CannotJudge for a rule or an area that the catalogue does not have
 */
export function tagExpression(chosen: {
  readonly tags?: string;
  readonly rule?: readonly string[];
  readonly area?: readonly string[];
}): string | undefined {
  const ids = [...(chosen.rule ?? []).map(knownRule), ...(chosen.area ?? []).flatMap(rulesOfArea)];
  const parts = [chosen.tags?.trim() ?? '', ids.map((id) => `@${id}`).join(' or ')].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.map((part) => `(${part})`).join(' and ');
}

/**
 * @param id id of a rule in any case, with or without `@`
 * @throws CannotJudge when the catalogue does not have it
 */
export function knownRule(id: string): string {
  const canonical = id.replace(/^@/, '').toUpperCase();
  if (isRuleId(canonical)) return canonical;
  const near = nearest(
    canonical,
    rules.map((rule) => rule.id),
  );
  throw new CannotJudge(
    `There is no rule ${id}.${near === undefined ? '' : ` Did you mean ${near}?`} \`lwf explain TEXT\` searches the catalogue.`,
  );
}

function rulesOfArea(area: string): string[] {
  const found = rules.filter((rule) => rule.area === area.toLowerCase()).map((rule) => rule.id);
  if (found.length > 0) return found;
  const areas = areasOfRules();
  const near = nearest(area, areas);
  throw new CannotJudge(
    `There is no area ${area}.${near === undefined ? '' : ` Did you mean ${near}?`} The areas are: ${areas.join(', ')}.`,
  );
}

/** The areas of the catalogue, in its order. */
export function areasOfRules(): Area[] {
  return [...new Set(rules.map((rule) => rule.area))];
}
