/** OID requests, from above and of the driver itself: fnlwf issues the first, fnmp below keeps and answers both. One at a time, as NDIS hands them on. */
import type { Ask, GiveBack, HeldItem, NeighbourBooks } from '../../../contract';
import { OIDS } from '../../../../src/ndis/numbers';
import { statusValue, type Crossing } from '../../../../src/trace';
import type { Helper, OidType } from '../ports';
import { unlessAway } from './away';
import { oidsIn, oidStatusOf, ownOidsOut } from './oid-status';
import { refuse, WHY_NOT } from './refusals';

/** What fnmp supports, of what scenarios ask for. */
const ANSWERED: ReadonlySet<string> = new Set([
  'OID_GEN_STATISTICS',
  'OID_GEN_CURRENT_PACKET_FILTER',
  'OID_GEN_LINK_STATE',
]);
/** NDIS_STATUS_PENDING: fnmp answers as it would have inside the call. */
const AS_EVER = 0x103;
const SUCCESS = 0;

export interface OidPolicy {
  readonly how: GiveBack;
  /** Name of a status; undefined: the miniport answers as it does. */
  readonly status: string | undefined;
}

export interface OidRequestsParts {
  readonly helper: Helper;
  /** Handles of the test drivers, while they are there. */
  readonly handles: () => { readonly fnmp: number | undefined; readonly fnlwf: number | undefined };
  /** OIDs that the driver issues when it is asked to, as its profile says. */
  readonly own: readonly string[];
  /** The driver is built with the probe. */
  readonly seesBorder: boolean;
  /** What the driver's border shows; nothing where nobody sees it. */
  readonly crossings: () => readonly Crossing[];
  /** fnmp gave back a request that nobody released. */
  readonly vanished: (name: string) => void;
  /** How a request ended cannot be told. */
  readonly unclear: (why: string) => void;
}

interface Key {
  readonly oid: number;
  readonly type: OidType;
}

interface Issued {
  readonly name: string;
  readonly oid: string;
  readonly type: OidType;
  readonly key: Key;
  /** Crossings that there were before. */
  readonly from: number;
  isHeld: boolean;
  /** NTSTATUS that fnlwf told. */
  told?: number;
  /** All that happened before it came back has been seen. */
  isSeen: boolean;
  status?: string;
}

export interface IssuedOid {
  readonly work: Promise<void>;
  /** @returns how it ended, when it has */
  readonly status: () => string | undefined;
}

export class OidRequests {
  private policy: OidPolicy = { how: 'inside-the-call', status: undefined };
  private readonly all: Issued[] = [];
  private last: Issued | undefined;
  /** What fnmp is told to keep. */
  private keeps: readonly Key[] = [];
  /** The driver's own that fnmp holds. */
  private own: Key | undefined;
  /** What it held at the last look, and whose it was not. */
  private kept: Key | undefined;
  private foreign: Key | undefined;
  private mayBeAway = false;
  /** Set while fnmp is to let go whatever of it it holds; without a status as it would have. */
  private answer: Pick<OidPolicy, 'status'> | undefined;

  constructor(private readonly parts: OidRequestsParts) {}

  behave(policy: OidPolicy): void {
    if (policy.how === 'inside-the-call' && policy.status !== undefined) refuse(WHY_NOT.oidStatus);
    this.policy = policy;
  }

  /** The driver is about to be asked for requests of its own. @throws RigRefusal (notSupported) when they were to be kept, and cannot be */
  async expectOwn(what: Ask): Promise<void> {
    if (this.policy.how === 'inside-the-call') return;
    if (what === 'synchronousOid') refuse(WHY_NOT.synchronousOids);
    if (this.isOut) refuse(WHY_NOT.oneOid);
    if (!this.parts.seesBorder) refuse(WHY_NOT.othersOids);
    if (this.parts.own.length === 0) refuse(WHY_NOT.ownOids);
    await this.keep(this.parts.own.flatMap(keysOf));
  }

  /** @throws RigRefusal (notSupported) for what the test drivers cannot do */
  async issue(oid: string, type: OidType): Promise<IssuedOid> {
    const { fnmp, fnlwf } = this.parts.handles();
    const number = OIDS.valueOf(oid);
    if (fnmp === undefined || fnlwf === undefined || number === undefined) refuse(WHY_NOT.oids);
    if (this.isOut || this.own) refuse(WHY_NOT.oneOid);
    if (this.policy.how === 'inside-the-call' && !ANSWERED.has(oid)) refuse(WHY_NOT.unknownOid);
    const key = { oid: number, type };
    await this.keep(this.policy.how === 'inside-the-call' ? [] : [key]);
    const issued: Issued = {
      name: `oid${this.all.length + 1}`,
      ...{ oid, type, key, from: this.parts.crossings().length },
      ...{ isHeld: false, isSeen: false },
    };
    this.all.push(issued);
    this.last = issued;
    const work = this.parts.helper.request('fnlwf.oid', { handle: fnlwf, ...key }).then(({ status }) => {
      issued.told = status >>> 0;
    });
    return { work, status: () => issued.status };
  }

  /** Looks at what fnmp holds, and lets go what is to go. Follow it with a flush, and that with `flushed`. */
  async look(): Promise<void> {
    if (this.last?.told !== undefined) this.last.isSeen = true;
    if (this.keeps.length === 0) return;
    if (this.isOut || this.last?.isHeld === true) await this.lookAbove();
    else await this.lookAtOwn();
  }

  /** All that happened before the last look has been seen. */
  flushed(): void {
    this.tellOwn();
    const { last } = this;
    if (last?.told === undefined || !last.isSeen || last.status !== undefined) return;
    const { crossings, unclear } = this.parts;
    const finished = oidsIn(crossings().slice(last.from), last.oid, last.type === 'set').map(({ status }) => status);
    const known = finished.filter((status) => status !== undefined);
    const status = oidStatusOf(last.told, known);
    if (status !== undefined) last.status = status;
    else unclear('fnlwf tells some statuses of OID requests alike, and which one this was nobody has seen.');
  }

  /** fnmp lets the request go as soon as it has it, while `wait` waits for that. */
  async release(status: string | undefined, wait: () => Promise<void>): Promise<void> {
    this.answer = { status: status ?? this.policy.status };
    try {
      await wait();
    } finally {
      this.answer = undefined;
    }
  }

  /** Has the scenario a request that has not come back? */
  get isOut(): boolean {
    return this.last !== undefined && this.last.status === undefined;
  }

  get isHeld(): boolean {
    return this.last?.isHeld === true || this.own !== undefined;
  }

  /** It has not come back, and it is not the miniport that keeps it. */
  get isOnTheWay(): boolean {
    if (this.isHeld) return this.letsGo !== undefined;
    return this.isOut;
  }

  /** NDIS has handed it to the driver, and it is there that it stays. Nobody knows where the border is not seen. */
  get isWithDriver(): boolean {
    const { last } = this;
    if (!last || last.told !== undefined) return false;
    const found = oidsIn(this.parts.crossings().slice(last.from), last.oid, last.type === 'set');
    return found.some(({ status }) => status === undefined);
  }

  /** @returns undefined where nobody can tell */
  get books(): Pick<NeighbourBooks, 'miniportOids' | 'oidsBack'> | undefined {
    const { fnmp, fnlwf } = this.parts.handles();
    if (fnmp === undefined || fnlwf === undefined) return undefined;
    const passed: HeldItem[] = this.last?.isHeld === true ? [{ item: this.last.name, origin: 'neighbour' }] : [];
    const own: HeldItem[] = this.own ? [{ item: OIDS.nameOf(this.own.oid), origin: 'filter' }] : [];
    return {
      miniportOids: [...passed, ...own],
      oidsBack: this.all.flatMap(({ name, status }) => (status === undefined ? [] : [{ item: name, status }])),
    };
  }

  /** The adapter is about to go: whoever does not answer from now on has gone with it. */
  leave(): void {
    this.mayBeAway = true;
  }

  /** The handles are about to be closed: fnmp keeps nothing any more. */
  close(): void {
    this.keeps = [];
    this.own = undefined;
    this.kept = undefined;
    this.foreign = undefined;
    this.mayBeAway = false;
    if (this.last) this.last.isHeld = false;
  }

  private get letsGo(): Pick<OidPolicy, 'status'> | undefined {
    return this.answer ?? (this.policy.how === 'later' ? this.policy : undefined);
  }

  /** What fnmp holds is the driver's own when the border shows one that has not come back. */
  private tellOwn(): void {
    const { kept } = this;
    if (!kept) return;
    const isOwn = ownOidsOut(this.parts.crossings()).has(OIDS.nameOf(kept.oid));
    this.own = isOwn ? kept : undefined;
    this.foreign = isOwn ? undefined : kept;
  }

  private async lookAbove(): Promise<void> {
    const { last } = this;
    if (!last) return;
    const held = await this.holds(last.key);
    if (last.isHeld && held === false) this.parts.vanished(last.name);
    last.isHeld = held === true;
    const { letsGo } = this;
    if (last.isHeld && letsGo) {
      // Somebody else's was in front of it, if it is held at the next look.
      last.isHeld = false;
      await this.complete(last.key, letsGo.status);
    }
    // What others ask for under this number is not to wait any longer.
    else if (!last.isHeld && last.isSeen) await this.keep([]);
  }

  /** Others ask for the same: theirs is let through as soon as it is known for that. */
  private async lookAtOwn(): Promise<void> {
    const { letsGo, own } = this;
    const held = await this.firstHeld();
    if (own && held === undefined) this.parts.vanished('an OID request of the driver');
    if (held && (letsGo || held === this.foreign)) {
      this.own = undefined;
      this.kept = undefined;
      await this.complete(held, letsGo?.status);
    } else {
      this.kept = held ?? undefined;
      if (!held) this.own = undefined;
      if (!held && this.policy.how === 'inside-the-call' && !letsGo) await this.keep([]);
    }
    this.foreign = undefined;
  }

  /** @returns of what fnmp keeps, what it holds first; undefined for nothing, null when it has gone with its adapter */
  private async firstHeld(): Promise<Key | undefined | null> {
    for (const key of this.keeps) {
      const held = await this.holds(key);
      if (held !== false) return held === true ? key : null;
    }
    return undefined;
  }

  /** @returns undefined when fnmp has gone with its adapter */
  private async holds(key: Key): Promise<boolean | undefined> {
    const { fnmp: handle } = this.parts.handles();
    if (handle === undefined) return undefined;
    const ask = async (): Promise<boolean> =>
      (await this.parts.helper.request('fnmp.heldOid', { handle, ...key })).held;
    // With a request in its hands it does not go: https://learn.microsoft.com/windows-hardware/drivers/network/halting-a-miniport-adapter
    return this.mayBeAway && !this.isHeld ? unlessAway(ask, undefined) : ask();
  }

  private async complete(key: Key, status: string | undefined): Promise<void> {
    const { fnmp: handle } = this.parts.handles();
    if (handle === undefined) return;
    const as = ANSWERED.has(OIDS.nameOf(key.oid)) ? AS_EVER : SUCCESS;
    const value =
      status === undefined ? as : (statusValue(status) ?? refuse(`The status ${status} has no known value.`));
    await this.parts.helper.request('fnmp.completeOid', { handle, ...key, status: value });
  }

  private async keep(keys: readonly Key[]): Promise<void> {
    const { fnmp: handle } = this.parts.handles();
    if (handle === undefined || JSON.stringify(keys) === JSON.stringify(this.keeps)) return;
    this.keeps = keys;
    await this.parts.helper.request('fnmp.holdOids', { handle, oids: keys });
  }
}

/** @throws RigRefusal (notSupported) for a name that nobody knows the number of */
function keysOf(name: string): readonly Key[] {
  const oid = OIDS.valueOf(name);
  if (oid === undefined) refuse(`The profile names ${name}, of which the kit knows no number: write it as 0x….`);
  return [
    { oid, type: 'query' },
    { oid, type: 'set' },
  ];
}
