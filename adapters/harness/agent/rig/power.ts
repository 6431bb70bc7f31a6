/** Sleep of the machine: it goes to sleep when the scenario says so, and wakes up by a timer, whatever the scenario is about to say. */
import type { AdapterName, Operation } from '../../../contract';
import type { AgentConfig, Helper } from '../ports';
import { runs } from './outcomes';
import { refuse, WHY_NOT } from './refusals';
import type { Site } from './site';

/** What was found out about the machine, in all that is played on it. */
export interface SleepFacts {
  /** NDIS pauses the stack for sleep. */
  pauses?: boolean;
}

export interface PowerParts {
  readonly helper: Helper;
  readonly config: Pick<AgentConfig, 'adapter' | 'sleep'>;
  readonly facts: SleepFacts;
}

const SUCCESS = 'NDIS_STATUS_SUCCESS';

export class Power {
  /** The scenario wants the stack to be paused for sleep. */
  private wantsPause = true;

  constructor(
    private readonly site: Site,
    private readonly parts: PowerParts,
  ) {}

  /** @throws RigRefusal (notSupported) where nobody knows what the miniport does */
  layOut(keepsDataPath: boolean): void {
    if (keepsDataPath && this.parts.config.adapter.kind !== 'fnmp') refuse(WHY_NOT.sleepsWithoutPause);
    this.wantsPause = !keepsDataPath;
  }

  /** It has slept, and is awake again, when this returns; what came with power is not shown yet. */
  async suspend(adapter: AdapterName): Promise<Operation> {
    const { site, parts } = this;
    const { sleep } = parts.config;
    site.require(adapter);
    await site.lookHere();
    const { scene, ends, oids } = site;
    if (sleep === undefined) refuse(WHY_NOT.sleep);
    if (scene.holds || oids.isOut) refuse(WHY_NOT.sleepHolding);
    if (parts.facts.pauses !== undefined && parts.facts.pauses !== this.wantsPause) refuse(this.whyOther());
    const from = scene.now;
    scene.hidden.hideWake(from);
    oids.close();
    ends.leave();
    await parts.helper.request('power.sleep', { seconds: Math.round(sleep / 1000) });
    await ends.reopen();
    const operation = await scene.begin(Promise.resolve(), () => SUCCESS);
    this.learn(from);
    return operation;
  }

  async resume(adapter: AdapterName): Promise<Operation> {
    const { site } = this;
    site.require(adapter);
    await site.scene.look();
    const from = site.scene.hidden.showWake();
    if (from === undefined) refuse(WHY_NOT.awake);
    const isPaused = this.statesSince(from).has('Pausing');
    return site.scene.begin(Promise.resolve(), isPaused ? runs(() => site.turns(from)) : () => SUCCESS);
  }

  /** Whether the stack was paused is for NDIS and all drivers in it to say. @param from the crossing after which the machine slept */
  private learn(from: number): void {
    const { scene } = this.site;
    // A pause that nobody has seen is none that there was not.
    if (!scene.isWhole) return;
    const states = this.statesSince(from);
    if (states.has('Detaching')) {
      scene.unfit('NDIS halted the miniport for sleep, and detached the filter.');
      return;
    }
    if (scene.everyTurn.length === 0) return;
    const pauses = states.has('Pausing');
    this.parts.facts.pauses = pauses;
    if (pauses !== this.wantsPause) scene.unfit(this.whyOther());
  }

  private whyOther(): string {
    return this.wantsPause ? WHY_NOT.sleepsWithoutPause : WHY_NOT.sleepsPaused;
  }

  private statesSince(from: number): ReadonlySet<string> {
    const turns = this.site.scene.everyTurn.filter(({ index }) => index >= from);
    return new Set(turns.map(({ state }) => state));
  }
}
