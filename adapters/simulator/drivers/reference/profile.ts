import type { DriverProfile, Request } from '../../../contract';
import { DEVICE_NAME } from './device';

const ioctl = (ioControlCode: string, input: Readonly<Record<string, unknown>> = {}): Request => ({
  irp: 'IRP_MJ_DEVICE_CONTROL',
  ioControlCode,
  input,
});

const QUERY = { oid: 'OID_GEN_STATISTICS', type: 'query' };

/** What the reference filter can do, and how an application asks it. */
export const referenceProfile: DriverProfile = {
  capabilities: [
    'originatesSends',
    'originatesReceives',
    'originatesOids',
    'originatesSynchronousOids',
    'originatesStatus',
    'originatesFromTimers',
    'originatesFromWorkItems',
    'userModeHandles',
    'holdsSends',
    'holdsReceives',
    'modifiesData',
    'changesHandlers',
  ],
  device: { name: DEVICE_NAME, fileName: '{adapter}' },
  requests: {
    send: { irp: 'IRP_MJ_WRITE' },
    sendChain: { irp: 'IRP_MJ_WRITE', input: { chain: true } },
    receive: ioctl('IOCTL_LWF_RECEIVE'),
    receiveLowResources: ioctl('IOCTL_LWF_RECEIVE_LOW_RESOURCES'),
    oid: ioctl('IOCTL_LWF_OID', QUERY),
    synchronousOid: ioctl('IOCTL_LWF_SYNCHRONOUS_OID'),
    status: ioctl('IOCTL_LWF_STATUS'),
    sendByTimer: ioctl('IOCTL_LWF_SEND_BY_TIMER'),
    statusByTimer: ioctl('IOCTL_LWF_STATUS_BY_TIMER'),
    sendByWorkItem: ioctl('IOCTL_LWF_SEND_BY_WORK_ITEM'),
    oidByWorkItem: ioctl('IOCTL_LWF_OID_BY_WORK_ITEM', QUERY),
    holdSends: ioctl('IOCTL_LWF_HOLD_SENDS'),
    releaseSends: ioctl('IOCTL_LWF_RELEASE_SENDS'),
    holdReceives: ioctl('IOCTL_LWF_HOLD_RECEIVES'),
    releaseReceives: ioctl('IOCTL_LWF_RELEASE_RECEIVES'),
    modifyData: ioctl('IOCTL_LWF_MODIFY_DATA'),
    bypass: ioctl('IOCTL_LWF_BYPASS'),
  },
};
