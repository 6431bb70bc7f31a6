/** What neighbours get back, as the border of the driver shows it. */
import type { NeighbourBooks } from '../../../contract';
import type { Crossing, NblView } from '../../../../src/trace';

/** NDIS_RECEIVE_FLAGS_RESOURCES: they are back when the call returns. */
const LENT = 0x2;

/** By which handlers what comes and goes is seen at all: NDIS passes by a driver that lacks them. */
const SEEN_BY = {
  sends: ['FilterSendNetBufferLists', 'FilterSendNetBufferListsComplete'],
  receives: ['FilterReceiveNetBufferLists', 'FilterReturnNetBufferLists'],
} as const;

export type Traffic = keyof typeof SEEN_BY;

const CHOOSES_HANDLERS = new Set(['NdisFRegisterFilterDriver', 'NdisSetOptionalHandlers']);

/** @returns whether the driver has what is handed over in this way from the one end to the other, whatever handlers it has chosen */
export function passes(crossings: readonly Crossing[], traffic: Traffic): boolean {
  const chosen = crossings
    .filter(({ dir, ddi }) => dir === '=>' && CHOOSES_HANDLERS.has(ddi))
    .map(({ args }) => args?.['handlers']);
  const hasAll = (handlers: unknown): boolean =>
    Array.isArray(handlers) && SEEN_BY[traffic].every((name) => handlers.includes(name));
  return chosen.length > 0 && chosen.every(hasAll);
}

/** NDIS hands events past a driver that was registered without a handler for them; no later call brings one. */
function hearsEvents(crossings: readonly Crossing[]): boolean {
  const registered = crossings.findLast(({ dir, ddi }) => dir === '=>' && ddi === 'NdisFRegisterFilterDriver');
  const handlers = registered?.args?.['handlers'];
  return Array.isArray(handlers) && handlers.includes('FilterNetPnPEvent');
}

/** @returns names of the NBLs that neighbours have handed to the driver in this way, in order */
export function handed(crossings: readonly Crossing[], traffic: Traffic): string[] {
  const [handler] = SEEN_BY[traffic];
  return crossings.filter(({ dir, ddi }) => dir === '->' && ddi === handler).flatMap(names);
}

/** @returns those lists that the crossings tell; an NBL that is used again has not come back yet */
export function backIn(
  crossings: readonly Crossing[],
): Partial<Pick<NeighbourBooks, 'sendsBack' | 'receivesBack' | 'netPnPEventsAbove'>> {
  return {
    ...(hearsEvents(crossings) && { netPnPEventsAbove: eventsAbove(crossings) }),
    ...(passes(crossings, 'sends') && { sendsBack: sendsBack(crossings) }),
    ...(passes(crossings, 'receives') && { receivesBack: receivesBack(crossings) }),
  };
}

/** What is forwarded: https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisfnetpnpevent */
function eventsAbove(crossings: readonly Crossing[]): string[] {
  const forwarded = crossings.filter(({ dir, ddi }) => dir === '=>' && ddi === 'NdisFNetPnPEvent');
  return forwarded.map(({ args }) => String(args?.['event']));
}

function sendsBack(crossings: readonly Crossing[]): NeighbourBooks['sendsBack'] {
  const back = new Map<string, string>();
  const foreign = new Set<string>();
  for (const crossing of crossings) {
    const { dir, ddi, nbls = [] } = crossing;
    if (dir === '->' && ddi === 'FilterSendNetBufferLists') {
      for (const { nbl } of nbls) {
        foreign.add(nbl);
        back.delete(nbl);
      }
    }
    if (dir !== '=>' || ddi !== 'NdisFSendNetBufferListsComplete') continue;
    for (const { nbl, status } of nbls) if (foreign.has(nbl) && status !== undefined) back.set(nbl, status);
  }
  return [...back].map(([item, status]) => ({ item, status }));
}

function receivesBack(crossings: readonly Crossing[]): string[] {
  const back = new Set<string>();
  const lent = new Map<string, NblView[]>();
  for (const crossing of crossings) {
    const { dir, ddi, nbls = [], thread = '', args } = crossing;
    switch (`${dir}${ddi}`) {
      case '->FilterReceiveNetBufferLists': {
        for (const { nbl } of nbls) back.delete(nbl);
        lent.set(thread, isLent(args) ? [...nbls] : []);
        break;
      }
      case '<-FilterReceiveNetBufferLists':
        for (const { nbl } of lent.get(thread) ?? []) back.add(nbl);
        break;
      case '=>NdisFReturnNetBufferLists':
        for (const { nbl } of nbls) back.add(nbl);
        break;
      default:
    }
  }
  return [...back];
}

/** @param args of an indication */
export function isLent(args: Crossing['args']): boolean {
  return (Number(args?.['flags'] ?? 0) & LENT) !== 0;
}

function names({ nbls = [] }: Crossing): string[] {
  return nbls.map(({ nbl }) => nbl);
}
