import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, issue, network } from './sources';

const REGISTER_DEVICE = ddi('nf-ndis-ndisregisterdeviceex');
const DEVICE_ATTRIBUTES = ddi('ns-ndis-_ndis_device_object_attributes');

export const userModeHandles: readonly Rule[] = [
  {
    id: 'DEV-01',
    area: 'user-mode-handles',
    statement:
      'The control device is created by NdisRegisterDeviceEx with the driver handle and valid attributes, and deleted by NdisDeregisterDeviceEx exactly once, during unload at the latest.',
    strength: 'must',
    appliesTo:
      'From registration to unload; PASSIVE_LEVEL for both; NDIS_DEVICE_OBJECT_ATTRIBUTES (type DEVICE_OBJECT_ATTRIBUTES, revision 1, full device path)',
    statuses:
      'NDIS_STATUS_SUCCESS; NDIS_STATUS_NOT_SUPPORTED for a caller that is no NDIS driver; other NDIS and NT errors',
    consequence: 'The device leaks, and its name is taken when the driver is loaded again.',
    sources: [
      REGISTER_DEVICE,
      DEVICE_ATTRIBUTES,
      ddi('nf-ndis-ndisderegisterdeviceex'),
      network('unloading-a-filter-driver'),
    ],
    profile: 'full',
    observation: 'white-box',
    needs: ['userModeHandles'],
    disputes: ['U12'],
  },
  {
    id: 'DEV-02',
    area: 'user-mode-handles',
    statement:
      'The dispatch table of the control device has no PnP and no power entry, and DeviceExtension is left alone: data of the device lives where NdisGetDeviceReservedExtension says.',
    strength: 'must',
    appliesTo: 'From registration on; NdisRegisterDeviceEx, ExtensionSize, NdisGetDeviceReservedExtension',
    consequence: 'NDIS crashes.',
    sources: [REGISTER_DEVICE, DEVICE_ATTRIBUTES, ddi('nf-ndis-ndisgetdevicereservedextension')],
    profile: 'full',
    observation: 'white-box',
    needs: ['userModeHandles'],
  },
  {
    id: 'DEV-03',
    area: 'user-mode-handles',
    statement:
      'User-mode handles outlive modules, so every open and IRP looks its module up anew under a lock and holds a reference while it uses it; FilterDetach breaks the tie and waits for those references.',
    strength: 'inferred',
    appliesTo: 'All states; IRP handlers of the control device up to DISPATCH_LEVEL, FilterDetach at PASSIVE_LEVEL',
    statuses: 'What the IRP fails with is up to the driver, e.g. STATUS_DEVICE_REMOVED or STATUS_NO_SUCH_DEVICE',
    consequence:
      'A write through a stale handle: 0x3B, 0x50 or 0xD1 in an NdisF function, long after the adapter was disabled.',
    sources: [
      REGISTER_DEVICE,
      network('filter-driver-characteristics'),
      issue('microsoft/xdp-for-windows', 97),
      issue('nmap/npcap', 542),
      issue('nmap/npcap', 250),
    ],
    profile: 'core',
    observation: 'memory',
    needs: ['userModeHandles'],
    reading:
      'The control device belongs to the driver and not to a module; nothing closes its handles on pause or detach.',
  },
  {
    id: 'DEV-04',
    area: 'user-mode-handles',
    statement:
      'An IRP that needs data I/O on a module that is not Running is failed or parked without sending; a parked IRP can be cancelled and keeps neither pause nor detach waiting.',
    strength: 'inferred',
    appliesTo: 'Paused, Pausing, Restarting, Detached; IRP handlers of the control device',
    statuses: 'What the IRP fails with is up to the driver',
    consequence: 'A process that cannot exit, 0x9F, or the watchdog of pause or detach.',
    sources: [network('pausing-a-filter-module'), network('detaching-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    needs: ['userModeHandles'],
    reading:
      'Requests that wait for something to happen may pend for as long as they like. In the way are a write that is pending while a pause that pends has nothing else to wait for, and any request but a read that is pending while a handler waits in a pause or a detach.',
  },
  {
    id: 'DEV-05',
    area: 'user-mode-handles',
    statement:
      'FilterDetach waits for uses of the module, never for handles to be closed: an application that just keeps its handle open cannot hold up a detach.',
    strength: 'inferred',
    appliesTo: 'Detach; PASSIVE_LEVEL; FilterDetach',
    consequence: 'Disabling the adapter hangs; detach watchdog 0x7C or live dump 0x15E with P1=0x25, P2=0x14.',
    sources: [network('detaching-a-filter-module'), BUGCHECK_7C, issue('nmap/npcap', 542)],
    profile: 'full',
    observation: 'black-box',
    needs: ['userModeHandles'],
  },
  {
    id: 'DEV-06',
    area: 'user-mode-handles',
    statement: 'The control device gets a security descriptor in DefaultSDDLString, and DeviceClassGuid stays NULL.',
    strength: 'should',
    appliesTo: 'NdisRegisterDeviceEx',
    consequence: 'The wrong users can, or cannot, open the device.',
    sources: [REGISTER_DEVICE, DEVICE_ATTRIBUTES],
    profile: 'full',
    observation: 'white-box',
    needs: ['userModeHandles'],
  },
];
