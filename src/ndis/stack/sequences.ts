import type { Call } from '../../kernel';
import type { FilterDriver } from '../driver';
import type { Ndis } from '../ndis';
import type { NdisStatus } from '../status';
import type { NetDevicePnPEvent, NetPnPEventCode } from '../wdk';
import type { Adapter, LayerKind, Slot } from './adapter';
import {
  attachFilters,
  attachSlot,
  attachStack,
  detachFilter,
  detachFilters,
  missesMandatoryFilter,
  netPnP,
  pauseStack,
  restartStack,
  stackChanged,
  stopStack,
} from './steps';

/** What an administrator or the system brings about: each calls the steps in the documented order. */

export { attachStack, pauseStack, restartStack, stopStack } from './steps';

const SUCCESS: NdisStatus = 'NDIS_STATUS_SUCCESS';
const FAILURE: NdisStatus = 'NDIS_STATUS_FAILURE';

/** https://learn.microsoft.com/windows-hardware/drivers/network/starting-a-driver-stack */
export function* enable(adapter: Adapter): Call<NdisStatus> {
  if (adapter.miniport.state === 'Halted') {
    adapter.miniport.removed = false;
    adapter.attributesChanged = true;
    yield* adapter.miniport.initialize();
  }
  const attached = yield* attachStack(adapter);
  if (adapter.protocol.state === 'Unbound') return attached;
  const restarted = yield* restartStack(adapter);
  return attached === SUCCESS ? restarted : attached;
}

/** https://learn.microsoft.com/windows-hardware/drivers/network/removing-a-nic */
export function* disable(adapter: Adapter): Call<NdisStatus> {
  if (adapter.miniport.state === 'Halted') return SUCCESS;
  const vote = yield* netPnP(adapter, 'NetEventQueryRemoveDevice');
  if (vote !== SUCCESS) {
    yield* netPnP(adapter, 'NetEventCancelRemoveDevice');
    return vote;
  }
  yield* stopStack(adapter);
  yield* adapter.miniport.halt('NdisHaltDeviceDisabled');
  return SUCCESS;
}

/** https://learn.microsoft.com/windows-hardware/drivers/network/processing-the-surprise-removal-of-a-nic--windows-7-and-later-versions- */
export function* surpriseRemove(adapter: Adapter): Call<NdisStatus> {
  if (adapter.miniport.state === 'Halted') return SUCCESS;
  adapter.miniport.removed = true;
  yield* netPnP(adapter, 'NetEventQueryRemoveDevice');
  yield* adapter.control.devicePnPDown(undefined, { DevicePnPEvent: 'NdisDevicePnPEventSurpriseRemoved' });
  yield* stopStack(adapter);
  yield* adapter.miniport.halt('NdisHaltDeviceSurpriseRemoved');
  return SUCCESS;
}

/**
 * A filter is inserted into a live stack: pause, attach, restart of everything. For a mandatory one the protocol is unbound
 * first and bound again.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/modifying-a-running-driver-stack
 */
export function* insertFilter(adapter: Adapter, where: 'above' | 'below', kind: LayerKind): Call<NdisStatus> {
  const slot = adapter.newSlot(kind);
  return yield* changeStack(adapter, kind, () => addSlot(adapter, slot, where));
}

function* addSlot(adapter: Adapter, slot: Slot, where: 'above' | 'below'): Call<NdisStatus> {
  if (where === 'above') adapter.slots.push(slot);
  else adapter.slots.unshift(slot);
  const status = yield* attachSlot(adapter, slot);
  if (!slot.filter) adapter.slots.splice(adapter.slots.indexOf(slot), 1);
  return status;
}

/** The uppermost or lowermost filter of the kind leaves a live stack. */
export function* removeFilter(adapter: Adapter, where: 'above' | 'below', kind: LayerKind): Call<NdisStatus> {
  const candidates = adapter.slots.filter((slot) => slot.kind === kind);
  const slot = where === 'above' ? candidates.at(-1) : candidates[0];
  if (!slot) return FAILURE;
  return yield* changeStack(adapter, kind, () => removeSlot(adapter, slot));
}

function* removeSlot(adapter: Adapter, slot: Slot): Call<NdisStatus> {
  if (slot.filter) yield* detachFilter(adapter, slot.filter);
  adapter.slots.splice(adapter.slots.indexOf(slot), 1);
  return SUCCESS;
}

/** A filter is on the adapters from now on: those that are there already get their modules, on other threads, before it returns. */
export function* putOnAdapters(ndis: Ndis, driver: FilterDriver): Call<void> {
  ndis.driver = driver;
  const attaching = new Set(ndis.adapters.values());
  for (const adapter of attaching) ndis.kernel.spawn(`attach to ${adapter.name}`, attachOn(adapter, attaching));
  yield* ndis.kernel.until('the first attachments', () => attaching.size === 0);
}

function* attachOn(adapter: Adapter, attaching: Set<Adapter>): Call<void> {
  yield* adapter.exclusively(() => attachLateDriver(adapter));
  attaching.delete(adapter);
}

/** Attaches modules to a stack that was there before the driver was. */
function* attachLateDriver(adapter: Adapter): Call<void> {
  const { slots } = adapter;
  if (adapter.miniport.state === 'Halted' || !slots.some((slot) => slot.kind === 'dut' && !slot.filter)) return;
  if (adapter.protocol.state === 'Unbound') yield* attachFilters(adapter);
  else yield* changeStack(adapter, 'dut', () => attachFilters(adapter));
}

/** The driver deregisters: all of its modules leave the stack. */
export function* detachDriver(adapter: Adapter): Call<void> {
  if (!adapter.filters.some((filter) => filter.isDriver)) return;
  yield* changeStack(adapter, 'dut', () => detachModules(adapter));
}

function* detachModules(adapter: Adapter): Call<NdisStatus> {
  for (const filter of adapter.filters.reverse()) {
    if (filter.isDriver) yield* detachFilter(adapter, filter);
  }
  return SUCCESS;
}

function* changeStack(adapter: Adapter, kind: LayerKind, change: () => Call<NdisStatus>): Call<NdisStatus> {
  const wasStarted = adapter.started;
  const wasBound = adapter.protocol.state !== 'Unbound';
  yield* pauseStack(adapter);
  const rebinds = wasBound && kind === 'dut' && adapter.options.mandatory;
  if (rebinds) yield* adapter.protocol.unbind();
  const status = yield* change();
  if (rebinds) {
    if (missesMandatoryFilter(adapter)) {
      yield* detachFilters(adapter);
      return status;
    }
    yield* adapter.protocol.bind();
  }
  yield* stackChanged(adapter);
  if (!wasStarted) return status;
  const restarted = yield* restartStack(adapter);
  return status === SUCCESS ? restarted : status;
}

/** Binding or unbinding any protocol pauses and restarts every filter of the stack. */
export function* bindProtocol(adapter: Adapter): Call<NdisStatus> {
  if (adapter.protocol.state !== 'Unbound') return SUCCESS;
  const wasStarted = adapter.started;
  yield* pauseStack(adapter);
  yield* adapter.protocol.bind();
  return wasStarted ? yield* restartStack(adapter) : SUCCESS;
}

export function* unbindProtocol(adapter: Adapter): Call<NdisStatus> {
  if (adapter.protocol.state === 'Unbound') return SUCCESS;
  const wasStarted = adapter.started;
  yield* pauseStack(adapter);
  yield* adapter.protocol.unbind();
  return wasStarted ? yield* restartStack(adapter) : SUCCESS;
}

/** NdisFRestartFilter has scheduled this. */
export function* reconfigure(adapter: Adapter): Call<NdisStatus> {
  if (!adapter.started) return SUCCESS;
  yield* pauseStack(adapter);
  return yield* restartStack(adapter);
}

/**
 * The system goes to sleep. The stack is not paused when the miniport asks for that and every filter is NDIS 6.30 or later.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/oid-pnp-set-power
 */
export function* suspend(adapter: Adapter): Call<NdisStatus> {
  if (adapter.miniport.asleep) return SUCCESS;
  // A vote against sleep is heard and not heeded.
  yield* netPnP(adapter, 'NetEventQueryPower', 'NdisDeviceStateD3');
  yield* netPnP(adapter, 'NetEventSetPower', 'NdisDeviceStateD3');
  adapter.pausedForSleep = adapter.started && !sleepsWithoutPause(adapter);
  if (adapter.pausedForSleep) yield* pauseStack(adapter);
  yield* adapter.miniport.setPower(true);
  return SUCCESS;
}

/** Power comes first, then the restart of a paused stack, then the event. */
export function* resume(adapter: Adapter): Call<NdisStatus> {
  if (!adapter.miniport.asleep) return SUCCESS;
  yield* adapter.miniport.setPower(false);
  const status = adapter.pausedForSleep ? yield* restartStack(adapter) : SUCCESS;
  adapter.pausedForSleep = false;
  yield* netPnP(adapter, 'NetEventSetPower', 'NdisDeviceStateD0');
  return status;
}

function sleepsWithoutPause(adapter: Adapter): boolean {
  return adapter.options.noPauseOnSuspend && (adapter.ndis.driver?.sleepsWithoutPause ?? true);
}

/** @returns the status of the event after it has travelled up */
export function* deliverNetPnPEvent(adapter: Adapter, event: NetPnPEventCode, power: string | null): Call<NdisStatus> {
  return yield* netPnP(adapter, event, power);
}

export function* deliverDevicePnPEvent(adapter: Adapter, event: NetDevicePnPEvent['DevicePnPEvent']): Call<NdisStatus> {
  yield* adapter.control.devicePnPDown(undefined, { DevicePnPEvent: event });
  return SUCCESS;
}
