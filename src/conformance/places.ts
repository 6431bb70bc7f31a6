import type { GherkinDocument, Pickle, Scenario } from '@cucumber/messages';

const RULE_TAG = /^@([A-Z]{2,3}-\d{2})$/;

/** Where a scenario stands in the specification. */
export interface Place {
  readonly feature: string;
  readonly rule?: string;
  readonly line: number;
  /** Step id -> keyword. */
  readonly keywords: ReadonlyMap<string, string>;
}

/** The places of all scenarios, from the documents they were made of. */
export class Places {
  private readonly places = new Map<string, Place>();
  private readonly rows = new Map<string, number>();

  /** @param document the next feature file */
  take({ feature }: GherkinDocument): void {
    for (const child of feature?.children ?? []) {
      const around = feature?.children ?? [];
      if (child.scenario) this.add(feature?.name ?? '', child.scenario, undefined, around);
      if (!child.rule) continue;
      const rule = child.rule.tags.map((tag) => RULE_TAG.exec(tag.name)?.[1]).find((id) => id !== undefined);
      for (const inner of child.rule.children) {
        if (inner.scenario) this.add(feature?.name ?? '', inner.scenario, rule, [...around, ...child.rule.children]);
      }
    }
  }

  /** Where the scenario of a pickle stands. */
  of(pickle: Pickle): Place | undefined {
    return this.places.get(pickle.astNodeIds[0] ?? '');
  }

  /** The line of a pickle: of its row, if it was made of an outline. */
  lineOf(pickle: Pickle): number {
    return this.rows.get(pickle.astNodeIds[1] ?? '') ?? this.of(pickle)?.line ?? 0;
  }

  /** `features/pause/pending.feature:12` */
  idOf(pickle: Pickle): string {
    return `${pickle.uri.replaceAll('\\', '/')}:${this.lineOf(pickle)}`;
  }

  private add(
    feature: string,
    scenario: Scenario,
    rule: string | undefined,
    siblings: readonly { readonly background?: { readonly steps: Scenario['steps'] } }[],
  ): void {
    const steps = [...siblings.flatMap((sibling) => sibling.background?.steps ?? []), ...scenario.steps];
    this.places.set(scenario.id, {
      feature,
      ...(rule !== undefined && { rule }),
      line: scenario.location.line,
      keywords: new Map(steps.map((step) => [step.id, step.keyword.trim()])),
    });
    for (const examples of scenario.examples) {
      for (const row of examples.tableBody) this.rows.set(row.id, row.location.line);
    }
  }
}
