/** What the agent does to its machine, and sees of it, goes through these. */
import type { Clock } from '../../protocol';
import type { Helper } from './helper';
import type { Originate, Programs } from './programs';
import type { Shell } from './shell';

export * from './config';
export * from './helper';
export * from './programs';
export * from './shell';

export interface Ports {
  readonly shell: Shell;
  readonly programs: Programs;
  readonly helper: Helper;
  /** Undefined: the vendor has no command, so nothing can be asked of the driver. */
  readonly originate?: Originate;
  readonly clock: Clock;
}
