/** On a real machine others use the adapter whenever they like, and what the filter does for them is not to be told from what it does for the scenario. */
import { NotObserved } from './expectation';
import { entriesOf } from './trace-query';
import type { LwfWorld } from './world';

interface Traffic {
  readonly what: string;
  /** What is entered or called for it. */
  readonly ddis: RegExp;
  /** By what NDIS hands it to the filter. */
  readonly handlers: readonly string[];
  /** How much of it is the scenario's own. */
  readonly own: (world: LwfWorld) => number;
}

const TRAFFIC: readonly Traffic[] = [
  {
    what: 'OID requests',
    ddis: /OidRequest(Complete)?$/,
    handlers: ['FilterOidRequest', 'FilterDirectOidRequest', 'FilterSynchronousOidRequest'],
    own: ({ oidRequests }) => oidRequests.length,
  },
  {
    what: 'sends',
    ddis: /^(Filter|NdisF)SendNetBufferLists(Complete)?$/,
    handlers: ['FilterSendNetBufferLists'],
    own: ({ handed }) => handed.sends,
  },
  {
    what: 'receives',
    ddis: /^(FilterReceive|FilterReturn|NdisFIndicateReceive|NdisFReturn)NetBufferLists$/,
    handlers: ['FilterReceiveNetBufferLists'],
    own: ({ handed }) => handed.receives,
  },
];

/**
 * Goes on only when what is counted, or said of the last time, is the scenario's.
 * @throws NotObserved when others have handed the filter the like
 */
export async function requireAlone(world: LwfWorld, ddi: string): Promise<void> {
  const traffic = TRAFFIC.find(({ ddis }) => ddis.test(ddi));
  if (!traffic) return;
  const own = traffic.own(world);
  const seen = own === 0 ? await world.since() : await world.trace();
  const entries = traffic.handlers.flatMap((handler) => entriesOf(seen, handler));
  // Each module is handed each of them once.
  const handed = new Map<string | undefined, number>();
  for (const { module, nbls } of entries) handed.set(module, (handed.get(module) ?? 0) + (nbls?.length ?? 1));
  const most = Math.max(0, ...handed.values());
  if (most > own) {
    throw new NotObserved(
      `others have handed the filter ${traffic.what} meanwhile (${most} with the scenario's ${own}, from #${entries[0]?.seq} on), and ${ddi} may be about theirs`,
    );
  }
}
