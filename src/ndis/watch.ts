import type { Kernel } from '../kernel';
import { Bugcheck } from '../kernel';
import { OBSERVATION } from '../trace';

/** An NBL or an OID request: an object whose accesses by the driver's code are watched. */
export interface Watched {
  readonly what: 'nbl' | 'oid';
  readonly id: string;
  /** Module (by name), `driver` or neighbour that allocated it. */
  readonly scope: string;
  readonly freed: boolean;
  readonly heldByDriver: boolean;
}

export type Access = 'read' | 'write' | 'free';

/** Records accesses of the driver's code to objects that it does not hold, once per object, kind and handler call. */
export class Watch {
  constructor(private readonly kernel: Kernel) {}

  /**
   * Called by a watched object on every access.
   * @throws Bugcheck 0x50 when the object was freed
   */
  touched(object: Watched, access: Access, field: string): void {
    if (object.heldByDriver && !object.freed) return;
    const thread = this.kernel.running;
    if (!thread?.inDriver) return;
    this.report(object, access, field);
    if (object.freed) {
      throw this.kernel.stop(
        new Bugcheck(
          '0x50',
          'PAGE_FAULT_IN_NONPAGED_AREA',
          `the driver touched ${field} of ${object.id}, which had been freed`,
          [object.id, access === 'read' ? '0' : '2'],
        ),
      );
    }
  }

  /** Called on a write to a member that belongs to the neighbour that originated the object, whoever holds it. */
  reserved(object: Watched, field: string): void {
    this.touched(object, 'write', field);
    if (object.heldByDriver && this.kernel.running?.inDriver === true) this.report(object, 'write', field);
  }

  /** Records the access, whoever is running. */
  report(object: Watched, access: Access, field: string): void {
    const frame = this.kernel.running?.frames.at(-1);
    if (frame) {
      const key = `${object.id} ${access}`;
      frame.reported ??= new Set();
      if (frame.reported.has(key)) return;
      frame.reported.add(key);
    }
    const module = frame?.module;
    this.kernel.record({
      dir: '!!',
      ddi: OBSERVATION.Access,
      ...(module !== undefined && { module }),
      args: { what: object.what, object: object.id, access, field, scope: object.scope, freed: object.freed },
    });
  }
}
