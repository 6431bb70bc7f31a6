import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { readUnicodeString, readWide } from '../../text';
import { statusValue } from '../constants';
import { NdisPart } from '../part';

/** Versions, names of exports, and the event log. */
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
    name: 'NdisWriteEventLogEntry',
    irql: 2,
    page: 'ndis/nf-ndis-ndiswriteeventlogentry',
    run() {
      // The event log is nobody's business here; the first argument is no handle of NDIS's.
      return statusValue('NDIS_STATUS_SUCCESS');
    },
  },
];
