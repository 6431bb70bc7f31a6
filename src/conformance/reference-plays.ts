/**
 * What the kill matrix need not play once more: scenarios in which a defective driver is the reference filter. A defect replaces a few
 * methods of the reference filter. In a scenario in which nobody asks the reference filter for one of them, the driver does what the
 * reference filter does, crossing by crossing, because nothing that it does depends on a clock or on chance.
 */
import { createSimulator } from '../../adapters/simulator';
import { registeredDriver, replacedMethods, watchedReference } from '../../adapters/simulator/drivers';
import { KIT_DRIVER } from './kit-image';
import type { PlayedScenario, Player } from './player';

interface ReferencePlay {
  readonly played: PlayedScenario;
  /** Methods of the reference filter that somebody asked for. */
  readonly asked: ReadonlySet<PropertyKey>;
}

/** Plays of the reference filter, made when the first driver can use one. */
export class ReferencePlays {
  private plays: Promise<ReadonlyMap<string, ReferencePlay>> | undefined;

  constructor(
    private readonly player: Player,
    private readonly seed: number,
  ) {}

  /**
   * @param name of a driver of the kit
   * @returns by id, what the reference filter's play of a scenario found, where the driver's would find the same
   */
  async sharedWith(name: string): Promise<ReadonlyMap<string, PlayedScenario>> {
    const driver = registeredDriver(name)?.driver;
    const replaced = driver && replacedMethods(driver);
    const shared = new Map<string, PlayedScenario>();
    if (!replaced) return shared;
    for (const [id, { played, asked }] of await (this.plays ??= this.playAll())) {
      if (![...replaced].some((method) => asked.has(method))) shared.set(id, played);
    }
    return shared;
  }

  private async playAll(): Promise<ReadonlyMap<string, ReferencePlay>> {
    let asked = new Set<PropertyKey>();
    const adapter = createSimulator(watchedReference(KIT_DRIVER, (method) => asked.add(method)));
    const plays = new Map<string, ReferencePlay>();
    for (const id of this.player.ids) {
      asked = new Set();
      const [played] = await this.player.playAll({ adapter, seed: this.seed, evidence: 'violations' }, [id]);
      if (played) plays.set(id, { played, asked });
    }
    return plays;
  }
}
