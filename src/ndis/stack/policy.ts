import type { NdisStatus } from '../status';

/** How a neighbour gives back what it was handed. */
export type GiveBack = 'hold' | 'inside-the-call' | 'later';

/** How the neighbours of a stack behave. */
export interface Policy {
  miniportSends: GiveBack;
  sendStatus: NdisStatus;
  protocolReceives: GiveBack;
  miniportOids: GiveBack;
  oidStatus: NdisStatus;
  /** The protocol votes against removal and sleep. */
  protocolVetoes: boolean;
}

export function defaultPolicy(): Policy {
  return {
    miniportSends: 'later',
    sendStatus: 'NDIS_STATUS_SUCCESS',
    protocolReceives: 'later',
    miniportOids: 'inside-the-call',
    oidStatus: 'NDIS_STATUS_SUCCESS',
    protocolVetoes: false,
  };
}
