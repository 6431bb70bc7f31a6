/** The handlers that a driver registers, as the model calls them: each lays out what it is given, and runs the driver's function. */
import type { Call } from '../../../../src/kernel';
import type {
  Context,
  NdisFilterDriverCharacteristics,
  NdisFilterPartialCharacteristics,
  NdisOidRequest,
  NdisStatus,
  NetBufferList,
} from '../../../../src/ndis';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../../../../src/ndis';
import { Nbl } from '../../../../src/ndis/nbl';
import { OidRequest } from '../../../../src/ndis/oid-request';
import type { Guest } from '../guest';
import { readUnicodeString } from '../text';
import { statusOf, statusValue } from './constants';
import { lendDevicePnPEvent, lendNetPnPEvent, lendStatus } from './events';
import { FILTER_CHARACTERISTICS } from './layouts';
import { lendOnce } from './lend-once';
import { lendAttachParameters, lendPauseParameters, lendRestartParameters } from './parameters';
import { chainFrom } from './nbls';
import { NdisPart } from './part';

const POINTER = 8;
const ULONG = 4;

type Handlers = Omit<
  NdisFilterDriverCharacteristics,
  'MajorNdisVersion' | 'MinorNdisVersion' | 'FriendlyName' | 'UniqueName' | 'ServiceName'
>;

/** Where the five data handlers are, in either structure. */
interface DataMembers {
  readonly send: number;
  readonly sendComplete: number;
  readonly cancelSend: number;
  readonly receive: number;
  readonly return: number;
}

/** @returns the handlers of a structure of a revision; what is NULL stays null */
export function handlersAt(guest: Guest, at: number, revision: number): Handlers {
  const members = FILTER_CHARACTERISTICS;
  return {
    ...lifeHandlers(guest, at),
    ...dataHandlers(guest, at, members),
    OidRequestHandler: oidHandler(guest, at + members.oid),
    OidRequestCompleteHandler: oidCompleteHandler(guest, at + members.oidComplete),
    CancelOidRequestHandler: cancelOidHandler(guest, at + members.cancelOid),
    ...(revision >= 2 && {
      DirectOidRequestHandler: oidHandler(guest, at + members.directOid),
      DirectOidRequestCompleteHandler: oidCompleteHandler(guest, at + members.directOidComplete),
      CancelDirectOidRequestHandler: cancelOidHandler(guest, at + members.cancelDirectOid),
    }),
    ...(revision >= 3 && synchronousOidHandlers(guest, at)),
    ...eventHandlers(guest, at),
  };
}

/** What the driver's function gets first, and what runs it. */
class Entry {
  readonly ndis: NdisPart;

  constructor(
    readonly guest: Guest,
    private readonly address: bigint,
  ) {
    this.ndis = guest.part(NdisPart);
  }

  *run(context: Context, ...rest: readonly bigint[]): Call<void> {
    yield* this.guest.call(this.address, this.ndis.addressOf(context), ...rest);
  }

  *status(context: Context, ...rest: readonly bigint[]): Call<NdisStatus> {
    return statusOf(toUlong(yield* this.guest.call(this.address, this.ndis.addressOf(context), ...rest)));
  }

  /** For handlers whose first argument is a handle. */
  *statusOf(...args: readonly bigint[]): Call<NdisStatus> {
    return statusOf(toUlong(yield* this.guest.call(this.address, ...args)));
  }
}

function entryAt(guest: Guest, slot: number): Entry | null {
  const address = guest.memory.u64(slot);
  return address === 0n ? null : new Entry(guest, address);
}

function toUlong(rax: bigint): number {
  return Number(rax & 0xffff_ffffn);
}

function lifeHandlers(guest: Guest, at: number): Handlers {
  const members = FILTER_CHARACTERISTICS;
  const setOptions = entryAt(guest, at + members.setOptions);
  const setModuleOptions = entryAt(guest, at + members.setModuleOptions);
  const attach = entryAt(guest, at + members.attach);
  const detach = entryAt(guest, at + members.detach);
  const restart = entryAt(guest, at + members.restart);
  const pause = entryAt(guest, at + members.pause);
  const ndis = guest.part(NdisPart);
  const uniqueName = readUnicodeString(guest, at + members.uniqueName);
  return {
    SetOptionsHandler:
      setOptions && ((driver, context) => setOptions.statusOf(ndis.handles.addressOf(driver), ndis.addressOf(context))),
    SetFilterModuleOptionsHandler: setModuleOptions && ((module) => setModuleOptions.status(module)),
    AttachHandler:
      attach &&
      function* (filter, context, parameters): Call<NdisStatus> {
        const lent = lendAttachParameters(guest, parameters, uniqueName);
        const status = yield* attach.statusOf(ndis.handles.addressOf(filter), ndis.addressOf(context), lent.address);
        lent.end();
        return status;
      },
    DetachHandler: detach && ((module) => detach.run(module)),
    RestartHandler:
      restart &&
      function* (module, parameters): Call<NdisStatus> {
        const lent = lendRestartParameters(guest, parameters);
        const status = yield* restart.status(module, lent.address);
        lent.end();
        return status;
      },
    PauseHandler:
      pause &&
      function* (module, parameters): Call<NdisStatus> {
        const lent = lendPauseParameters(guest, parameters);
        const status = yield* pause.status(module, lent.address);
        lent.end();
        return status;
      },
  };
}

/** @returns the data handlers of a structure whose members are at the given offsets */
export function dataHandlers(guest: Guest, at: number, members: DataMembers): NdisFilterPartialCharacteristics {
  const send = entryAt(guest, at + members.send);
  const sendComplete = entryAt(guest, at + members.sendComplete);
  const cancelSend = entryAt(guest, at + members.cancelSend);
  const receive = entryAt(guest, at + members.receive);
  const giveBack = entryAt(guest, at + members.return);
  const { nbls, ids } = guest.part(NdisPart);
  return {
    SendNetBufferListsHandler:
      send &&
      ((module, chain, port, flags) => send.run(module, nbls.lend(requireNbl(chain)), BigInt(port), BigInt(flags))),
    SendNetBufferListsCompleteHandler:
      sendComplete && ((module, chain, flags) => sendComplete.run(module, nbls.lend(requireNbl(chain)), BigInt(flags))),
    CancelSendNetBufferListsHandler:
      cancelSend && ((module, cancelId) => cancelSend.run(module, ids.valueOf(cancelId))),
    ReceiveNetBufferListsHandler:
      receive &&
      ((module, chain, port, count, flags) => receiveChain(receive, module, requireNbl(chain), port, count, flags)),
    ReturnNetBufferListsHandler:
      giveBack && ((module, chain, flags) => giveBack.run(module, nbls.lend(requireNbl(chain)), BigInt(flags))),
  };
}

/** What was indicated with NDIS_RECEIVE_FLAGS_RESOURCES goes back when the handler returns. */
function* receiveChain(
  entry: Entry,
  module: Context,
  chain: Nbl,
  port: number,
  count: number,
  flags: number,
): Call<void> {
  const { nbls } = entry.ndis;
  const lent = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) === 0 ? [] : [...chainFrom(chain)];
  yield* entry.run(module, nbls.lend(chain), BigInt(port), BigInt(count), BigInt(flags));
  for (const nbl of lent) {
    if (nbl.heldByDriver && !nbl.freed) nbls.readBack(nbl);
    nbls.closeOne(nbl);
  }
}

function oidHandler(guest: Guest, slot: number): NdisFilterDriverCharacteristics['OidRequestHandler'] {
  const entry = entryAt(guest, slot);
  return (
    entry &&
    function* (module, request): Call<NdisStatus> {
      const { oids } = entry.ndis;
      const address = oids.lend(requireOid(request));
      const status = yield* entry.status(module, address);
      if (status !== 'NDIS_STATUS_PENDING') {
        oids.read(address);
        oids.close(request);
      }
      return status;
    }
  );
}

function oidCompleteHandler(guest: Guest, slot: number): NdisFilterDriverCharacteristics['OidRequestCompleteHandler'] {
  const entry = entryAt(guest, slot);
  return (
    entry &&
    ((module, request, status) =>
      entry.run(module, entry.ndis.oids.lend(requireOid(request)), BigInt(statusValue(status))))
  );
}

function synchronousOidHandlers(guest: Guest, at: number): Partial<Handlers> {
  const preview = entryAt(guest, at + FILTER_CHARACTERISTICS.synchronousOid);
  const complete = entryAt(guest, at + FILTER_CHARACTERISTICS.synchronousOidComplete);
  const { oids } = guest.part(NdisPart);
  const during = function* <T>(request: NdisOidRequest, run: (address: bigint) => Call<T>): Call<T> {
    const address = oids.lend(requireOid(request));
    const result = yield* run(address);
    oids.read(address);
    oids.close(request);
    return result;
  };
  return {
    SynchronousOidRequestHandler:
      preview &&
      function* (module, request, callContext): Call<NdisStatus> {
        const slot = lendOnce(guest, POINTER);
        const status = yield* during(request, (address) => preview.status(module, address, slot.address));
        callContext.value = guest.memory.u64(slot.offset);
        slot.end();
        return status;
      },
    SynchronousOidRequestCompleteHandler:
      complete &&
      function* (module, request, status, callContext): Call<void> {
        const slot = lendOnce(guest, ULONG);
        guest.memory.setU32(slot.offset, statusValue(status.value));
        const context = typeof callContext === 'bigint' ? callContext : 0n;
        yield* during(request, (address) => complete.run(module, address, slot.address, context));
        status.value = statusOf(guest.memory.u32(slot.offset));
        slot.end();
      },
  };
}

function cancelOidHandler(guest: Guest, slot: number): NdisFilterDriverCharacteristics['CancelOidRequestHandler'] {
  const entry = entryAt(guest, slot);
  return (
    entry &&
    ((module, requestId) => entry.run(module, entry.ndis.ids.valueOf(typeof requestId === 'string' ? requestId : null)))
  );
}

function eventHandlers(guest: Guest, at: number): Handlers {
  const members = FILTER_CHARACTERISTICS;
  const devicePnP = entryAt(guest, at + members.devicePnP);
  const netPnP = entryAt(guest, at + members.netPnP);
  const status = entryAt(guest, at + members.status);
  return {
    DevicePnPEventNotifyHandler:
      devicePnP &&
      function* (module, event): Call<void> {
        const lent = lendDevicePnPEvent(guest, event);
        yield* devicePnP.run(module, lent.address);
        lent.end();
      },
    NetPnPEventHandler:
      netPnP &&
      function* (module, event): Call<NdisStatus> {
        const lent = lendNetPnPEvent(guest, event);
        const result = yield* netPnP.status(module, lent.address);
        lent.end();
        return result;
      },
    StatusHandler:
      status &&
      function* (module, indication): Call<void> {
        const lent = lendStatus(guest, indication);
        yield* status.run(module, lent.address);
        lent.end();
      },
  };
}

/** The model passes objects of its own classes only. */
function requireNbl(chain: NetBufferList): Nbl {
  if (chain instanceof Nbl) return chain;
  throw new TypeError('the model passed a chain that is none of its own');
}

function requireOid(request: NdisOidRequest): OidRequest {
  if (request instanceof OidRequest) return request;
  throw new TypeError('the model passed a request that is none of its own');
}
