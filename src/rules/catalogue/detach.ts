import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, issue, network, sample } from './sources';

export const detach: readonly Rule[] = [
  {
    id: 'DET-01',
    area: 'detach',
    statement:
      'FilterDetach has finished everything when it returns: it has no status, cannot be refused or left pending, and nothing is done for the module afterwards.',
    strength: 'must',
    appliesTo: 'Paused → Detached; PASSIVE_LEVEL; FilterDetach',
    consequence: 'A dead handle or a freed context is used: 0xD1, 0x3B or 0x50.',
    sources: [ddi('nc-ndis-filter_detach'), network('detaching-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C1'],
    umbrellaOf: ['DET-06', 'DEV-03', 'TMR-03'],
    reading:
      'Broken by any NdisF call with the handle, and by any handler or callback working for the module, after FilterDetach has returned, or by any other call that frees or sets off something of the module. A handler that has yet to return when FilterDetach does, and does no more than that, breaks the strict reading only: it may be the one that said that all is done.',
  },
  {
    id: 'DET-02',
    area: 'detach',
    statement:
      'FilterDetach copes whenever the module is Paused: right after attach without any restart, after a restart that failed, and with no further pause before it.',
    strength: 'must',
    appliesTo: 'Paused; PASSIVE_LEVEL; FilterDetach',
    consequence: 'An assertion, a crash, or the detach watchdog: 0x7C or live dump 0x15E with P1=0x25, P2=0x14.',
    sources: [
      network('module-states-of-a-filter-driver'),
      network('filter-module-states-and-operations'),
      network('starting-a-filter-module'),
    ],
    profile: 'core',
    observation: 'black-box',
    reading:
      'A fault in FilterDetach that another rule explains is left to that rule, and waiting for an OID request of its own that is with a driver below is not held against the filter.',
  },
  {
    id: 'DET-03',
    area: 'detach',
    statement:
      'When FilterDetach returns, everything the module owned is released: its context, NBL and NB pools, timers, work items, configuration handles, strings.',
    strength: 'must',
    appliesTo: 'Detach; PASSIVE_LEVEL; FilterDetach',
    consequence:
      'Pool memory leaks with each attach; under Driver Verifier the leak stops the machine at unload (typically 0xC4/0x62).',
    verifier:
      'SDV NdisAllocateNetBuffer, NdisAllocateMdl, NdisAllocateGenericObject, Init_NdisAllocateIoWorkItem (all written for MiniportHaltEx)',
    sources: [ddi('nc-ndis-filter_detach'), network('detaching-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['DET-07'],
  },
  {
    id: 'DET-04',
    area: 'detach',
    statement:
      'When FilterDetach returns, no OID request that the module originated is outstanding, be it regular, direct or synchronous.',
    strength: 'must',
    strengthNote:
      'documented for synchronous requests, inferred for the two other kinds: of those, what was issued before FilterDetach was entered counts in the strict reading only',
    appliesTo: 'Paused → Detached; PASSIVE_LEVEL; FilterDetach',
    consequence: 'The request completes into freed memory: 0xD1 or 0x3B.',
    sources: [ddi('nf-ndis-ndisfsynchronousoidrequest'), ddi('nc-ndis-filter_oid_request_complete')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesOids', 'originatesSynchronousOids'],
    umbrellaOf: ['SY-05'],
    disputes: ['U17'],
  },
  {
    id: 'DET-05',
    area: 'detach',
    statement:
      'FilterDetach originates neither OID requests nor status indications: those paths are closed by then, and cleanup that needs them is done on NetEventFilterPreDetach.',
    strength: 'must',
    appliesTo:
      'Detach; PASSIVE_LEVEL; all NdisF OID calls and NdisFIndicateStatus between entry and return of FilterDetach',
    consequence:
      'The request is turned down or never ends (detach watchdog, P2=0x14), and what the filter wanted to restore, a packet filter for instance, stays as it was.',
    sources: [
      ddi('ns-netpnp-_net_pnp_event'),
      ddi('nf-ndis-ndisfindicatestatus'),
      issue('microsoft/xdp-for-windows', 212),
    ],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C1', 'C5', 'U8'],
  },
  {
    id: 'DET-06',
    area: 'detach',
    statement:
      'Once FilterDetach has returned, no status is indicated and no other NdisF function is called for the module.',
    strength: 'must',
    strengthNote: 'documented for NdisFIndicateStatus, true of every NdisF function by extension',
    appliesTo: 'Detached; NdisFIndicateStatus and every other NdisF call that takes the handle of the module',
    consequence: 'NDIS follows a handle into memory that was freed or given to somebody else: 0xD1 or 0x3B.',
    sources: [ddi('nf-ndis-ndisfindicatestatus')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C1'],
    umbrellaOf: ['DEV-03', 'TMR-03'],
  },
  {
    id: 'DET-07',
    area: 'detach',
    statement: 'FilterDetach undoes whatever FilterSetModuleOptions set up.',
    strength: 'must',
    appliesTo: 'Detach; PASSIVE_LEVEL; FilterSetModuleOptions, FilterDetach',
    consequence: 'A leak.',
    sources: [ddi('nc-ndis-filter_set_module_options')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'DET-08',
    area: 'detach',
    statement:
      'A pool is freed only when every NBL from it has been freed, so at detach no NBL of the module can be anywhere else.',
    strength: 'must',
    appliesTo: 'Detach; IRQL <= DISPATCH_LEVEL; NdisFreeNetBufferListPool, NdisFreeNetBufferPool',
    consequence:
      'Pool corruption (0x19 or 0xC2), 0xD1 when a late NBL completes, or 0x7C with P1=0x27 when the driver deregisters.',
    sources: [ddi('nf-nblapi-ndisfreenetbufferlistpool'), ddi('nf-nblapi-ndisfreenetbufferpool'), BUGCHECK_7C],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'DET-09',
    area: 'detach',
    statement:
      'FilterDetach first takes the module out of every list and table, then waits at PASSIVE_LEVEL for those who are still using it (IRPs, timers, work items, synchronous OIDs), and only then frees it.',
    strength: 'inferred',
    appliesTo: 'Detach; PASSIVE_LEVEL; FilterDetach against every other thread that knows the module',
    consequence:
      'Somebody works on a freed module context: 0x3B, 0x50 or 0xD1. Seen in the field as SYSTEM_SERVICE_EXCEPTION when a module had stayed in the list of the driver.',
    sources: [
      issue('microsoft/xdp-for-windows', 97),
      sample('npcap/packetWin7/npf/npf/Openclos.c'),
      ddi('nf-ndis-ndiscanceltimerobject'),
    ],
    profile: 'core',
    observation: 'memory',
    umbrellaOf: ['DEV-03', 'TMR-03'],
  },
  {
    id: 'DET-10',
    area: 'detach',
    statement: 'FilterDetach waits at PASSIVE_LEVEL with no spin lock held, and never without end.',
    strength: 'must',
    appliesTo: 'Detach; PASSIVE_LEVEL; NdisWaitEvent, NdisMSleep',
    consequence:
      'Documented: bugcheck 0x7C with P1=0x14, seen in the field inside FilterDetach; the detach watchdog (P2=0x14) when it takes too long.',
    sources: [ddi('nf-ndis-ndiswaitevent'), BUGCHECK_7C, issue('nmap/npcap', 184)],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U1'],
  },
];
