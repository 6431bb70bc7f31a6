/** What the rooms on top call to make a run. Implemented in `run.ts` and `matrix.ts`. */
import type { Subject } from './adapters';
import type { ConformanceProfile, RunIdentity } from './identity';
import type { ScenarioResult } from './results';
import type { Shard } from './shards';

export interface RunOptions extends Subject {
  readonly seed: number;
  /** Feature files or folders, also `file:line`. Default: all features. */
  readonly paths?: readonly string[];
  /** Cucumber tag expression. */
  readonly tags?: string;
  /** Only scenarios of these rules, or of rules of these areas. */
  readonly rules?: readonly string[];
  readonly areas?: readonly string[];
  /** Which findings decide. Default: `full`. */
  readonly conformance?: ConformanceProfile;
  /** `full` keeps traces; `violations` keeps what the kill matrix needs. */
  readonly evidence: 'full' | 'violations';
  /** Plays only this part of the scenarios: `lwf merge` joins the parts. */
  readonly shard?: Shard;
  /** Threads that play side by side. Default: one for drivers in TypeScript and for few scenarios, else as many as the machine has, up to 4. */
  readonly workers?: number;
  /** Folder for the journal, with which a run that is interrupted can be taken up again. None: it cannot. */
  readonly journalFolder?: string;
  /** Takes up the run whose journal is in that folder. */
  readonly resume?: boolean;
  /** Aborted: the run ends after the scenario that is being played, and tells what is missing. */
  readonly signal?: AbortSignal;
  /** Ends the agent of another run on the lab machine. */
  readonly takeover?: boolean;
  /** Called with words for people about the lab machine, while the run goes on. */
  readonly onMachine?: (words: string) => void;
  /** Called when it is known what will be played. @param finished scenarios that an interrupted run had played */
  readonly onPlan?: (identity: RunIdentity, finished: number, total: number) => void;
  /** Called before each scenario: progress displays. */
  readonly onStart?: (scenario: StartedScenario, finished: number, total: number) => void;
  /** Called after each scenario, in the order in which they end. */
  readonly onScenario?: (scenario: ScenarioResult, finished: number, total: number) => void;
}

export interface StartedScenario {
  readonly id: string;
  /** That it stands under. */
  readonly rule?: string;
}

export interface MatrixOptions {
  readonly seed: number;
  /** Folder with the drivers' images, to play those on the emulator. Default: the drivers in TypeScript, on the simulator. */
  readonly images?: string;
  /** Names of drivers; default: every defective driver the kit ships. */
  readonly drivers?: readonly string[];
  /** Threads that play side by side. Default: 1. */
  readonly threads?: number;
  readonly onDriver?: (driver: string, finished: number, total: number) => void;
}
