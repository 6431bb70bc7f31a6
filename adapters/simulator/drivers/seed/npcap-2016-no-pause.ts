import { simulate } from '../reference';
import type { SeedDriver } from '../registered';
import { Npcap2016, npcapProfile } from './npcap-2016';

export const npcap2016NoPause: SeedDriver = {
  name: 'npcap-2016-no-pause',
  story:
    'The driver of the crash before its first fix. FilterPause does nothing and returns NDIS_STATUS_SUCCESS, so applications go on sending through ' +
    'a Paused module. A handle keeps a copy of the NDIS handle of its module and survives FilterDetach; when the user disables the adapter and the ' +
    'application writes once more, NdisFSendNetBufferLists follows a handle whose memory has been given to somebody else.',
  driver: simulate('npcap-2016-no-pause', Npcap2016, npcapProfile),
};
