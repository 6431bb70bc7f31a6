import type { NdisHandle, Out } from '../../../../../src/ndis';
import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { readUnicodeString, readWide } from '../../text';
import { statusValue } from '../constants';
import { Configurations } from '../configurations';
import { CONFIGURATION_OBJECT } from '../layouts';
import { NdisPart } from '../part';

/** NDIS_PARAMETER_TYPE. */
const PARAMETER_STRING = 2;

/** Versions, names of exports, and the configuration of the driver. */
export const systemExports: readonly Export<Guest>[] = [
  {
    name: 'NdisGetVersion',
    irql: 2,
    page: 'ndis/nf-ndis-ndisgetversion',
    run(guest) {
      const { major, minor } = guest.part(NdisPart).version;
      return major * 0x1_0000 + minor;
    },
  },
  {
    name: 'NdisGetRoutineAddress',
    irql: 0,
    page: 'ndis/nf-ndis-ndisgetroutineaddress',
    run(guest, call) {
      return guest.imports.resolve('ndis.sys', readUnicodeString(guest, call.pointer(0))) ?? 0n;
    },
  },
  {
    name: 'NdisInitUnicodeString',
    irql: 2,
    page: 'ndis/nf-ndis-ndisinitunicodestring',
    run(guest, call) {
      const at = call.pointer(0);
      const source = call.pointer(1);
      const length = source === 0 ? 0 : readWide(guest, source).length * 2;
      guest.touch('write', at, 16);
      guest.memory.setU16(at, length);
      guest.memory.setU16(at + 2, source === 0 ? 0 : length + 2);
      guest.memory.setU64(at + 8, call.u64(1));
    },
  },
  {
    name: 'NdisOpenConfigurationEx',
    irql: 0,
    page: 'ndis/nf-ndis-ndisopenconfigurationex',
    *run(guest, call) {
      const at = call.pointer(0);
      guest.touch('read', at, CONFIGURATION_OBJECT.size);
      const ndis = guest.part(NdisPart);
      const out: Out<NdisHandle> = { value: undefined };
      const owner = ndis.handleArgument(guest.memory.u64(at + CONFIGURATION_OBJECT.ndisHandle));
      const status = yield* guest.wdk.NdisOpenConfigurationEx(owner, out);
      ndis.writeHandle(call.pointer(1), out.value);
      return statusValue(status);
    },
  },
  {
    name: 'NdisReadConfiguration',
    irql: 0,
    page: 'ndis/nf-ndis-ndisreadconfiguration',
    run(guest, call) {
      const status = call.pointer(0);
      const isText = call.u32(4) === PARAMETER_STRING;
      const parameter = guest.part(Configurations).read(readUnicodeString(guest, call.pointer(3)), isText);
      guest.touch('write', status, 4);
      guest.memory.setU32(status, statusValue(parameter === 0 ? 'NDIS_STATUS_FAILURE' : 'NDIS_STATUS_SUCCESS'));
      guest.part(NdisPart).writePointer(call.pointer(1), parameter);
    },
  },
  {
    name: 'NdisCloseConfiguration',
    irql: 0,
    page: 'ndis/nf-ndis-ndiscloseconfiguration',
    *run(guest, call) {
      yield* guest.wdk.NdisCloseConfiguration(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
  {
    name: 'NdisWriteEventLogEntry',
    irql: 0,
    page: 'ndis/nf-ndis-ndiswriteeventlogentry',
    run() {
      // The event log is nobody's business here; the first argument is no handle of NDIS's.
      return statusValue('NDIS_STATUS_SUCCESS');
    },
  },
];
