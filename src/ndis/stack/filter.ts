import type { Call } from '../../kernel';
import type { Holder } from '../holder';
import type { Nbl } from '../nbl';
import type { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type {
  NdisRestartGeneralAttributes,
  NdisStatusIndication,
  NetDevicePnPEvent,
  NetPnPEventNotification,
} from '../wdk';

/** https://learn.microsoft.com/windows-hardware/drivers/network/module-states-of-a-filter-driver, with FilterDetach itself as a state. */
export type ModuleState = 'Detached' | 'Attaching' | 'Paused' | 'Restarting' | 'Running' | 'Pausing' | 'Detaching';

/** Optional entry points: NDIS skips a filter that has none. */
export type Entry =
  | 'send'
  | 'sendComplete'
  | 'cancelSend'
  | 'receive'
  | 'return'
  | 'oid'
  | 'cancelOid'
  | 'directOid'
  | 'cancelDirectOid'
  | 'status'
  | 'netPnP'
  | 'devicePnP';

/** Who issued an OID request to the layer below and hears of its end when that was pending. */
export interface OidIssuer {
  oidCompleted(request: OidRequest, status: NdisStatus): Call<void>;
}

/** A synchronous request on its way back through a filter that let it go on. */
export type SynchronousReturn = (status: NdisStatus) => Call<NdisStatus>;

/** One filter module in a stack: of the driver under test, or a neighbour. */
export interface StackFilter extends Holder {
  readonly state: ModuleState;
  has(entry: Entry): boolean;

  attach(): Call<NdisStatus>;
  preDetach(): Call<void>;
  detach(): Call<void>;
  setModuleOptions(): Call<void>;
  restart(attributes: NdisRestartGeneralAttributes | null): Call<NdisStatus>;
  pause(): Call<void>;

  send(nbls: readonly Nbl[], flags: number): Call<void>;
  sendComplete(nbls: readonly Nbl[], flags: number): Call<void>;
  cancelSend(cancelId: string): Call<void>;
  receive(nbls: readonly Nbl[], count: number, flags: number): Call<void>;
  return(nbls: readonly Nbl[], flags: number): Call<void>;

  oid(request: OidRequest, issuer: OidIssuer, direct: boolean): Call<NdisStatus>;
  cancelOid(requestId: unknown, direct: boolean): Call<void>;
  /** @returns the way back when the filter lets the request go on; the status with which it ends when not */
  synchronousOid(request: OidRequest): Call<SynchronousReturn | NdisStatus>;
  status(indication: NdisStatusIndication): Call<void>;
  netPnP(event: NetPnPEventNotification): Call<NdisStatus>;
  devicePnP(event: NetDevicePnPEvent): Call<void>;
}

/** May NDIS call the data, OID, status and PnP handlers of a module in this state? The paths are closed at both ends of its life. */
export function isReachable(state: ModuleState): boolean {
  return state === 'Paused' || state === 'Restarting' || state === 'Running' || state === 'Pausing';
}
