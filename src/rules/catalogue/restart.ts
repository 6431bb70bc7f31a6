import type { Rule } from '../rule';
import { BUGCHECK_7C, ddi, devtest, network, sample } from './sources';

export const restart: readonly Rule[] = [
  {
    id: 'RST-01',
    area: 'restart',
    statement:
      'FilterRestart returns success, pending or a failure and nothing else; the module is Restarting from its entry until the final status is known.',
    strength: 'must',
    appliesTo: 'Paused → Restarting → Running or Paused; PASSIVE_LEVEL; FilterRestart',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence: 'Whatever is not success counts as a failed restart: NDIS detaches the module.',
    sources: [ddi('nc-ndis-filter_restart'), network('starting-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C10', 'C22', 'U14'],
    reading:
      'The page lists four statuses, and its remarks speak of success or "a failure status". NDIS takes every failure for what it is, so one that is not listed is condemned in the strict profile only; a status that is neither success, nor pending, nor failure is always condemned. FilterAttach (ATT-01) is read alike.',
  },
  {
    id: 'RST-02',
    area: 'restart',
    statement:
      'A restart that was left pending is finished by exactly one NdisFRestartComplete, at PASSIVE_LEVEL, with success or a failure.',
    strength: 'must',
    appliesTo:
      'Restarting; PASSIVE_LEVEL, whereas NdisFPauseComplete may be called up to DISPATCH_LEVEL; NdisFRestartComplete',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE as the final status',
    consequence:
      'Never completed: the stack does not start and the adapter has no connectivity. Completed twice: the state of NDIS is corrupted.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [ddi('nf-ndis-ndisfrestartcomplete'), network('starting-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    reading:
      'A failure that the page does not list is condemned in the strict profile only, as it is for FilterRestart itself (RST-01).',
    umbrellaOf: ['RST-03'],
  },
  {
    id: 'RST-03',
    area: 'restart',
    statement:
      'When FilterRestart itself returned the final status, NdisFRestartComplete is not called for that restart.',
    strength: 'must',
    appliesTo: 'Running or Paused, whenever no restart is pending; NdisFRestartComplete',
    consequence:
      'NDIS is told of the end of something that has ended; for miniports the same mistake is documented as bugcheck 0x7C with P1=0x1F.',
    sources: [ddi('nf-ndis-ndisfrestartcomplete'), BUGCHECK_7C],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'RST-04',
    area: 'restart',
    statement: 'A module that is Restarting originates no sends yet.',
    strength: 'should',
    appliesTo: 'Restarting; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists',
    consequence: 'Drivers below may not be able to take them: they come back with NDIS_STATUS_PAUSED or get lost.',
    sources: [network('starting-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesSends'],
    reading:
      'A driver opens its gate as the last thing before it reports success, so what another thread originates in between is right. Condemned is what the thread of FilterRestart originates itself, what comes before anything else that this thread does, and what is originated in a restart that fails or is left pending.',
  },
  {
    id: 'RST-05',
    area: 'restart',
    statement:
      'A module that is Restarting originates no receive indications yet; passing on those from below is fine.',
    strength: 'should',
    appliesTo: 'Restarting; IRQL <= DISPATCH_LEVEL; NdisFIndicateReceiveNetBufferLists',
    consequence: 'The drivers above are still paused and drop the data.',
    sources: [network('starting-a-filter-module'), ddi('nf-ndis-ndisfrestartcomplete')],
    profile: 'full',
    observation: 'white-box',
    needs: ['originatesReceives'],
    disputes: ['C4'],
    reading:
      'One page lets indications resume as soon as FilterRestart has been entered, so an originated receive is condemned in the strict profile only.',
  },
  {
    id: 'RST-06',
    area: 'restart',
    statement:
      'Data that reaches a Restarting module is not kept: sends are refused at once, receives go back or on at once; a copy of a receive may be kept for later.',
    strength: 'should',
    appliesTo: 'Restarting; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferLists, FilterReceiveNetBufferLists',
    statuses: 'NDIS_STATUS_PAUSED in refused sends',
    consequence: 'Data of one life of the stack turns up in the next.',
    sources: [network('starting-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C4', 'C8'],
    reading:
      'Handing a receive up is accepted next to returning it (see C4); what breaks the rule is an original still held when the handler returns.',
  },
  {
    id: 'RST-07',
    area: 'restart',
    statement:
      'OID requests and status indications are served while the module is Restarting as at any other time; it may issue its own as well.',
    strength: 'must-by-consequence',
    appliesTo: 'Restarting; IRQL <= DISPATCH_LEVEL; FilterOidRequest, FilterStatus',
    consequence:
      'The start of the stack deadlocks: NDIS or a neighbour waits for an OID request that the filter sits on.',
    sources: [
      network('starting-a-filter-module'),
      network('filter-module-states-and-operations'),
      ddi('nf-ndis-ndisfoidrequest'),
    ],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'RST-08',
    area: 'restart',
    statement:
      'Restart attributes are changed only if there are any: with a NULL list nothing is reported, entries with an unknown Oid stay as they are, and newer members are used only if the revision has them.',
    strength: 'must',
    appliesTo: 'Restarting; PASSIVE_LEVEL; FilterRestart, NDIS_RESTART_ATTRIBUTES, NDIS_RESTART_GENERAL_ATTRIBUTES',
    consequence: 'Protocols see capabilities that the stack does not have.',
    sources: [
      ddi('nc-ndis-filter_restart'),
      ddi('ns-ndis-_ndis_restart_attributes'),
      ddi('ns-ndis-_ndis_restart_general_attributes'),
    ],
    profile: 'full',
    observation: 'memory',
    disputes: ['C22'],
  },
  {
    id: 'RST-09',
    area: 'restart',
    statement:
      'A restart attribute that the filter adds or enlarges is memory of its own from NdisAllocateMemoryWithTagPriority, a replaced one is unlinked and freed with NdisFreeMemory, and the final list belongs to NDIS.',
    strength: 'must',
    appliesTo: 'Restarting; PASSIVE_LEVEL; FilterRestart',
    consequence: 'Pool errors when NDIS frees the list: 0xC2 or 0x19.',
    verifier: 'SDV NdisAllocateMemoryWithTagPriority (a tag has to be given)',
    sources: [ddi('nc-ndis-filter_restart'), devtest('ndis-ndisallocatememorywithtagpriority')],
    profile: 'full',
    observation: 'memory',
    reading:
      'Freeing an entry that is still linked, or keeping a pointer into the list after FilterRestart, breaks it too.',
  },
  {
    id: 'RST-10',
    area: 'restart',
    statement:
      'A filter that alters restart attributes also has FilterOidRequest and answers the matching OIDs in the same sense, so that both channels agree.',
    strength: 'must',
    appliesTo: 'Restarting, and afterwards in every state in which OID requests arrive',
    consequence: 'Protocols work with limits (MTU, lookahead) that contradict each other.',
    sources: [ddi('nc-ndis-filter_restart'), network('filtering-oid-requests-in-an-ndis-filter-driver')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'RST-11',
    area: 'restart',
    statement:
      'After a restart that it failed, the module behaves as Paused again: it originates no data, refuses sends, and has left the restart attributes unchanged.',
    strength: 'must',
    appliesTo: 'Restarting → Paused; PASSIVE_LEVEL for both; FilterRestart, NdisFRestartComplete',
    statuses: 'NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE for the restart; NDIS_STATUS_PAUSED in refused sends',
    consequence: 'NDIS is going to detach this module: what it left running becomes a use after free.',
    sources: [ddi('nc-ndis-filter_restart'), network('starting-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C10'],
    reading: 'Speaks of Paused after a failed restart; before the first restart it is ATT-06, after a pause PAU-07.',
  },
  {
    id: 'RST-12',
    area: 'restart',
    statement:
      'Each restart is taken as a chance to learn the stack anew (data and context backfill, lower interface, media type, MTU): it may have changed while the module was Paused.',
    strength: 'should',
    appliesTo: 'Restarting; PASSIVE_LEVEL; FilterRestart, which may rebuild pools',
    consequence: 'Extra allocations for each packet, and retreats that fail.',
    sources: [
      network('filter-driver-buffer-management'),
      ddi('ns-ndis-_ndis_restart_general_attributes'),
      network('restarting-a-binding'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'RST-13',
    area: 'restart',
    statement:
      'A restart that succeeds opens the gate which the pause closed and starts afresh: counters at zero, pause events reset, no NBL of an earlier life still held.',
    strength: 'inferred',
    appliesTo: 'Restarting → Running; FilterRestart, NdisFRestartComplete',
    consequence:
      'After re-enabling the adapter or waking up no traffic flows; or a later pause hangs on a counter that never reaches zero.',
    sources: [
      network('starting-a-filter-module'),
      ddi('nc-ndis-filter_restart'),
      sample('win-net-test/src/lwf/sys/filter.c'),
    ],
    profile: 'core',
    observation: 'white-box',
    reading:
      'A refusal is legal if at any instant between the beginning and the end of the send attempt the module was not Running; a send that began and was refused while the module was Running throughout breaks the rule. A write that is refused breaks it if the same handle could send before the pause and the status names no other reason, such as memory or a cancelled request.',
  },
  {
    id: 'RST-14',
    area: 'restart',
    statement:
      'A configuration handle opened while attaching, restarting or handling a PnP event, the only places for it, is closed again with NdisCloseConfiguration.',
    strength: 'must',
    appliesTo:
      'Attaching, Restarting, FilterNetPnPEvent; PASSIVE_LEVEL; NdisOpenConfigurationEx, NdisCloseConfiguration',
    statuses: 'NdisOpenConfigurationEx: NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence: 'A leaked handle on a registry key.',
    verifier: 'SDV NdisOpenConfigurationEx (written for MiniportHaltEx)',
    sources: [
      network('accessing-configuration-information-for-a-filter-driver'),
      ddi('nf-ndis-ndisopenconfigurationex'),
      ddi('nf-ndis-ndiscloseconfiguration'),
      devtest('ndis-ndisopenconfigurationex'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
];
