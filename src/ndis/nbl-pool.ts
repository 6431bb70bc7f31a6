import { Handle } from './handle';
import type { Holder } from './holder';
import type { Nbl } from './nbl';
import type { NetBufferListPoolParameters } from './wdk';

/** A pool of NBLs of the driver under test. */
export class NblPool {
  readonly handle: Handle;
  /** NBLs taken and not yet given back. */
  readonly live = new Set<Nbl>();
  freed = false;

  /**
   * @param id identity in traces
   * @param owner the module or driver whose handle it was allocated with
   */
  constructor(
    readonly id: string,
    readonly owner: Holder,
    readonly module: string | undefined,
    readonly parameters: NetBufferListPoolParameters,
  ) {
    this.handle = new Handle(id, this);
  }
}
