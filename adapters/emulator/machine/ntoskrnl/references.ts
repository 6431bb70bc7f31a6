import type { Guest } from '../guest';
import { hexOf } from '../faults';

/** An object that is gone with its last reference. */
interface Counted {
  count: number;
  readonly length: number;
  /** What it is, for messages. */
  readonly what: string;
  readonly whenGone: (() => void) | undefined;
}

/**
 * References to the objects that the driver has made: events and threads. Each open handle is one, and so is the life of a
 * thread. Other objects live as long as the machine.
 * @see https://learn.microsoft.com/windows-hardware/drivers/kernel/life-cycle-of-an-object
 */
export class References {
  private readonly objects = new Map<bigint, Counted>();

  constructor(private readonly guest: Guest) {}

  /** An object begins to be counted, with no reference yet. */
  begin(object: bigint, length: number, what: string, whenGone?: () => void): void {
    this.objects.set(object, { count: 0, length, what, whenGone });
  }

  /** @returns how many references there are now; 1 for an object that is not counted */
  add(object: bigint): number {
    const known = this.objects.get(object);
    if (!known) return 1;
    known.count += 1;
    return known.count;
  }

  /**
   * @returns how many references are left; undefined for an object that is not counted
   * @throws Bugcheck 0x18 when there was none
   */
  remove(object: bigint): number | undefined {
    const known = this.objects.get(object);
    const { guest } = this;
    if (!known) return undefined;
    if (known.count === 0) {
      const reason = `a reference to ${known.what} was given back that nobody had`;
      throw guest.stop('0x18', 'REFERENCE_BY_POINTER', reason, ['0x0', hexOf(object)]);
    }
    known.count -= 1;
    if (known.count === 0) {
      known.whenGone?.();
      guest.bury(guest.offset(object), known.length, `${known.what} to which there is no reference left`);
    }
    return known.count;
  }
}

/** The types of objects, which drivers name when they ask for an object by its handle. */
export class ObjectTypes {
  private readonly types = new Map<string, bigint>();

  constructor(private readonly guest: Guest) {}

  /** @param name of the variable that points to it: `PsThreadType` */
  of(name: string): bigint {
    const known = this.types.get(name);
    if (known !== undefined) return known;
    const type = this.guest.address(this.guest.allocate(0x200));
    this.types.set(name, type);
    return type;
  }
}
