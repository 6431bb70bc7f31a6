import type { NdisHandle, Out } from '../../../../../src/ndis';
import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { characteristicsAt, partialCharacteristicsAt } from '../characteristics';
import { statusOf, statusValue } from '../constants';
import { NdisPart } from '../part';

/** A driver handle is in the driver's variable before NDIS calls any of its handlers. */
class HandleOut implements Out<NdisHandle> {
  private handle: NdisHandle | undefined;

  constructor(
    private readonly ndis: NdisPart,
    private readonly at: number,
  ) {}

  get value(): NdisHandle | undefined {
    return this.handle;
  }

  set value(handle: NdisHandle | undefined) {
    this.handle = handle;
    this.ndis.driverHandle ??= handle ?? null;
    this.ndis.writeHandle(this.at, handle);
  }
}

/** Registration of the driver, and the calls that belong to the life of a module. */
export const lifeExports: readonly Export<Guest>[] = [
  {
    name: 'NdisFRegisterFilterDriver',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfregisterfilterdriver',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const characteristics = characteristicsAt(guest, call.pointer(2));
      const out = new HandleOut(ndis, call.pointer(3));
      const context = ndis.contextAt(call.u64(1));
      const { driverObject } = ndis;
      const status = yield* guest.wdk.NdisFRegisterFilterDriver(driverObject, context, characteristics, out);
      if (status !== 'NDIS_STATUS_SUCCESS') ndis.deregistered(out.value);
      return statusValue(status);
    },
  },
  {
    name: 'NdisFDeregisterFilterDriver',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfderegisterfilterdriver',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const handle = ndis.handleArgument(call.u64(0));
      yield* guest.wdk.NdisFDeregisterFilterDriver(handle);
      ndis.deregistered(handle);
    },
  },
  {
    name: 'NdisSetOptionalHandlers',
    irql: 0,
    page: 'ndis/nf-ndis-ndissetoptionalhandlers',
    *run(guest, call) {
      const handle = guest.part(NdisPart).handleArgument(call.u64(0));
      const partial = partialCharacteristicsAt(guest, call.pointer(1));
      if (!partial) return statusValue('NDIS_STATUS_BAD_CHARACTERISTICS');
      return statusValue(yield* guest.wdk.NdisSetOptionalHandlers(handle, partial));
    },
  },
  {
    name: 'NdisFSetAttributes',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfsetattributes',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const handle = ndis.handleArgument(call.u64(0));
      return statusValue(yield* guest.wdk.NdisFSetAttributes(handle, ndis.contextAt(call.u64(1)), { Flags: 0 }));
    },
  },
  {
    name: 'NdisFRestartComplete',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfrestartcomplete',
    *run(guest, call) {
      yield* guest.wdk.NdisFRestartComplete(guest.part(NdisPart).handleArgument(call.u64(0)), statusOf(call.u32(1)));
    },
  },
  {
    name: 'NdisFPauseComplete',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfpausecomplete',
    *run(guest, call) {
      yield* guest.wdk.NdisFPauseComplete(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
  {
    name: 'NdisFRestartFilter',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfrestartfilter',
    *run(guest, call) {
      return statusValue(yield* guest.wdk.NdisFRestartFilter(guest.part(NdisPart).handleArgument(call.u64(0))));
    },
  },
];
