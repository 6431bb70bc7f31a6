/** Injection of packets through the Windows Filtering Platform: they leave the driver, go nowhere, and come back completed. */
import type { Call } from '../../../../src/kernel';
import type { Result } from '../contract';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { ndisModule } from '../ndis';
import { checked, define, DISPATCH, PASSIVE, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';
import { FilteringEngine } from './filtering-engine';

const NOT_INJECTED = 0;
const NETWORK_OR_FORWARD = 0xc;

/** Injection handles of one boot, and what each was made for. */
class InjectionHandles {
  readonly types = new Map<bigint, number>();
}

export const injectionExports: readonly GuestExport[] = [
  define('FwpsInjectionHandleCreate0', PASSIVE, 'fwpsk/nf-fwpsk-fwpsinjectionhandlecreate0', (guest, call) => {
    const out = checked(guest, call, 2, 'write', 8);
    const handle = guest.part(FilteringEngine).newHandle();
    guest.part(InjectionHandles).types.set(handle, call.u32(1));
    guest.memory.setU64(out, handle);
    return STATUS.SUCCESS;
  }),
  define('FwpsInjectionHandleDestroy0', PASSIVE, 'fwpsk/nf-fwpsk-fwpsinjectionhandledestroy0', (guest, call) =>
    guest.part(InjectionHandles).types.delete(call.u64(0)) ? STATUS.SUCCESS : STATUS.INVALID_HANDLE,
  ),
  define(
    'FwpsQueryPacketInjectionState0',
    DISPATCH,
    'fwpsk/nf-fwpsk-fwpsquerypacketinjectionstate0',
    () => NOT_INJECTED,
  ),
  define('FwpsInjectNetworkSendAsync0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsinjectnetworksendasync0', (guest, call) => {
    const type = guest.part(InjectionHandles).types.get(call.u64(0));
    if (type === undefined) return STATUS.INVALID_HANDLE;
    if (type !== 0 && (type & NETWORK_OR_FORWARD) === 0) return STATUS.INVALID_PARAMETER;
    const [nbl, completion, context] = [call.u64(4), call.u64(5), call.u64(6)];
    if (completion === 0n) return STATUS.INVALID_PARAMETER;
    guest.wdk.StartRoutine('CustomDpc', DISPATCH, function* (): Call<void> {
      yield* guest.call(completion, context, nbl, 1n);
    });
    return STATUS.SUCCESS;
  }),

  define(
    'FwpsAllocateNetBufferAndNetBufferList0',
    DISPATCH,
    'fwpsk/nf-fwpsk-fwpsallocatenetbufferandnetbufferlist0',
    (guest, call) => allocated(guest, call, 'NdisAllocateNetBufferAndNetBufferList', 6),
  ),
  define('FwpsFreeNetBufferList0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsfreenetbufferlist0', (guest, call) =>
    asNdis(guest, call, 'NdisFreeNetBufferList'),
  ),
  define('FwpsAllocateCloneNetBufferList0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsallocateclonenetbufferlist0', (guest, call) =>
    // Without pools the platform takes its own, and this machine's is always used up.
    call.u64(1) === 0n ? STATUS.INSUFFICIENT_RESOURCES : allocated(guest, call, 'NdisAllocateCloneNetBufferList', 4),
  ),
  define('FwpsFreeCloneNetBufferList0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsfreeclonenetbufferlist0', (guest, call) =>
    asNdis(guest, call, 'NdisFreeCloneNetBufferList'),
  ),
];

/** The platform's functions take what those of NDIS take, in the same order. */
function* asNdis(guest: Guest, call: GuestCall, name: string): Call<Result> {
  const known = ndisModule.exports.find((each) => each.name === name);
  if (!known || !('run' in known)) throw new TypeError(`NDIS has no ${name}`);
  const result = known.run(guest, call);
  return typeof result === 'object' ? yield* result : result;
}

/** @param out index of the argument that says where the NBL goes */
function* allocated(guest: Guest, call: GuestCall, name: string, out: number): Call<Result> {
  const at = checked(guest, call, out, 'write', 8);
  const nbl = yield* asNdis(guest, call, name);
  guest.memory.setU64(at, typeof nbl === 'bigint' ? nbl : 0n);
  return nbl === 0n ? STATUS.INSUFFICIENT_RESOURCES : STATUS.SUCCESS;
}
