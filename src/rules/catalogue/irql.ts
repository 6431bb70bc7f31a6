import type { Rule } from '../rule';
import { ddi, ddiHeader, devtest } from './sources';

export const irql: readonly Rule[] = [
  {
    id: 'IRQ-01',
    area: 'irql',
    statement:
      'Each NDIS function is called at an IRQL that it allows: lifecycle, configuration, PnP and device calls and waits at PASSIVE_LEVEL, calls about data, OID requests, status, cancels and pools up to DISPATCH_LEVEL.',
    strength: 'must',
    appliesTo:
      'PASSIVE_LEVEL only: NdisFRegisterFilterDriver, NdisFDeregisterFilterDriver, NdisFSetAttributes, NdisSetOptionalHandlers, NdisFRestartComplete, NdisFNetPnPEvent, NdisFDevicePnPEventNotify, NdisRegisterDeviceEx, NdisDeregisterDeviceEx, NdisOpenConfigurationEx, NdisCloseConfiguration, NdisWaitEvent, NdisEnumerateFilterModules, NdisAllocateSharedMemory, and NdisCancelTimerObject for a periodic timer. Up to DISPATCH_LEVEL: all others, NdisFPauseComplete and NdisFRestartFilter among them',
    consequence: '0xA, 0xD1, or 0x7C with P1=0x14.',
    verifier:
      'SDV Irql_Filter_Driver_Function, Irql_OID_Function, Irql_SendRcv_Function, Irql_StatusIndication_Function, Irql_NetBuffer_Function, PeriodicTimer',
    sources: [
      devtest('ndis-irql-filter-driver-function'),
      devtest('ndis-irql-oid-function'),
      devtest('ndis-irql-statusindication-function'),
      devtest('ndis-irql-netbuffer-function'),
      ddiHeader('ndis'),
    ],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C7'],
    umbrellaOf: ['RST-02', 'PAU-20', 'DET-10', 'OO-04', 'TMR-01'],
    reading:
      'The limit of each function is the IRQL given on its own page. Of the rules that this one covers, the part about the IRQL counts.',
  },
  {
    id: 'IRQ-02',
    area: 'irql',
    statement:
      'A handler leaves the IRQL as it found it, and what may run at DISPATCH_LEVEL keeps its hands off paged memory.',
    strength: 'inferred',
    appliesTo: 'Every handler',
    consequence: '0xA or 0xD1; 0xC4 under Driver Verifier.',
    verifier: 'Driver Verifier, force IRQL checking (for all drivers)',
    sources: [ddi('nf-ndis-filter_synchronous_oid_request'), ddi('ns-oidrequest-ndis_oid_request')],
    profile: 'full',
    observation: 'white-box',
  },
];
