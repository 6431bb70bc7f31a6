import type { Crossing } from '../../../trace';
import type { Asked } from './asked';
import type { LowPower } from './low-power';
import type { ModuleBook } from './module-book';
import type { Registrations } from './registrations';
import type { Stopping } from './stopping';
import type { ThreadBook } from './thread-book';

/** What the books of NBLs, requests and lives need of each other. */
export interface SharedBooks {
  readonly threads: ThreadBook;
  readonly registrations: Registrations;
  readonly stopping: Stopping;
  readonly lowPower: LowPower;
  readonly modules: Asked<ModuleBook>;
  /** The book of the module that a crossing names; undefined for driver-wide crossings. */
  moduleOf(crossing: Crossing): ModuleBook | undefined;
  /** The state of a module is another one than before. */
  stateChanged(): void;
  /** Says that the crossing that is being heard is kept. */
  keep(): void;
}
