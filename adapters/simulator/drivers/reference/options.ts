import type { Call } from '../../../../src/kernel';
import type { NdisStatus, NtStatus } from '../../../../src/ndis/status';
import type { NdisFilterPartialCharacteristics } from '../../../../src/ndis/wdk';
import { AttachAndDetach } from './attach-detach';
import type { FilterModule } from './state';

/** Data bypass: leaving the data handlers out of the path of a module, and putting them back. */
export class ModuleOptions extends AttachAndDetach {
  /** Only asks for it: NDIS pauses the module, calls FilterSetModuleOptions, and restarts it, in its own time. */
  *toggleBypass(module: FilterModule): Call<NtStatus> {
    if (!(yield* this.enter(module))) return 'STATUS_DEVICE_NOT_READY';
    module.bypass = !module.bypass;
    const status = yield* this.wdk.NdisFRestartFilter(module.filterHandle);
    if (status !== 'NDIS_STATUS_SUCCESS') module.bypass = !module.bypass;
    yield* this.leave(module);
    return status === 'NDIS_STATUS_SUCCESS' ? 'STATUS_SUCCESS' : 'STATUS_UNSUCCESSFUL';
  }

  *FilterSetModuleOptions(module: FilterModule): Call<NdisStatus> {
    const handlers = module.bypass ? this.bypassHandlers() : this.dataHandlers();
    return yield* this.wdk.NdisSetOptionalHandlers(module.filterHandle, handlers);
  }

  dataHandlers(): NdisFilterPartialCharacteristics {
    return {
      SendNetBufferListsHandler: (module, chain, port, flags) =>
        this.FilterSendNetBufferLists(module as FilterModule, chain, port, flags),
      SendNetBufferListsCompleteHandler: (module, chain, flags) =>
        this.FilterSendNetBufferListsComplete(module as FilterModule, chain, flags),
      CancelSendNetBufferListsHandler: (module, cancelId) =>
        this.FilterCancelSendNetBufferLists(module as FilterModule, cancelId),
      ReceiveNetBufferListsHandler: (module, chain, port, count, flags) =>
        this.FilterReceiveNetBufferLists(module as FilterModule, chain, port, count, flags),
      ReturnNetBufferListsHandler: (module, chain, flags) =>
        this.FilterReturnNetBufferLists(module as FilterModule, chain, flags),
    };
  }

  /** What passes through goes by without us. We still originate, so what comes back must still find us. */
  bypassHandlers(): NdisFilterPartialCharacteristics {
    return {
      ...this.dataHandlers(),
      SendNetBufferListsHandler: null,
      CancelSendNetBufferListsHandler: null,
      ReceiveNetBufferListsHandler: null,
    };
  }
}
