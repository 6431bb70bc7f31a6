/** Plays features on the agent's adapter with a fake machine, a new one for each scenario, and holds what is found against the simulator. */
import type { Adapter } from '../../../adapters/contract';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { rule as findRule } from '../../../src/rules';
import { openAdapter } from '../../../src/conformance/adapters';
import { Player, type PlayedScenario } from '../../../src/conformance/player';
import { fakeTarget, shipped, type FakeTarget } from './target';
import type { FakeWindows, WindowsOptions } from './windows';

export type Level = 'white box' | 'black box';

export interface PlayOptions extends Pick<WindowsOptions, 'telling' | 'askedEvery' | 'sleep'> {
  readonly driver: string;
  readonly level: Level;
  /** Something goes wrong with the machine. */
  readonly disturb?: (windows: FakeWindows) => void;
}

export interface Played {
  readonly id: string;
  readonly harness: PlayedScenario;
  /** What could not be taken back; of a machine that is down, nothing is known. */
  readonly left: readonly string[];
}

export class Plays {
  private readonly simulated = new Map<string, PlayedScenario>();

  private constructor(private readonly player: Player) {}

  static async prepare(...paths: readonly string[]): Promise<Plays> {
    return new Plays(await Player.prepare({ paths, tags: 'not @exhibit' }));
  }

  get ids(): readonly string[] {
    return this.player.ids;
  }

  /** @returns id of the rule that a scenario stands under */
  ruleOf(id: string): string | undefined {
    return this.player.ruleOf(id);
  }

  async play(options: PlayOptions, only: readonly string[] = this.ids): Promise<Played[]> {
    const played: Played[] = [];
    for (const id of only) {
      const target = this.target(options);
      const harness = await this.on(target.adapter, id);
      played.push({ id, harness, left: target.windows.isDown ? [] : await target.end() });
    }
    return played;
  }

  async simulate(driver: string, id: string): Promise<PlayedScenario> {
    const key = `${driver} ${id}`;
    const known = this.simulated.get(key) ?? (await this.on(openAdapter({ driver }), id));
    this.simulated.set(key, known);
    return known;
  }

  /** @returns in words where the harness says something else than the simulator, other than that it cannot say */
  async disagreements({ driver, level }: PlayOptions, played: readonly Played[]): Promise<string[]> {
    const found: string[] = [];
    for (const { id, harness, left } of played) {
      // A driver that hangs leaves what nobody can put in order.
      if (left.length > 0 && isCorrect(driver)) found.push(`${id} leaves: ${left.join('; ')}`);
      if (harness.verdict === 'not observed' || harness.verdict === 'error') continue;
      const simulated = await this.simulate(driver, id);
      if (harness.verdict === simulated.verdict) continue;
      const isExplained = harness.verdict === 'pass' ? isAbove(simulated, level) : isTrue(harness, driver);
      if (isExplained) continue;
      found.push(`${id} is ${harness.verdict} (${harness.reason ?? ''}), and ${simulated.verdict} on the simulator`);
    }
    return found;
  }

  private target({ driver, level, telling, askedEvery, sleep, disturb }: PlayOptions): FakeTarget {
    const target = fakeTarget({
      driver: shipped(driver),
      probe: level === 'white box',
      unbound: true,
      ...(askedEvery !== undefined && { askedEvery }),
      ...(sleep !== undefined && { sleep }),
      ...(telling !== undefined && { telling }),
    });
    disturb?.(target.windows);
    return target;
  }

  private on(adapter: Adapter, id: string): Promise<PlayedScenario> {
    return this.player.play(id, { adapter, seed: 1, evidence: 'violations' });
  }
}

/** Only rules that this level cannot decide were found broken. */
function isAbove({ verdict, violations }: PlayedScenario, level: Level): boolean {
  const decided = level === 'white box' ? ['black-box', 'white-box'] : ['black-box'];
  return verdict === 'fail' && violations.every(({ rule }) => !decided.includes(findRule(rule).observation));
}

function isCorrect(driver: string): boolean {
  const kind = registeredDriver(driver)?.kind;
  return kind === 'reference' || kind === 'correct';
}

/** It is what the driver is there to break: on a real machine more happens in a scenario than on the simulator. */
function isTrue({ verdict, violations }: PlayedScenario, driver: string): boolean {
  const { breaks, explained = {} } = registeredDriver(driver) ?? {};
  const known = new Set([breaks, ...Object.keys(explained)]);
  return verdict === 'fail' && violations.length > 0 && violations.every(({ rule }) => known.has(rule));
}

/** How many scenarios there are of each verdict. */
export function counted(played: readonly Played[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { harness } of played) counts[harness.verdict] = (counts[harness.verdict] ?? 0) + 1;
  return counts;
}

/** Rules that were found broken, each once. */
export function brokenIn(played: readonly Played[]): readonly string[] {
  return [...new Set(played.flatMap(({ harness }) => harness.violations.map(({ rule }) => rule)))].sort();
}
