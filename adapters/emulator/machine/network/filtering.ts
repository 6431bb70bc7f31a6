/** The Windows Filtering Platform: management of the engine, and registration of callouts. There is no traffic for them on this machine. */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, PASSIVE, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';
import { FilteringEngine, FWP, type Kind } from './filtering-engine';

const GUID_SIZE = 0x10;
const NO_GUID = '0'.repeat(2 * GUID_SIZE);
const AUTHENTICATION = { none: 0, winnt: 10, byDefault: 0xffff_ffff } as const;
const SESSION = { size: 0x48, flags: 0x20 } as const;
const FILTER = { size: 0xc8, providerKey: 0x28, subLayerKey: 0x50, action: 0x80, calloutKey: 0x84 } as const;
const ACTION_IS_CALLOUT = 0x4000;
const SIZES: Readonly<Record<Kind, number>> = { provider: 0x40, subLayer: 0x48, callout: 0x58, filter: FILTER.size };
const CALLOUT = { size: 0x30, notify: 0x20 } as const;

const ADDS = {
  provider: 'FwpmProviderAdd0',
  subLayer: 'FwpmSubLayerAdd0',
  callout: 'FwpmCalloutAdd0',
  filter: 'FwpmFilterAdd0',
} as const satisfies Record<Kind, string>;

const DELETES = [
  ['FwpmProviderDeleteByKey0', 'provider', FWP.providerNotFound],
  ['FwpmSubLayerDeleteByKey0', 'subLayer', FWP.subLayerNotFound],
  ['FwpmCalloutDeleteByKey0', 'callout', FWP.calloutNotFound],
  ['FwpmFilterDeleteByKey0', 'filter', FWP.filterNotFound],
] as const;

const DELETES_BY_ID = [
  ['FwpmCalloutDeleteById0', 'callout', FWP.calloutNotFound],
  ['FwpmFilterDeleteById0', 'filter', FWP.filterNotFound],
] as const;

const page = (header: 'fwpmk' | 'fwpsk', name: string): string => `${header}/nf-${header}-${name.toLowerCase()}`;

export const filteringExports: readonly GuestExport[] = [
  define('FwpmEngineOpen0', PASSIVE, page('fwpmk', 'FwpmEngineOpen0'), (guest, call) => {
    const service = call.u32(1);
    if (service !== AUTHENTICATION.winnt && service !== AUTHENTICATION.byDefault) return FWP.invalidParameter;
    const session = call.pointer(3);
    if (session !== 0) guest.touch('read', session, SESSION.size);
    const flags = session === 0 ? 0 : guest.memory.u32(session + SESSION.flags);
    guest.memory.setU64(checked(guest, call, 4, 'write', 8), guest.part(FilteringEngine).open(flags));
    return STATUS.SUCCESS;
  }),
  define('FwpmEngineClose0', PASSIVE, page('fwpmk', 'FwpmEngineClose0'), (guest, call) =>
    guest.part(FilteringEngine).close(call.u64(0)),
  ),
  define('FwpmTransactionBegin0', PASSIVE, page('fwpmk', 'FwpmTransactionBegin0'), (guest, call) =>
    guest.part(FilteringEngine).begin(call.u64(0)),
  ),
  define('FwpmTransactionCommit0', PASSIVE, page('fwpmk', 'FwpmTransactionCommit0'), (guest, call) =>
    guest.part(FilteringEngine).end(call.u64(0), true),
  ),
  define('FwpmTransactionAbort0', PASSIVE, page('fwpmk', 'FwpmTransactionAbort0'), (guest, call) =>
    guest.part(FilteringEngine).end(call.u64(0), false),
  ),
  ...(Object.entries(ADDS) as [Kind, string][]).map(([kind, name]) =>
    define(name, PASSIVE, page('fwpmk', name), (guest, call) => add(guest, call, kind)),
  ),
  ...DELETES.map(([name, kind, missing]) =>
    define(name, PASSIVE, page('fwpmk', name), (guest, call) => {
      const wanted = guidAt(guest, call.pointer(1));
      return guest.part(FilteringEngine).delete(call.u64(0), kind, (key) => key === wanted, missing);
    }),
  ),
  ...DELETES_BY_ID.map(([name, kind, missing]) =>
    define(name, PASSIVE, page('fwpmk', name), (guest, call) =>
      guest.part(FilteringEngine).delete(call.u64(0), kind, (_, id) => BigInt(id) === call.u64(1), missing),
    ),
  ),
  ...['FwpsCalloutRegister0', 'FwpsCalloutRegister1', 'FwpsCalloutRegister2', 'FwpsCalloutRegister3'].map((name) =>
    define(name, PASSIVE, page('fwpsk', name), registerCallout),
  ),
  define('FwpsCalloutUnregisterById0', PASSIVE, page('fwpsk', 'FwpsCalloutUnregisterById0'), (guest, call) =>
    found(guest.part(FilteringEngine).unregister((_, id) => id === call.u32(0))),
  ),
  define('FwpsCalloutUnregisterByKey0', PASSIVE, page('fwpsk', 'FwpsCalloutUnregisterByKey0'), (guest, call) => {
    const wanted = guidAt(guest, call.pointer(0));
    return found(guest.part(FilteringEngine).unregister((key) => key === wanted));
  }),
];

function found(known: boolean): number {
  return known ? STATUS.SUCCESS : FWP.calloutNotFound;
}

function guidAt(guest: Guest, offset: number): string {
  guest.touch('read', offset, GUID_SIZE);
  return Buffer.from(guest.memory.bytes.subarray(offset, offset + GUID_SIZE)).toString('hex');
}

function* add(guest: Guest, call: GuestCall, kind: Kind): Call<number> {
  const engine = guest.part(FilteringEngine);
  const at = checked(guest, call, 1, 'read', SIZES[kind]);
  const key = guidAt(guest, at);
  if (key === NO_GUID && kind !== 'filter') return FWP.invalidParameter;
  const { callout, status } = kind === 'filter' ? filterParts(guest, engine, at) : { callout: undefined, status: 0 };
  if (status !== STATUS.SUCCESS) return status;
  const added = yield* engine.add(call.u64(0), kind, key === NO_GUID ? '' : key, callout);
  const out = kind === 'callout' || kind === 'filter' ? call.pointer(3) : 0;
  if (added.status === STATUS.SUCCESS && out !== 0) {
    guest.touch('write', out, kind === 'filter' ? 8 : 4);
    if (kind === 'filter') guest.memory.setU64(out, BigInt(added.id));
    else guest.memory.setU32(out, added.id);
  }
  return added.status;
}

/** A filter must name what is there: provider and sublayer; its callout the engine looks for itself. */
function filterParts(
  guest: Guest,
  engine: FilteringEngine,
  at: number,
): { readonly callout: string | undefined; readonly status: number } {
  const { memory } = guest;
  const provider = memory.u64(at + FILTER.providerKey);
  if (provider !== 0n && !engine.has('provider', guidAt(guest, guest.offset(provider)))) {
    return { callout: undefined, status: FWP.providerNotFound };
  }
  const subLayer = guidAt(guest, at + FILTER.subLayerKey);
  if (subLayer !== NO_GUID && !engine.has('subLayer', subLayer)) {
    return { callout: undefined, status: FWP.subLayerNotFound };
  }
  const isCallout = (memory.u32(at + FILTER.action) & ACTION_IS_CALLOUT) !== 0;
  return { callout: isCallout ? guidAt(guest, at + FILTER.calloutKey) : undefined, status: STATUS.SUCCESS };
}

function registerCallout(guest: Guest, call: GuestCall): number {
  const callout = checked(guest, call, 1, 'read', CALLOUT.size);
  const notify = guest.memory.u64(callout + CALLOUT.notify);
  const id = guest.part(FilteringEngine).register(guidAt(guest, callout), notify);
  if (id === undefined) return FWP.alreadyExists;
  const out = call.pointer(2);
  if (out !== 0) {
    guest.touch('write', out, 4);
    guest.memory.setU32(out, id);
  }
  return STATUS.SUCCESS;
}
