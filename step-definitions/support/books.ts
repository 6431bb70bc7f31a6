import type { NeighbourBooks, NeighbourList } from '../../adapters/contract';
import { NotObserved } from './expectation';
import type { LwfWorld } from './world';

/**
 * What the neighbours of a filter module have or got back.
 * @throws NotObserved when the adapter does not see that
 */
export async function listOf<L extends NeighbourList>(
  world: LwfWorld,
  adapter: string,
  list: L,
): Promise<NeighbourBooks[L]> {
  const books = await (await world.rig()).neighbours(adapter);
  if (books.unseen?.includes(list) === true) throw new NotObserved(`nobody sees on this adapter ${WHAT[list]}`);
  return books[list];
}

const WHAT: Readonly<Record<NeighbourList, string>> = {
  miniportSends: 'which sends the miniport holds',
  protocolReceives: 'which receives the protocol holds',
  miniportOids: 'which OID requests the miniport holds',
  sendsBack: 'which sends come back to the protocol',
  receivesBack: 'which receives go back to the miniport',
  oidsBack: 'which OID requests come back to the protocol',
  statusesAbove: 'which status indications reach the protocol',
  netPnPEventsAbove: 'which events reach the protocol',
  devicePnPEventsBelow: 'which events reach the miniport',
  cancelsBelow: 'which cancel ids reach the miniport',
};
