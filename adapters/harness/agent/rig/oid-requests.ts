/** OID requests from above: fnlwf issues them, fnmp below keeps and answers them. One at a time, as NDIS hands them on. */
import type { GiveBack, HeldItem, NeighbourBooks } from '../../../contract';
import { OIDS } from '../../../../src/ndis/numbers';
import { statusValue, type Crossing } from '../../../../src/trace';
import type { Helper, OidType } from '../ports';
import { oidsIn, oidStatusOf } from './oid-status';
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
  /** What the driver's border shows; nothing where nobody sees it. */
  readonly crossings: () => readonly Crossing[];
  /** fnmp gave back a request that nobody released. */
  readonly vanished: (name: string) => void;
  /** How a request ended cannot be told. */
  readonly unclear: (why: string) => void;
}

interface Issued {
  readonly name: string;
  readonly oid: string;
  readonly type: OidType;
  readonly key: { readonly oid: number; readonly type: OidType };
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
  private keeps: Issued['key'] | undefined;
  /** Set while fnmp is to let go whatever of it it holds. */
  private answer: number | undefined;

  constructor(private readonly parts: OidRequestsParts) {}

  behave(policy: OidPolicy): void {
    if (policy.how === 'inside-the-call' && policy.status !== undefined) refuse(WHY_NOT.oidStatus);
    this.policy = policy;
  }

  /** The driver is about to be asked for requests of its own. @throws RigRefusal (notSupported) when they were to be kept */
  requireOwn(): void {
    if (this.policy.how !== 'inside-the-call') refuse(WHY_NOT.ownOids);
  }

  /** @throws RigRefusal (notSupported) for what the test drivers cannot do */
  async issue(oid: string, type: OidType): Promise<IssuedOid> {
    const { fnmp, fnlwf } = this.parts.handles();
    const number = OIDS.valueOf(oid);
    if (fnmp === undefined || fnlwf === undefined || number === undefined) refuse(WHY_NOT.oids);
    if (this.isOut) refuse(WHY_NOT.oneOid);
    if (this.policy.how === 'inside-the-call' && !ANSWERED.has(oid)) refuse(WHY_NOT.unknownOid);
    const key = { oid: number, type };
    await this.keep(this.policy.how === 'inside-the-call' ? undefined : key);
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
    const { last, keeps } = this;
    const { fnmp: handle } = this.parts.handles();
    if (last?.told !== undefined) last.isSeen = true;
    if (!last || !keeps || handle === undefined) return;
    const { held } = await this.parts.helper.request('fnmp.heldOid', { handle, ...keeps });
    if (last.isHeld && !held) this.parts.vanished(last.name);
    last.isHeld = held;
    const answer = this.answer ?? (this.policy.how === 'later' ? this.answerOf(this.policy.status) : undefined);
    if (held && answer !== undefined) await this.complete(last, answer);
    // What others ask for under this number is not to wait any longer.
    else if (!held && last.isSeen) await this.keep(undefined);
  }

  /** All that happened before the last look has been seen. */
  flushed(): void {
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
    this.answer = this.answerOf(status ?? this.policy.status);
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
    return this.last?.isHeld === true;
  }

  /** It has not come back, and it is not the miniport that keeps it. */
  get isOnTheWay(): boolean {
    return this.isOut && (!this.isHeld || this.answer !== undefined || this.policy.how === 'later');
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
    const item = (name: string): HeldItem => ({ item: name, origin: 'neighbour' });
    return {
      miniportOids: this.isHeld && this.last ? [item(this.last.name)] : [],
      oidsBack: this.all.flatMap(({ name, status }) => (status === undefined ? [] : [{ item: name, status }])),
    };
  }

  /** The handles are about to be closed: fnmp keeps nothing any more. */
  close(): void {
    this.keeps = undefined;
    if (this.last) this.last.isHeld = false;
  }

  private answerOf(status: string | undefined): number {
    if (status !== undefined) return statusValue(status) ?? refuse(`The status ${status} has no known value.`);
    return this.last && ANSWERED.has(this.last.oid) ? AS_EVER : SUCCESS;
  }

  private async complete(issued: Issued, status: number): Promise<void> {
    const { fnmp: handle } = this.parts.handles();
    if (handle === undefined) return;
    // Somebody else's was in front of it, if it is held at the next look.
    issued.isHeld = false;
    await this.parts.helper.request('fnmp.completeOid', { handle, ...issued.key, status });
  }

  private async keep(key: Issued['key'] | undefined): Promise<void> {
    const { fnmp: handle } = this.parts.handles();
    if (handle === undefined || (key?.oid === this.keeps?.oid && key?.type === this.keeps?.type)) return;
    this.keeps = key;
    await this.parts.helper.request('fnmp.holdOids', { handle, oids: key ? [key] : [] });
  }
}
