import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, devtest, network } from './sources';

export const unload: readonly Rule[] = [
  {
    id: 'UNL-01',
    area: 'unload',
    statement:
      'The unload routine calls NdisFDeregisterFilterDriver once, at PASSIVE_LEVEL, with the driver handle, and only for a registration that succeeded.',
    strength: 'must',
    appliesTo: 'Unload; PASSIVE_LEVEL; FilterDriverUnload, or a DriverEntry that fails after registering',
    consequence: 'NDIS goes on calling code that has been unloaded.',
    verifier: 'SDV NdisFDeregisterFilterDriver, Irql_Filter_Driver_Function',
    sources: [
      network('unloading-a-filter-driver'),
      ddi('nf-ndis-ndisfderegisterfilterdriver'),
      devtest('ndis-ndisfderegisterfilterdriver'),
    ],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Broken as well by a call from anywhere but FilterDriverUnload and a DriverEntry that fails, and by one after a registration that failed.',
  },
  {
    id: 'UNL-02',
    area: 'unload',
    statement:
      'Globals that handlers use live until NdisFDeregisterFilterDriver has returned, because that call pauses and detaches every module that is still attached.',
    strength: 'inferred',
    appliesTo: 'Unload; PASSIVE_LEVEL; FilterPause and FilterDetach inside NdisFDeregisterFilterDriver',
    consequence: '0xD1 or 0x50 when the driver is stopped or upgraded.',
    sources: [network('unloading-a-filter-driver')],
    profile: 'core',
    observation: 'memory',
    reading:
      'Known from an access to freed memory of the driver, or from a fault in a handler that NDIS enters during the call when such memory was freed before.',
  },
  {
    id: 'UNL-03',
    area: 'unload',
    statement:
      'Unloading undoes what DriverEntry and FilterSetOptions did, and leaves no device object of the driver behind.',
    strength: 'must',
    appliesTo: 'Unload; PASSIVE_LEVEL; FilterDriverUnload',
    consequence: 'The driver cannot be loaded again; Driver Verifier stops the machine for the leak (0xC4).',
    sources: [network('unloading-a-filter-driver'), ddi('nc-ndis-set_options'), ddi('nf-ndis-ndisallocateioworkitem')],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U12'],
  },
  {
    id: 'UNL-04',
    area: 'unload',
    statement: 'The driver does not deregister while an NBL that it allocated or holds is still alive.',
    strength: 'must',
    appliesTo: 'Unload; PASSIVE_LEVEL; NdisFDeregisterFilterDriver',
    consequence: 'Documented: bugcheck 0x7C with P1=0x27 (LEAKED_NBL).',
    sources: [BUGCHECK_7C],
    profile: 'core',
    observation: 'white-box',
    reading: 'Counted when the modules that deregistering detaches are gone: what they free on the way does not count.',
  },
  {
    id: 'UNL-05',
    area: 'unload',
    statement:
      'Before the image goes, work items of the driver are freed and its timers are cancelled, with their callbacks finished.',
    strength: 'must',
    appliesTo: 'Unload; PASSIVE_LEVEL; NdisFreeIoWorkItem, NdisCancelTimerObject',
    consequence: 'A callback runs in an image that is gone: 0xCE or 0x50.',
    sources: [ddi('nf-ndis-ndisallocateioworkitem'), ddi('nf-ndis-ndiscanceltimerobject')],
    profile: 'full',
    observation: 'white-box',
  },
];
