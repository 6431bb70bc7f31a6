import type { Adapter } from '../../src/ndis';
import type { NeighbourBooks } from '../contract';
import { heldItem } from './selection';

/** @returns what the neighbours of a stack have in their hands and what they got back */
export function booksOf({ miniport, protocol }: Adapter): NeighbourBooks {
  return {
    miniportSends: [...miniport.sends].map(heldItem),
    protocolReceives: [...protocol.receives].map(heldItem),
    miniportOids: [...miniport.oids.keys()].map(heldItem),
    sendsBack: [...protocol.sendsBack],
    receivesBack: [...miniport.receivesBack],
    oidsBack: [...protocol.oidsBack],
    statusesAbove: [...protocol.statuses],
    netPnPEventsAbove: [...protocol.netPnPEvents],
    devicePnPEventsBelow: [...miniport.devicePnPEvents],
    cancelsBelow: [...miniport.cancels],
  };
}
