import type { Call } from '../../kernel';
import { badPointer } from '../faults';
import type { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type { OidIssuer } from './filter';
import type { FilterModule } from './module';

/** Regular and direct OID requests that a module has issued. */
export class ModuleOwnOids implements OidIssuer {
  /** Those that have not come back. */
  private readonly out = new Set<OidRequest>();

  constructor(private readonly module: FilterModule) {}

  /** All of them have come back. */
  get idle(): boolean {
    return this.out.size === 0;
  }

  /**
   * NdisFOidRequest, NdisFDirectOidRequest.
   * @returns the final status, or NDIS_STATUS_PENDING and then the completion handler is called
   */
  *issue(request: OidRequest, direct: boolean): Call<NdisStatus> {
    this.out.add(request);
    const status = yield* this.module.adapter.control.oidDown(this.module, request, this, direct);
    if (status !== 'NDIS_STATUS_PENDING') this.out.delete(request);
    return status;
  }

  /** @throws Bugcheck when the driver has freed it meanwhile */
  *oidCompleted(request: OidRequest, status: NdisStatus): Call<void> {
    const { module } = this;
    if (request.freed) {
      throw badPointer(module.adapter.kernel, `${request.id} was completed after the driver had freed it`, request.id);
    }
    request.below = false;
    this.out.delete(request);
    yield* module.enterOidRequestComplete(request, status, request.path === 'direct');
  }
}
