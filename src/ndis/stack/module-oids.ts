import type { Call } from '../../kernel';
import { ndisBugcheck } from '../faults';
import { NDIS } from '../holder';
import type { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type { OidIssuer } from './filter';
import type { FilterModule } from './module';

interface Pending {
  readonly request: OidRequest;
  readonly issuer: OidIssuer;
  readonly direct: boolean;
  /** NdisFOidRequestComplete was called, perhaps before FilterOidRequest returned. */
  completed: boolean;
}

/**
 * OID requests from above inside one module. Regular requests come one at a time, direct ones as they are issued
 * (https://learn.microsoft.com/windows-hardware/drivers/network/filtering-oid-requests-in-an-ndis-filter-driver).
 */
export class ModuleOids {
  private readonly pending = new Map<OidRequest, Pending>();
  private readonly waiting: Pending[] = [];
  private current: Pending | undefined;

  constructor(private readonly module: FilterModule) {}

  /** @returns NDIS_STATUS_PENDING when the issuer will be called back */
  *deliver(request: OidRequest, issuer: OidIssuer, direct: boolean): Call<NdisStatus> {
    const entry: Pending = { request, issuer, direct, completed: false };
    if (!direct) {
      if (this.current || this.waiting.length > 0) {
        this.waiting.push(entry);
        return 'NDIS_STATUS_PENDING';
      }
      this.current = entry;
    }
    return yield* this.run(entry);
  }

  /** Does the module have this request from above? */
  has(request: OidRequest): boolean {
    return this.pending.has(request);
  }

  /** No request from above is inside the module or waits for it. */
  get idle(): boolean {
    return this.pending.size === 0 && this.waiting.length === 0;
  }

  /** NdisFOidRequestComplete. @throws Bugcheck 0x7C/0x26 when no such request is pending */
  *complete(request: OidRequest, status: NdisStatus, direct: boolean): Call<void> {
    const entry = this.pending.get(request);
    if (!entry || entry.direct !== direct) {
      throw ndisBugcheck(
        this.module.adapter.kernel,
        '0x26',
        `${this.module.name} completed ${request.id}, which is not pending in it`,
      );
    }
    entry.completed = true;
    this.finish(entry, status);
    yield* entry.issuer.oidCompleted(request, status);
  }

  /** Cancels a request that the module has not seen yet. @returns false when there is none with this id */
  *cancelWaiting(requestId: unknown): Call<boolean> {
    const index = this.waiting.findIndex((entry) => entry.request.requestId === requestId);
    const [entry] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (!entry) return false;
    yield* entry.issuer.oidCompleted(entry.request, 'NDIS_STATUS_REQUEST_ABORTED');
    return true;
  }

  private *run(entry: Pending): Call<NdisStatus> {
    this.pending.set(entry.request, entry);
    const status = yield* this.module.enterOidRequest(entry.request, entry.direct);
    if (status === 'NDIS_STATUS_PENDING') return status;
    if (entry.completed) {
      throw ndisBugcheck(
        this.module.adapter.kernel,
        '0x26',
        `${this.module.name} returned a final status for ${entry.request.id}, which it had already completed`,
      );
    }
    this.finish(entry, status);
    return status;
  }

  private finish(entry: Pending, status: NdisStatus): void {
    const { request } = entry;
    this.pending.delete(request);
    request.holder = NDIS;
    if (status === 'NDIS_STATUS_SUCCESS' && request.bytesWritten > request.informationBufferLength) {
      throw ndisBugcheck(
        this.module.adapter.kernel,
        '0x1D',
        `${this.module.name} completed ${request.id} with more bytes written than its buffer has`,
      );
    }
    if (this.current !== entry) return;
    this.current = undefined;
    if (this.waiting.length > 0) {
      this.module.adapter.kernel.spawn(`next OID of ${this.module.name}`, this.runNext());
    }
  }

  /** The next request leaves the queue only now: until then it can be cancelled there. */
  private *runNext(): Call<void> {
    const entry = this.current ? undefined : this.waiting.shift();
    if (!entry) return;
    this.current = entry;
    const status = yield* this.run(entry);
    if (status !== 'NDIS_STATUS_PENDING') yield* entry.issuer.oidCompleted(entry.request, status);
  }
}
