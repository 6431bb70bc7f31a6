/** Plays by number: each is the same for whoever has the same seed, and is held against the same play with which nothing goes wrong. */
import { registeredDriver, registeredDrivers } from '../../../adapters/simulator/drivers';
import { Player } from '../../../src/conformance/player';
import type { ScenarioResult } from '../../../src/conformance';
import { COMPONENT } from '../fake/network';
import { Plays, type Level } from '../fake/plays';
import { shipped } from '../fake/target';
import type { Sshd } from '../link/sshd';
import { FakeWindows } from '../fake/windows';
import { Chance } from './chance';
import { drawFaults, type Planned } from './faults';
import { drawRemoteFaults, playOverSsh } from './over-ssh';
import { play, type Came, type Subject } from './play';

export interface Outcome {
  readonly subject: Subject;
  readonly faults: readonly Planned[];
  /** Of the same play with which nothing goes wrong. */
  readonly calm: Came | undefined;
  readonly came: Came | undefined;
  readonly broken: readonly string[];
}

const MOST_SCENARIOS = 3;
/** A play through ssh takes as long as many without. */
const OVER_SSH_EVERY = 150;
const LEVELS = ['white box', 'black box'] as const;
const LEFT_UNBOUND = new RegExp(`could not be taken back: .*"${COMPONENT}" is bound to adapter`);

export class Soak {
  private readonly undisturbed = new Map<string, Promise<Came>>();
  private readonly drivers: { readonly correct: readonly string[]; readonly wrong: readonly string[] };

  private constructor(
    private readonly seed: string,
    private readonly sshd: Sshd | undefined,
    private readonly scenarios: readonly string[],
    /** Those that something is found by, by how much is seen. */
    private readonly decided: ReadonlyMap<Level, readonly string[]>,
    private readonly byRule: ReadonlyMap<string, readonly string[]>,
  ) {
    const names = [...registeredDrivers.keys()];
    this.drivers = {
      correct: names.filter((name) => isCorrect(name)),
      wrong: names.filter((name) => !isCorrect(name)),
    };
  }

  /** @param sshd now and then a play goes through it */
  static async prepare(seed: string, sshd: Sshd | undefined): Promise<Soak> {
    const player = await Player.prepare({ paths: ['features'], tags: 'not @exhibit' });
    const plays = await Plays.prepare('features');
    const decided = new Map<Level, readonly string[]>();
    for (const level of LEVELS) {
      const played = await plays.play({ driver: 'reference', level });
      decided.set(
        level,
        played.filter(({ harness }) => harness.verdict === 'pass').map(({ id }) => id),
      );
    }
    const byRule = new Map<string, string[]>();
    for (const id of player.ids) {
      const rule = player.ruleOf(id);
      if (rule !== undefined) byRule.set(rule, [...(byRule.get(rule) ?? []), id]);
    }
    return new Soak(seed, sshd, player.ids, decided, byRule);
  }

  /** @returns what came of a play, which is decided by the seed and its number. Never throws. */
  async play(number: number): Promise<Outcome> {
    const chance = new Chance(`${this.seed}/${number}`);
    const subject = this.draw(chance);
    let faults: readonly Planned[] = [];
    let calm: Came | undefined;
    try {
      calm = await this.calm(subject);
      let came: Came;
      // A machine that hangs by itself takes minutes of waiting.
      const isLively = calm.scenarios.every(({ verdict }) => verdict !== 'error');
      if (this.sshd && number % OVER_SSH_EVERY === 0 && isLively) {
        const planned = drawRemoteFaults(chance, calm.counts);
        faults = planned;
        came = await playOverSsh(subject, planned, chance.is(0.2), this.sshd);
      } else {
        const planned = drawFaults(chance, calm.counts, !isCorrect(subject.driver));
        faults = planned;
        came = await play(subject, planned);
      }
      const wrong = await this.wrongVerdicts(subject, calm, came);
      return {
        subject,
        faults,
        calm,
        came,
        broken: [...calm.broken.map((words) => `undisturbed: ${words}`), ...came.broken, ...wrong],
      };
    } catch (failure) {
      const words = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
      return { subject, faults, calm, came: undefined, broken: [words] };
    }
  }

  private draw(chance: Chance): Subject {
    const driver = chance.pick(chance.is(0.4) ? this.drivers.correct : this.drivers.wrong);
    const { breaks } = registeredDriver(driver) ?? {};
    const level = chance.is(0.7) ? 'white box' : 'black box';
    const decided = this.decided.get(level) ?? [];
    const ofTheRule = (breaks === undefined ? undefined : this.byRule.get(breaks)) ?? decided;
    const scenarios = Array.from({ length: chance.between(1, MOST_SCENARIOS) }, () => {
      const kind = chance.next();
      return chance.pick(kind < 0.35 ? ofTheRule : kind < 0.95 ? decided : this.scenarios);
    });
    return {
      driver,
      level,
      telling: chance.is(0.5) ? 'before the callback' : 'after the callback',
      unbound: chance.is(0.5) || this.spoilsEachStart(driver),
      scenarios: [...new Set(scenarios)].sort(),
      // What a wrong driver does with requests of others is a matter of when they come.
      isAsked: chance.is(0.5) && isCorrect(driver),
      pausesForSleep: chance.is(0.3),
    };
  }

  /** Windows does not come up with it, or stops soon after that, or what TCP/IP sends does not come back. */
  private spoilsEachStart(driver: string): boolean {
    const windows = new FakeWindows({ driver: shipped(driver) });
    for (let step = 0; step < 10; step += 1) windows.pass(100);
    return (
      windows.isDown ||
      [...windows.network.adapters.keys()].some((name) => windows.stack(name).protocol.sendsOut.size > 0)
    );
  }

  private calm(subject: Subject): Promise<Came> {
    const key = JSON.stringify(subject);
    const known = this.undisturbed.get(key) ?? play(subject);
    this.undisturbed.set(key, known);
    return known;
  }

  /** Nobody is condemned who is not when all goes well, and nobody acquitted. */
  private async wrongVerdicts(subject: Subject, calm: Came, came: Came): Promise<string[]> {
    const wrong: string[] = [];
    for (const scenario of came.scenarios) {
      const known = calm.scenarios.find(({ id }) => id === scenario.id);
      const told = `${scenario.id} is ${scenario.verdict} (${scenario.reason ?? ''})`;
      const { verdict } = scenario;
      if (verdict === 'fail' && isCorrect(subject.driver)) wrong.push(`${told}, and ${subject.driver} is correct`);
      else if (verdict === 'fail' && !isKnown(scenario, subject.driver, known))
        wrong.push(`${told}: ${rulesOf(scenario).join(', ')}`);
      if (verdict !== 'pass' || known?.verdict === 'pass') continue;
      if (!(await this.passesAlone(subject, scenario.id, came)))
        wrong.push(`${told}, and ${known?.verdict ?? 'not there'} when all goes well`);
    }
    return wrong;
  }

  /** What a scenario before it has left behind is not its own. */
  private async passesAlone(subject: Subject, id: string, { told }: Came): Promise<boolean> {
    // Where Windows refused to bind the driver again, it stops no machine when it is unbound for the next scenario.
    const wasLeftUnbound = !subject.unbound && told.some((words) => LEFT_UNBOUND.test(words));
    for (const unbound of wasLeftUnbound ? [subject.unbound, true] : [subject.unbound]) {
      const alone = await this.calm({ ...subject, unbound, scenarios: [id] });
      if (alone.scenarios[0]?.verdict === 'pass') return true;
    }
    return false;
  }
}

function isCorrect(name: string): boolean {
  const kind = registeredDriver(name)?.kind;
  return kind === 'reference' || kind === 'correct';
}

function rulesOf({ violations }: ScenarioResult): readonly string[] {
  return violations.map(({ rule }) => rule);
}

/** It is what the driver is there to break, or what it is found to break anyway; or the system stopped, which is said by the machine. */
function isKnown(scenario: ScenarioResult, driver: string, known: ScenarioResult | undefined): boolean {
  if (scenario.bugcheck !== undefined) return true;
  const { breaks, explained = {} } = registeredDriver(driver) ?? {};
  const allowed = new Set([breaks, ...Object.keys(explained), ...(known ? rulesOf(known) : [])]);
  const rules = rulesOf(scenario);
  return rules.length === 0 ? known?.verdict === 'fail' : rules.every((rule) => allowed.has(rule));
}
