import type { Crossing } from '../../../trace';
import { SUCCESS } from './statuses';

type Handlers = ReadonlySet<string> | undefined;

interface Registration {
  /** `<=NdisFRegisterFilterDriver`. */
  readonly at: Crossing;
  readonly handlers: Handlers;
  /** The trace does not say that it is on none of the adapters. */
  readonly isBound: boolean;
}

/** What the driver has registered and not taken back: one driver may register several times, with entry points of each their own. */
export class Registrations {
  /** By handle; what the trace gives no handle has the empty one. */
  private readonly live = new Map<string, Registration>();
  /** Handles of registrations that were taken back. */
  private readonly gone = new Set<string>();
  /** Entry points of a registration whose result is not known (yet). */
  private unanswered: { readonly handlers: Handlers } | undefined;

  /** The registration that has been in force for longest. */
  get first(): Crossing | undefined {
    for (const { at } of this.live.values()) return at;
    return undefined;
  }

  /** @param crossing `=>NdisFRegisterFilterDriver` */
  asked({ args }: Crossing): void {
    const handlers = args?.['handlers'];
    this.unanswered = { handlers: Array.isArray(handlers) ? new Set(handlers as readonly string[]) : undefined };
  }

  /** @param crossing `<=NdisFRegisterFilterDriver` */
  answered(crossing: Crossing): void {
    const { status } = crossing;
    if (status === undefined) return;
    const { handlers } = this.unanswered ?? {};
    this.unanswered = undefined;
    if (status !== SUCCESS) return;
    const handle = handleOf(crossing);
    this.live.set(handle, { at: crossing, handlers, isBound: crossing.args?.['bound'] !== false });
    this.gone.delete(handle);
  }

  /**
   * @param crossing `=>NdisFDeregisterFilterDriver`
   * @returns `<=NdisFRegisterFilterDriver` of the registration that it ends; undefined when that is not in force
   */
  endedBy(crossing: Crossing): Crossing | undefined {
    const key = this.keyFor(crossing);
    return key === undefined ? undefined : this.live.get(key)?.at;
  }

  /** @param crossing `=>NdisFDeregisterFilterDriver` */
  ended(crossing: Crossing): void {
    const key = this.keyFor(crossing);
    if (key === undefined) return;
    this.live.delete(key);
    if (key !== '') this.gone.add(key);
  }

  private keyFor(crossing: Crossing): string | undefined {
    const handle = handleOf(crossing);
    if (this.live.has(handle)) return handle;
    if (this.gone.has(handle)) return undefined;
    // One of them it must be.
    const [oldest] = this.live.keys();
    return oldest;
  }

  /** The driver is loaded, or gone. */
  none(): void {
    this.live.clear();
    this.gone.clear();
    this.unanswered = undefined;
  }

  /** Crossings were lost: what is in force is unknown, but the driver is still the same. */
  forget(): void {
    const handlers = this.handlersOfANewModule;
    this.none();
    this.unanswered = { handlers };
  }

  /** Entry points that a module gets which attaches now; undefined when they are not shown, or when it may be one registration or another. */
  get handlersOfANewModule(): Handlers {
    const all = [...this.live.values()];
    const bound = all.filter(({ isBound }) => isBound);
    const registrations = [
      ...(bound.length > 0 || this.unanswered ? bound : all),
      ...(this.unanswered ? [this.unanswered] : []),
    ];
    const handlers = registrations[0]?.handlers;
    return registrations.every((other) => areSame(other.handlers, handlers)) ? handlers : undefined;
  }
}

function handleOf({ args }: Crossing): string {
  const handle = args?.['handle'];
  return typeof handle === 'string' ? handle : '';
}

function areSame(left: Handlers, right: Handlers): boolean {
  if (left === right) return true;
  if (!left || left.size !== right?.size) return false;
  for (const handler of left) if (!right.has(handler)) return false;
  return true;
}
