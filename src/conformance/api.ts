/** What the rooms on top call to make a run. Implemented in `run.ts` and `matrix.ts`. */
import type { Subject } from './adapters';
import type { KillMatrix, RunResult, ScenarioResult } from './results';

export interface RunOptions extends Subject {
  readonly seed: number;
  /** Feature files or folders, also `file:line`. Default: all features. */
  readonly paths?: readonly string[];
  /** Cucumber tag expression. */
  readonly tags?: string;
  /** `full` keeps traces; `violations` keeps what the kill matrix needs. */
  readonly evidence: 'full' | 'violations';
  /** Folder for the standard Cucumber formats (HTML, JUnit, messages, Allure results). None: they are not written. */
  readonly formatsFolder?: string;
  /** Called after each scenario, in order: progress displays. */
  readonly onScenario?: (scenario: ScenarioResult, finished: number, total: number) => void;
}

/** @throws CannotJudge for unknown drivers, tags of unknown rules, features that do not parse, unwritable folders */
export type RunSpecification = (options: RunOptions) => Promise<RunResult>;

export interface MatrixOptions {
  readonly seed: number;
  /** Where a driver's image is, to play it on the emulator. Default: the drivers in TypeScript, on the simulator. */
  readonly subject?: (name: string) => Subject;
  /** Names of drivers; default: every defective driver the kit ships. */
  readonly drivers?: readonly string[];
  readonly onDriver?: (driver: string, finished: number, total: number) => void;
}

export type MakeKillMatrix = (options: MatrixOptions) => Promise<KillMatrix>;
