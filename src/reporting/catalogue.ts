import type { Area, Dispute, Rule, Source } from '../rules/rule';

/** What NDIS and the neighbours promise: a filter may rely on it. */
export interface ShownGuarantee {
  readonly id: string;
  readonly statement: string;
  readonly sources: readonly Source[];
}

/** The part of the rule catalogue that reports show. */
export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly disputes: readonly Dispute[];
  readonly guarantees: readonly ShownGuarantee[];
  /** Title of each area, in the order in which areas are shown. */
  readonly areas: Readonly<Partial<Record<Area, string>>>;
}

/** @returns the areas that have rules, in the order of the catalogue, each with its title and rules */
export function rulesByArea(catalogue: Catalogue): { area: Area; title: string; rules: readonly Rule[] }[] {
  const order = Object.keys(catalogue.areas) as Area[];
  const areas = [...new Set([...order, ...catalogue.rules.map(({ area }) => area)])];
  return areas.flatMap((area) => {
    const rules = catalogue.rules.filter((rule) => rule.area === area);
    return rules.length > 0 ? { area, title: catalogue.areas[area] ?? area, rules } : [];
  });
}
