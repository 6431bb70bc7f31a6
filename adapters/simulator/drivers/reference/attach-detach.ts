import type { Call } from '../../../../src/kernel';
import type { NdisStatus } from '../../../../src/ndis/status';
import type { Context, NdisFilterAttachParameters, NdisHandle } from '../../../../src/ndis/wdk';
import { PauseAndRestart } from './pause-restart';
import type { FilterModule } from './state';

const MODULE_TAG = 'LwfM';

/** FilterAttach and FilterDetach. */
export class AttachAndDetach extends PauseAndRestart {
  /** Allocates what the module will need until it is detached, and starts Paused. On failure nothing is left behind. */
  *FilterAttach(
    filterHandle: NdisHandle,
    _driverContext: Context,
    parameters: NdisFilterAttachParameters,
  ): Call<NdisStatus> {
    const module = yield* this.createModule(filterHandle, parameters);
    if (!module) return 'NDIS_STATUS_RESOURCES';
    const status = yield* this.setAttributes(module);
    if (status !== 'NDIS_STATUS_SUCCESS') {
      yield* this.freeModule(module);
      return status;
    }
    yield* this.publish(module);
    return 'NDIS_STATUS_SUCCESS';
  }

  /** Tells NDIS the context that every later handler of this module gets. */
  *setAttributes(module: FilterModule): Call<NdisStatus> {
    return yield* this.wdk.NdisFSetAttributes(module.filterHandle, module, { Flags: 0 });
  }

  *createModule(filterHandle: NdisHandle, parameters: NdisFilterAttachParameters): Call<FilterModule | null> {
    const module = yield* this.wdk.NdisAllocateMemoryWithTagPriority(
      filterHandle,
      this.newModule(filterHandle, parameters),
      MODULE_TAG,
    );
    if (!module) return null;
    yield* this.initializeGate(module);
    if (yield* this.allocateResources(module)) return module;
    yield* this.abandonModule(module);
    return null;
  }

  /** The attach fails: FilterDetach will not be called for this module. */
  *abandonModule(module: FilterModule): Call<void> {
    yield* this.freeModule(module);
  }

  newModule(filterHandle: NdisHandle, parameters: NdisFilterAttachParameters): FilterModule {
    return {
      filterHandle,
      adapterName: parameters.BaseMiniportName,
      users: this.wdk.ExInitializeRundownProtection(),
      gate: this.wdk.ExInitializeRundownProtection(),
      lock: this.wdk.NdisAllocateSpinLock(),
      state: 'Paused',
      lowPower: false,
      outstanding: { sends: 0, receives: 0 },
      pausePending: false,
      holdingSends: false,
      heldSends: [],
      holdingReceives: false,
      heldReceives: [],
      modifyingData: false,
      modified: new Set(),
      bypass: false,
      ownOids: [],
      forwardedRequestId: null,
      packetFilterToRestore: undefined,
      frame: null,
      pool: null,
      sendTimer: null,
      statusTimer: null,
      holdTimer: null,
    };
  }

  /** A module that has just attached is Paused: its gate is closed until the first restart. */
  *initializeGate(module: FilterModule): Call<void> {
    yield* this.closeGate(module);
  }

  /** @returns false when memory is short; what was allocated until then is in the module */
  *allocateResources(module: FilterModule): Call<boolean> {
    module.pool = yield* this.createPool(module.filterHandle);
    if (!module.pool) return false;
    module.sendTimer = yield* this.createTimer(module, (target) => this.sendFromTimer(target));
    module.statusTimer = yield* this.createTimer(module, (target) => this.statusFromTimer(target));
    module.holdTimer = yield* this.createTimer(module, (target) => this.releaseOverdue(target));
    return module.sendTimer !== null && module.statusTimer !== null && module.holdTimer !== null;
  }

  /** NDIS has paused the module (or never restarted it). What still uses it is waited for; there is no second chance. */
  *FilterDetach(module: FilterModule): Call<void> {
    yield* this.makeUnreachable(module);
    yield* this.freeModule(module);
  }

  *freeModule(module: FilterModule): Call<void> {
    yield* this.freeTimers(module);
    yield* this.freePool(module);
    if (module.frame) yield* this.wdk.NdisFreeMemory(module.frame);
    yield* this.wdk.NdisFreeMemory(module);
  }

  *freePool(module: FilterModule): Call<void> {
    if (module.pool) yield* this.wdk.NdisFreeNetBufferListPool(module.pool);
  }
}
