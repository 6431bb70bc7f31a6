import type { NeighbourBooks, NeighbourList } from './rig';

/** Nothing is with anybody. */
export const emptyBooks: NeighbourBooks = {
  miniportSends: [],
  protocolReceives: [],
  miniportOids: [],
  sendsBack: [],
  receivesBack: [],
  oidsBack: [],
  statusesAbove: [],
  netPnPEventsAbove: [],
  devicePnPEventsBelow: [],
  cancelsBelow: [],
};

export const neighbourLists = Object.keys(emptyBooks) as readonly NeighbourList[];
