/** What is entered into the books for each kind of crossing. */
import type { Crossing } from '../../../trace';
import type { Books } from './books';
import type { ModuleBook } from './module-book';
import { ALLOCATING_RETURNS, FREEING_CALLS } from './ledger';
import { NBL_ALLOCATION_RETURN_KEYS, NBL_FREE_KEYS } from './nbl-calls';

/** What is entered for one kind of crossing. */
export type Entry = (books: Books, crossing: Crossing, module: ModuleBook | undefined) => void;

/** What is entered for a kind of crossing, besides the thread it is on. */
export function entryFor(dir: Crossing['dir'], ddi: string): Entry | undefined {
  return entries[dir].get(ddi);
}

/** Kinds of crossings for which something is entered. */
export function* entered(): Iterable<[Crossing['dir'], string]> {
  for (const dir of Object.keys(entries) as Crossing['dir'][]) {
    for (const ddi of entries[dir].keys()) yield [dir, ddi];
  }
}

const entries: Readonly<Record<Crossing['dir'], Map<string, Entry>>> = {
  '->': new Map<string, Entry>([
    ['DriverEntry', (books) => books.registrations.none()],
    ['FilterAttach', (books, crossing) => books.life.attachEntered(crossing)],
    ['FilterRestart', (books, crossing) => books.life.restartEntered(crossing)],
    ['FilterPause', (books, crossing) => books.life.pauseEntered(crossing)],
    ['FilterDetach', (books, crossing) => books.life.detachEntered(crossing)],
    ['FilterNetPnPEvent', (books, crossing) => books.life.netPnPEvent(crossing)],
    ['FilterDevicePnPEventNotify', (books, crossing) => books.stopping.told(crossing)],
    ['FilterSendNetBufferLists', (books, crossing, module) => books.nbls.deliver('send', crossing, module)],
    ['FilterReceiveNetBufferLists', (books, crossing, module) => books.nbls.deliver('receive', crossing, module)],
    ['FilterSendNetBufferListsComplete', (books, crossing, module) => books.nbls.comeBack('below', crossing, module)],
    ['FilterReturnNetBufferLists', (books, crossing, module) => books.nbls.comeBack('above', crossing, module)],
    ['FilterOidRequest', (books, crossing) => books.oids.delivered(crossing)],
    ['FilterDirectOidRequest', (books, crossing) => books.oids.delivered(crossing)],
    ['FilterOidRequestComplete', (books, crossing) => books.oids.cameBack(crossing)],
    ['FilterDirectOidRequestComplete', (books, crossing) => books.oids.cameBack(crossing)],
  ]),
  '<-': new Map<string, Entry>([
    ['FilterDriverUnload', (books) => books.registrations.none()],
    ['FilterAttach', (books, crossing) => books.life.attachLeft(crossing)],
    ['FilterRestart', (books, crossing) => books.life.restartLeft(crossing)],
    ['FilterPause', (books, crossing) => books.life.pauseLeft(crossing)],
    ['FilterDetach', (books, crossing) => books.life.detachLeft(crossing)],
    ['FilterNetPnPEvent', (books, crossing) => books.lowPower.knows(crossing)],
    ['FilterReceiveNetBufferLists', (books, crossing, module) => books.nbls.leaveReceive(crossing, module)],
    ['FilterOidRequest', (books, crossing) => books.oids.handlerLeft(crossing)],
    ['FilterDirectOidRequest', (books, crossing) => books.oids.handlerLeft(crossing)],
  ]),
  '=>': new Map<string, Entry>([
    ['NdisFRegisterFilterDriver', (books, crossing) => books.registrations.asked(crossing)],
    ['NdisFDeregisterFilterDriver', (books, crossing) => books.registrations.ended(crossing)],
    ['NdisFSetAttributes', (books, crossing) => books.life.attributesSet(crossing)],
    ['NdisSetOptionalHandlers', (books, crossing) => books.life.handlersChanged(crossing)],
    ['NdisFRestartComplete', (books, crossing) => books.life.restartCompleted(crossing)],
    ['NdisFPauseComplete', (books, crossing) => books.life.pauseCompleted(crossing)],
    ['NdisFSendNetBufferLists', (books, crossing, module) => books.nbls.handOver('below', crossing, module)],
    ['NdisFIndicateReceiveNetBufferLists', (books, crossing, module) => books.nbls.handOver('above', crossing, module)],
    [
      'NdisFSendNetBufferListsComplete',
      (books, crossing, module): void => {
        books.life.drains(crossing);
        books.nbls.handHome(crossing, module);
      },
    ],
    [
      'NdisFReturnNetBufferLists',
      (books, crossing, module): void => {
        books.life.drains(crossing);
        books.nbls.handHome(crossing, module);
      },
    ],
    ['NdisWaitEvent', (books, crossing) => books.life.waits(crossing)],
    ['NdisMSleep', (books, crossing) => books.life.waits(crossing)],
    ['ExWaitForRundownProtectionRelease', (books, crossing) => books.life.waits(crossing)],
    ['NdisFOidRequest', (books, crossing) => books.oids.issued(crossing)],
    ['NdisFDirectOidRequest', (books, crossing) => books.oids.issued(crossing)],
    ['NdisFSynchronousOidRequest', (books, crossing) => books.oids.issuedSynchronously(crossing)],
    ['NdisFOidRequestComplete', (books, crossing) => books.oids.completed(crossing)],
    ['NdisFDirectOidRequestComplete', (books, crossing) => books.oids.completed(crossing)],
    ['NdisAllocateCloneOidRequest', (books) => books.oids.cloneAsked()],
    ['NdisFreeCloneOidRequest', (books, crossing) => books.oids.cloneFreed(crossing)],
  ]),
  '<=': new Map<string, Entry>([
    ['NdisFRegisterFilterDriver', (books, crossing) => books.registrations.answered(crossing)],
    ['NdisSetOptionalHandlers', (books, crossing) => books.life.handlersAnswered(crossing)],
    [
      'NdisFIndicateReceiveNetBufferLists',
      (books, crossing, module) => books.nbls.regain(books.threads.opener, crossing, module),
    ],
    ['NdisAllocateCloneOidRequest', (books, crossing) => books.oids.cloned(crossing)],
    ['NdisFOidRequest', (books, crossing) => books.oids.callReturned(crossing)],
    ['NdisFDirectOidRequest', (books, crossing) => books.oids.callReturned(crossing)],
    ['NdisFSynchronousOidRequest', (books, crossing) => books.oids.synchronousCallReturned(crossing)],
  ]),
  '!!': new Map(),
};

for (const key of NBL_ALLOCATION_RETURN_KEYS) also(key, (books, crossing) => books.nbls.allocate(crossing));
for (const key of NBL_FREE_KEYS) also(key, (books, crossing) => books.nbls.free(crossing));
for (const key of ALLOCATING_RETURNS) {
  also(key, (books, crossing) => books.ledger.allocated(crossing, books.threads.inside(crossing, 'FilterAttach')));
}
for (const key of FREEING_CALLS) also(key, (books, crossing) => books.ledger.freed(crossing));

/** Adds to what is entered for a crossing. */
function also(key: string, enter: Entry): void {
  const ofDirection = entries[key.slice(0, 2) as Crossing['dir']];
  const ddi = key.slice(2);
  const first = ofDirection.get(ddi);
  ofDirection.set(
    ddi,
    first
      ? (books, crossing, module): void => {
          first(books, crossing, module);
          enter(books, crossing, module);
        }
      : enter,
  );
}
