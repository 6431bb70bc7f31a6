import type { ComparedRun, ComparedScenario } from './compared-run';

/**
 * Which scenario of one result is which of the other. Within one specification its id tells; between two, lines have moved, and
 * file and name tell, and the how-manieth of that name it is.
 */
export class ScenarioKeys {
  private readonly old: Side;
  private readonly new: Side;

  constructor(older: ComparedRun, newer: ComparedRun) {
    const digest = older.facts.specification?.sha256;
    const isSame = digest !== undefined && digest === newer.facts.specification?.sha256;
    this.old = new Side(older, isSame);
    this.new = new Side(newer, isSame);
  }

  ofOld(id: string): string {
    return this.old.keyOf(id);
  }

  ofNew(id: string): string {
    return this.new.keyOf(id);
  }

  /** The older result's scenario that is this one of the newer. */
  oldOf(newId: string): ComparedScenario | undefined {
    return this.old.scenario(this.ofNew(newId));
  }

  /** The newer result's scenario that is this one of the older. */
  newOf(oldId: string): ComparedScenario | undefined {
    return this.new.scenario(this.ofOld(oldId));
  }

  nameOfOld(id: string): string {
    return this.old.scenario(this.ofOld(id))?.name ?? id;
  }

  nameOfNew(id: string): string {
    return this.new.scenario(this.ofNew(id))?.name ?? id;
  }
}

class Side {
  private readonly keys = new Map<string, string>();
  private readonly byKey = new Map<string, ComparedScenario>();

  constructor({ scenarios }: ComparedRun, areIdsTheSame: boolean) {
    const seen = new Map<string, number>();
    for (const scenario of scenarios) {
      const { id, name } = scenario;
      const place = `${id.replace(/:\d+$/, '')}\n${name}`;
      const turn = seen.get(place) ?? 0;
      seen.set(place, turn + 1);
      const key = areIdsTheSame ? id : `${place}\n${turn}`;
      this.keys.set(id, key);
      this.byKey.set(key, scenario);
    }
  }

  keyOf(id: string): string {
    return this.keys.get(id) ?? id;
  }

  scenario(key: string): ComparedScenario | undefined {
    return this.byKey.get(key);
  }
}
