import type { Area, Dispute, Guarantee, Rule } from '../rules';

/** The part of the rule catalogue that reports show. */
export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly disputes: readonly Dispute[];
  readonly guarantees: readonly Guarantee[];
  /** Title of each area, in the order in which areas are shown. */
  readonly areas: Readonly<Partial<Record<Area, string>>>;
}

/** @returns the areas that have rules, in the order of the catalogue, each with its title and rules */
export function rulesByArea(
  catalogue: Pick<Catalogue, 'rules' | 'areas'>,
): { area: Area; title: string; rules: readonly Rule[] }[] {
  const order = Object.keys(catalogue.areas) as Area[];
  const areas = [...new Set([...order, ...catalogue.rules.map(({ area }) => area)])];
  return areas.flatMap((area) => {
    const rules = catalogue.rules.filter((rule) => rule.area === area);
    return rules.length > 0 ? { area, title: catalogue.areas[area] ?? area, rules } : [];
  });
}
