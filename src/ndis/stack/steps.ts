import type { Call } from '../../kernel';
import type { NdisStatus } from '../status';
import type { NetPnPEventCode } from '../wdk';
import type { Adapter, Slot } from './adapter';
import type { StackFilter } from './filter';
import { FilterModule } from './module';
import { NeighbourFilter } from './neighbour-filter';

/**
 * The steps of which the life of a stack is made, in the documented order. Each ends before the next one starts; all of them
 * are to be taken inside `adapter.exclusively`.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/ndis-driver-stack
 */

const SUCCESS: NdisStatus = 'NDIS_STATUS_SUCCESS';

/** Filters attach bottom to top, then the protocol binds. @returns the first status that was no success */
export function* attachStack(adapter: Adapter): Call<NdisStatus> {
  if (adapter.miniport.state === 'Halted') return 'NDIS_STATUS_FAILURE';
  const status = yield* attachFilters(adapter);
  if (missesMandatoryFilter(adapter)) {
    yield* detachFilters(adapter);
    return status === SUCCESS ? 'NDIS_STATUS_FAILURE' : status;
  }
  if (adapter.protocol.state === 'Unbound') yield* adapter.protocol.bind();
  return status;
}

/** Miniport, options of all modules, filters bottom to top, protocol. @returns the first status that was no success */
export function* restartStack(adapter: Adapter): Call<NdisStatus> {
  if (adapter.started) return SUCCESS;
  if (adapter.miniport.state === 'Halted' || missesMandatoryFilter(adapter)) return 'NDIS_STATUS_FAILURE';
  adapter.started = true;
  yield* adapter.miniport.restart();
  for (const filter of adapter.filters) yield* filter.setModuleOptions();
  let attributes = adapter.takeRestartAttributes();
  let outcome = SUCCESS;
  for (const filter of adapter.filters) {
    const offered = attributes && { ...attributes };
    const status = yield* filter.restart(offered);
    if (status === SUCCESS) {
      // The next filter sees what this one made of them.
      attributes = offered;
      continue;
    }
    if (outcome === SUCCESS) outcome = status;
    yield* detachFilter(adapter, filter);
    if (filter.isDriver && adapter.options.mandatory) {
      yield* stopStack(adapter);
      return outcome;
    }
  }
  if (adapter.protocol.state === 'Paused') yield* adapter.protocol.restart();
  return outcome;
}

/** Protocol, filters top to bottom, miniport. */
export function* pauseStack(adapter: Adapter): Call<void> {
  if (!adapter.started) return;
  if (adapter.protocol.state === 'Running') yield* adapter.protocol.pause();
  for (const filter of adapter.filters.reverse()) {
    if (filter.state === 'Running') yield* filter.pause();
  }
  yield* adapter.miniport.pause();
  adapter.started = false;
}

/** Pauses what still runs, unbinds the protocol, detaches the filters top to bottom. */
export function* stopStack(adapter: Adapter): Call<void> {
  yield* pauseStack(adapter);
  if (adapter.protocol.state !== 'Unbound') yield* adapter.protocol.unbind();
  yield* detachFilters(adapter);
}

export function* attachFilters(adapter: Adapter): Call<NdisStatus> {
  let outcome = SUCCESS;
  for (const slot of adapter.slots) {
    const status = yield* attachSlot(adapter, slot);
    if (outcome === SUCCESS) outcome = status;
    if (status !== SUCCESS && slot.kind === 'dut' && adapter.options.mandatory) break;
  }
  return outcome;
}

/** Fills a slot if it can be filled: a module of the driver under test needs a registered driver. */
export function* attachSlot(adapter: Adapter, slot: Slot): Call<NdisStatus> {
  if (slot.filter) return SUCCESS;
  const filter = newFilter(adapter, slot);
  if (!filter) return SUCCESS;
  slot.filter = filter;
  const status = yield* filter.attach();
  if (status !== SUCCESS) slot.filter = undefined;
  return status;
}

function newFilter(adapter: Adapter, slot: Slot): StackFilter | undefined {
  if (slot.kind === 'neighbour') return new NeighbourFilter(slot.name, adapter);
  const { driver } = adapter.ndis;
  if (!driver?.registered) return undefined;
  const module = new FilterModule(adapter.kernel.identity('m'), driver, adapter);
  adapter.ndis.modules.push(module);
  return module;
}

export function* detachFilters(adapter: Adapter): Call<void> {
  for (const filter of adapter.filters.reverse()) yield* detachFilter(adapter, filter);
}

export function* detachFilter(adapter: Adapter, filter: StackFilter): Call<void> {
  yield* filter.preDetach();
  yield* filter.detach();
  for (const slot of adapter.slots) if (slot.filter === filter) slot.filter = undefined;
}

export function missesMandatoryFilter(adapter: Adapter): boolean {
  return adapter.options.mandatory && adapter.slots.some((slot) => slot.kind === 'dut' && !slot.filter);
}

export function* netPnP(adapter: Adapter, event: NetPnPEventCode, power: string | null = null): Call<NdisStatus> {
  return yield* adapter.control.netPnPUp(undefined, { NetEvent: event, Buffer: power });
}

/** Between pause and restart of a changed stack everybody hears of the change; the documentation does not name the event. */
export function* stackChanged(adapter: Adapter): Call<void> {
  adapter.attributesChanged = true;
  yield* netPnP(adapter, 'NetEventReconfigure');
}
