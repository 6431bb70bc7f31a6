/** What a user chooses from the specification, as one tag expression. */
import { isRuleId, rules, type Area } from '../rules';
import { CannotJudge } from './cannot-judge';
import type { Features } from './cucumber';
import type { Selection } from './identity';
import { nearest } from './nearest';
import { EXHIBIT_TAG } from './rule-results';
import { checkTags, featurePaths } from './selection';

/**
 * Joins tags, rules and areas: the scenarios of any of the rules, that also match the tags.
 * @returns undefined when nothing was chosen
 * @throws CannotJudge for a rule or an area that the catalogue does not have
 */
export function tagExpression({ tags, rules: ids = [], areas = [] }: Selection): string | undefined {
  const chosen = [...ids.map(knownRule), ...areas.flatMap(rulesOfArea)];
  const parts = [tags?.trim() ?? '', chosen.map((id) => `@${id}`).join(' or ')].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.map((part) => `(${part})`).join(' and ');
}

/**
 * @param showsExhibits exhibits show drivers of the kit; they belong to the kit's own run, not to a run on somebody's driver
 * @returns what Cucumber chooses scenarios by
 * @throws CannotJudge for tags that do not parse, and for what is not there
 */
export function chosenFeatures(selection: Selection, showsExhibits: boolean): Features {
  checkTags(selection.tags?.trim() ?? '');
  const asked = tagExpression(selection) ?? '';
  const others = asked === '' ? `not ${EXHIBIT_TAG}` : `(${asked}) and not ${EXHIBIT_TAG}`;
  return { paths: featurePaths(selection.paths), tags: showsExhibits ? asked : others };
}

/**
 * The same choice always in the same words, so that it can be compared.
 * @throws CannotJudge for a rule or an area that the catalogue does not have
 */
export function canonicalSelection({ tags, rules: ids = [], areas = [], paths = [] }: Selection): Selection {
  const asked = tags?.trim() ?? '';
  areas.forEach(rulesOfArea);
  return {
    ...(asked !== '' && { tags: asked }),
    ...(ids.length > 0 && { rules: ids.map(knownRule) }),
    ...(areas.length > 0 && { areas: areas.map((area) => area.toLowerCase()) }),
    ...(paths.length > 0 && { paths }),
  };
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
function areasOfRules(): Area[] {
  return [...new Set(rules.map((rule) => rule.area))];
}
