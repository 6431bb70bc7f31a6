/** What the neighbours have, as far as the test drivers tell. */
import { emptyBooks, neighbourLists, type HeldItem, type NeighbourBooks } from '../../../contract';
import type { HeldMarked } from './holds';

export interface Seen {
  /** Undefined: there is nobody who tells. */
  readonly below: readonly HeldMarked[] | undefined;
  readonly above: readonly HeldMarked[] | undefined;
  /** What the border of the driver shows of the rest. */
  readonly border: Partial<NeighbourBooks>;
  /** The only module of the driver. */
  readonly module: string | undefined;
}

export function booksOf({ below, above, border, module }: Seen): NeighbourBooks {
  const item = ({ name, origin }: HeldMarked): HeldItem => ({
    item: name,
    origin,
    ...(origin === 'filter' && module !== undefined && { module }),
  });
  const seen: Partial<NeighbourBooks> = {
    ...border,
    ...(below && { miniportSends: below.map(item) }),
    ...(above && { protocolReceives: above.map(item) }),
  };
  return {
    ...emptyBooks,
    ...seen,
    unseen: neighbourLists.filter((list) => seen[list] === undefined),
  };
}
