/** The engine of the Windows Filtering Platform: sessions, transactions, and the objects that drivers add. No traffic passes through it. */
import type { Call } from '../../../../src/kernel';
import type { Guest } from '../guest';
import { STATUS } from '../status';

/** NTSTATUS values of the platform. */
export const FWP = {
  calloutNotFound: 0xc0220001,
  filterNotFound: 0xc0220003,
  providerNotFound: 0xc0220005,
  subLayerNotFound: 0xc0220007,
  notFound: 0xc0220008,
  alreadyExists: 0xc0220009,
  noTransaction: 0xc022000d,
  transactionInProgress: 0xc022000e,
  invalidParameter: 0xc0220035,
} as const;

const SESSION_IS_DYNAMIC = 1;
const NOTIFY = { add: 0, delete: 1 } as const;
/** FWPS_FILTER, for the notifications of a callout. */
const RUNTIME_FILTER = { size: 0x50, action: 0x28, calloutId: 0x2c } as const;
const GUID_SIZE = 0x10;

export type Kind = 'provider' | 'subLayer' | 'callout' | 'filter';

interface Managed {
  readonly kind: Kind;
  readonly key: string;
  readonly id: number;
  readonly session: Session;
  /** Of a filter: the callout that its action names. */
  readonly callout?: string;
  committed: boolean;
}

interface Session {
  readonly isDynamic: boolean;
  inTransaction: boolean;
}

interface Callout {
  readonly key: string;
  readonly notify: bigint;
}

/** State of one boot. */
export class FilteringEngine {
  private readonly sessions = new Map<bigint, Session>();
  private readonly callouts = new Map<number, Callout>();
  private objects: Managed[] = [];
  private made = 0;

  constructor(private readonly guest: Guest) {}

  /** @returns the engine handle */
  open(flags: number): bigint {
    const handle = this.newHandle();
    this.sessions.set(handle, { isDynamic: (flags & SESSION_IS_DYNAMIC) !== 0, inTransaction: false });
    return handle;
  }

  /** Aborts what is under way; what a dynamic session added goes. */
  *close(handle: bigint): Call<number> {
    const session = this.sessions.get(handle);
    if (!session) return STATUS.INVALID_HANDLE;
    this.sessions.delete(handle);
    yield* this.remove((each) => each.session === session && (session.isDynamic || !each.committed));
    return STATUS.SUCCESS;
  }

  begin(handle: bigint): number {
    const session = this.sessions.get(handle);
    if (!session) return STATUS.INVALID_HANDLE;
    if (session.inTransaction) return FWP.transactionInProgress;
    session.inTransaction = true;
    return STATUS.SUCCESS;
  }

  *end(handle: bigint, commit: boolean): Call<number> {
    const session = this.sessions.get(handle);
    if (!session) return STATUS.INVALID_HANDLE;
    if (!session.inTransaction) return FWP.noTransaction;
    session.inTransaction = false;
    const isNew = (each: Managed): boolean => each.session === session && !each.committed;
    if (commit) for (const each of this.objects.filter(isNew)) each.committed = true;
    else yield* this.remove(isNew);
    return STATUS.SUCCESS;
  }

  /**
   * @param key GUID as text; empty: the engine makes one up
   * @param callout GUID of the callout of a filter
   * @returns the status, and the id of what was added
   */
  *add(
    handle: bigint,
    kind: Kind,
    key: string,
    callout?: string,
  ): Call<{ readonly status: number; readonly id: number }> {
    const session = this.sessions.get(handle);
    if (!session) return { status: STATUS.INVALID_HANDLE, id: 0 };
    const isKnown = this.objects.some((each) => each.kind === kind && each.key === key);
    if (key !== '' && isKnown) return { status: FWP.alreadyExists, id: 0 };
    if (callout !== undefined && !this.has('callout', callout)) return { status: FWP.calloutNotFound, id: 0 };
    this.made += 1;
    const added: Managed = {
      kind,
      key: key || `made up ${this.made}`,
      // A callout that the driver has registered keeps the id it got there.
      id: (kind === 'callout' && this.idOf(key)) || this.made,
      session,
      ...(callout !== undefined && { callout }),
      committed: !session.inTransaction,
    };
    this.objects.push(added);
    yield* this.notify(added, NOTIFY.add);
    return { status: STATUS.SUCCESS, id: added.id };
  }

  /** @param matches by key or by id */
  *delete(handle: bigint, kind: Kind, matches: (key: string, id: number) => boolean, missing: number): Call<number> {
    if (!this.sessions.has(handle)) return STATUS.INVALID_HANDLE;
    const found = this.objects.find((each) => each.kind === kind && matches(each.key, each.id));
    if (!found) return missing;
    yield* this.remove((each) => each === found);
    return STATUS.SUCCESS;
  }

  has(kind: Kind, key: string): boolean {
    return this.objects.some((each) => each.kind === kind && each.key === key);
  }

  /** @returns the id of the callout, undefined when there is one with its key */
  register(key: string, notify: bigint): number | undefined {
    if (this.idOf(key) !== undefined) return undefined;
    this.made += 1;
    this.callouts.set(this.made, { key, notify });
    return this.made;
  }

  /** @returns whether there was such a callout */
  unregister(matches: (key: string, id: number) => boolean): boolean {
    for (const [id, { key }] of this.callouts) if (matches(key, id)) return this.callouts.delete(id);
    return false;
  }

  newHandle(): bigint {
    return this.guest.address(this.guest.allocate(0x20));
  }

  private idOf(key: string): number | undefined {
    return [...this.callouts].find(([, callout]) => callout.key === key)?.[0];
  }

  private *remove(goes: (each: Managed) => boolean): Call<void> {
    const gone = this.objects.filter(goes);
    this.objects = this.objects.filter((each) => !gone.includes(each));
    for (const each of gone) yield* this.notify(each, NOTIFY.delete);
  }

  /** A registered callout hears of the filters that name it. */
  private *notify({ callout, key, id }: Managed, what: number): Call<void> {
    const { guest } = this;
    const calloutId = callout === undefined ? undefined : this.idOf(callout);
    const registered = calloutId === undefined ? undefined : this.callouts.get(calloutId);
    if (calloutId === undefined || !registered || registered.notify === 0n) return;
    const filter = guest.allocate(RUNTIME_FILTER.size);
    guest.memory.setU64(filter, BigInt(id));
    guest.memory.setU32(filter + RUNTIME_FILTER.calloutId, calloutId);
    const keyAt = guest.allocate(GUID_SIZE);
    if (/^[0-9a-f]{32}$/.test(key)) guest.memory.write(keyAt, Buffer.from(key, 'hex'));
    const givenKey = what === NOTIFY.delete ? 0n : guest.address(keyAt);
    yield* guest.call(registered.notify, BigInt(what), givenKey, guest.address(filter));
  }
}
