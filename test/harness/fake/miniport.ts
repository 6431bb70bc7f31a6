/** fnmp, the functional miniport of win-net-test, on the model: what it holds, for how long, and what it gives back. */
import type { Adapter as Stack, NdisStatus, Nbl, OidRequest } from '../../../src/ndis';
import { OIDS } from '../../../src/ndis/numbers';
import type { Call } from '../../../src/kernel';
import { CaptureFilters, type CaptureFilter } from './capture';
import type { Frames } from './frames';
import { HoldWatchdog } from './hold-watchdog';
import type { Model } from './model';

/** What it answers, of what is asked for in scenarios. */
const SUPPORTED: ReadonlySet<string> = new Set(
  ['STATISTICS', 'LINK_SPEED', 'CURRENT_PACKET_FILTER', 'LINK_STATE', 'VENDOR_DESCRIPTION', 'CURRENT_LOOKAHEAD'].map(
    (name) => `OID_GEN_${name}`,
  ),
);

export interface HeldOid {
  readonly oid: number;
  readonly type: 'query' | 'set';
}

export class Miniport {
  private readonly filters = new CaptureFilters();
  private oids: readonly HeldOid[] = [];
  private readonly age: HoldWatchdog<Nbl | OidRequest>;

  constructor(
    private readonly model: Model,
    private readonly stack: Stack,
    private readonly frames: Frames,
    /** It gave back what it held. */
    private readonly watchdog: () => void,
  ) {
    this.age = new HoldWatchdog(() => model.kernel.now);
    const { miniport } = stack;
    stack.policy.miniportSends = 'hold';
    const pause = miniport.pause.bind(miniport);
    // Its own pause waits for what it holds.
    miniport.pause = function* (): Call<void> {
      miniport.state = 'Pausing';
      yield* model.kernel.until('fnmp gives back what it holds', () => miniport.sends.size === 0);
      yield* pause();
    };
    const oid = miniport.oid.bind(miniport);
    // It keeps what it was told to, answers the rest in the call, and cancels none.
    miniport.oid = (request, issuer) => {
      stack.policy.miniportOids = this.oids.some((wanted) => isOf(request, wanted)) ? 'hold' : 'inside-the-call';
      stack.policy.oidStatus = answerTo(request);
      return oid(request, issuer);
    };
    miniport.cancelOid = function* () {
      // Whoever has asked for it waits.
    };
  }

  /** What it holds, oldest first. @param handle by the filter of this one */
  held(handle?: object): readonly Nbl[] {
    return [...this.stack.miniport.sends].filter((nbl) => this.isHeld(nbl, handle));
  }

  /** Something is to be held, or is. */
  get holdsAnything(): boolean {
    return this.filters.areThere || this.oids.length > 0 || this.stack.miniport.sends.size > 0;
  }

  get isUp(): boolean {
    return this.stack.miniport.state === 'Running';
  }

  hold(handle: object, filter: CaptureFilter): void {
    this.filters.set(handle, filter);
    this.moved();
  }

  holdOids(oids: readonly HeldOid[]): void {
    this.oids = oids;
    this.moved();
  }

  /** It looks at the first request that it holds only. */
  heldOid(wanted: HeldOid): OidRequest | undefined {
    const [first] = this.stack.miniport.oids.keys();
    return first && isOf(first, wanted) ? first : undefined;
  }

  give(nbls: readonly Nbl[]): void {
    if (nbls.length > 0) this.model.interrupt('fnmp', () => this.stack.miniport.completeSends(nbls));
  }

  /** @param status undefined: it answers as it would have at once */
  giveOid(request: OidRequest, status?: NdisStatus): Promise<void> {
    const { miniport } = this.stack;
    return this.model.do('fnmp', () => miniport.completeOid(request, status ?? answerTo(request)));
  }

  /** @returns when the call of NdisMIndicateReceiveNetBufferLists has returned */
  indicate(frames: readonly string[], lowResources: boolean, irql: number): Promise<void> {
    const { miniport } = this.stack;
    const nbls = miniport.newReceives(frames.length);
    nbls.forEach((nbl, i) => this.frames.name(nbl.id, frames[i] ?? ''));
    return this.model.do('fnmp', () => miniport.indicate(nbls, lowResources), irql);
  }

  /** Something has happened: what it does not hold goes on at once. */
  moved(): void {
    const { sends, oids } = this.stack.miniport;
    this.age.see(new Set([...sends, ...oids.keys()]));
    this.give([...sends].filter((nbl) => !this.isHeld(nbl)));
    for (const request of oids.keys()) {
      if (!this.oids.some((wanted) => isOf(request, wanted))) this.giveOid(request).catch(() => undefined);
    }
  }

  /** Time has passed. @param now ms */
  passed(now: number): void {
    const { age } = this;
    if (!age.isDue(now)) return;
    const isLate = (held: Nbl | OidRequest): boolean => age.isLate(held);
    if ([...this.stack.miniport.oids.keys()].some(isLate)) this.holdOids([]);
    if (!this.held().some(isLate)) return;
    this.giveUp();
    this.moved();
  }

  /** The capture filters are dropped; what they hold goes back when the machine comes to that. */
  giveUp(): void {
    this.filters.clear();
    this.watchdog();
  }

  private isHeld(nbl: Nbl, handle?: object): boolean {
    return this.filters.take(this.frames.of(nbl), handle);
  }
}

function answerTo({ oid }: OidRequest): NdisStatus {
  return SUPPORTED.has(oid) || oid.startsWith('OID_802_3_') || oid.startsWith('OID_PNP_')
    ? 'NDIS_STATUS_SUCCESS'
    : 'NDIS_STATUS_NOT_SUPPORTED';
}

function isOf(request: OidRequest, { oid, type }: HeldOid): boolean {
  const isSet = request.requestType === 'NdisRequestSetInformation';
  return OIDS.valueOf(request.oid) === oid && isSet === (type === 'set');
}
