import type { Rule } from '../rule';
import { ddi, FILTER_SAMPLE, network } from './sources';

export const attach: readonly Rule[] = [
  {
    id: 'ATT-01',
    area: 'attach',
    statement: 'FilterAttach decides at once, at PASSIVE_LEVEL: success or failure, never NDIS_STATUS_PENDING.',
    strength: 'must',
    appliesTo: 'Detached → Attaching → Paused or Detached; PASSIVE_LEVEL; FilterAttach',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence:
      'NDIS takes whatever is not success for a failed attach; if the filter is mandatory, the whole stack goes down with it.',
    sources: [ddi('nc-ndis-filter_attach'), network('attaching-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C11', 'U13'],
    reading:
      'NDIS_STATUS_INVALID_PARAMETER is accepted too: it is what widely copied code answers to a medium it does not support, and NDIS takes it for the failure that it is. So it does with any other failure, which is therefore condemned in the strict profile only; a status that is neither success nor failure is always condemned.',
  },
  {
    id: 'ATT-02',
    area: 'attach',
    statement:
      'The NdisFilterHandle given to FilterAttach is kept, and exactly that value goes into every later NdisF call about the module.',
    strength: 'must',
    appliesTo: 'From FilterAttach to the return of FilterDetach',
    consequence: "The call takes effect on somebody else's module, or on freed memory: 0xD1 or 0x3B.",
    sources: [ddi('nc-ndis-filter_attach'), network('attaching-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
    umbrellaOf: ['DET-06'],
  },
  {
    id: 'ATT-03',
    area: 'attach',
    statement:
      'Before it succeeds, FilterAttach calls NdisFSetAttributes once, with its own handle, its module context and valid NDIS_FILTER_ATTRIBUTES, and it fails if that call fails.',
    strength: 'must',
    appliesTo: 'Attaching; PASSIVE_LEVEL; NdisFSetAttributes (type FILTER_ATTRIBUTES, revision 1, Flags 0)',
    statuses: 'NdisFSetAttributes: NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence: 'Later handlers are entered with a module context that is NULL or garbage: 0xD1 or 0x3B.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [ddi('nf-ndis-ndisfsetattributes'), ddi('ns-ndis-_ndis_filter_attributes'), ddi('nc-ndis-filter_attach')],
    profile: 'core',
    observation: 'white-box',
    reading:
      'A call of NdisFSetAttributes outside FilterAttach breaks it as well. So does a handle that is not that of the module.',
  },
  {
    id: 'ATT-04',
    area: 'attach',
    statement:
      'A FilterAttach that fails leaves nothing behind, neither memory nor timers nor an entry in a list of modules: FilterDetach will not come to tidy up.',
    strength: 'must',
    appliesTo: 'Attaching → Detached; PASSIVE_LEVEL; FilterAttach',
    consequence: 'A leak, or later use of a handle that never became a module.',
    sources: [ddi('nc-ndis-filter_attach'), network('attaching-a-filter-module')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'ATT-05',
    area: 'attach',
    statement:
      'While it is Attaching, a module sends nothing, indicates nothing, and issues neither OID requests nor status indications.',
    strength: 'must',
    appliesTo:
      'Attaching; PASSIVE_LEVEL; NdisFSendNetBufferLists, NdisFIndicateReceiveNetBufferLists, all NdisF OID calls, NdisFIndicateStatus',
    consequence: 'Undefined: the paths do not exist yet, so the call hangs or ends in 0xD1.',
    sources: [network('attaching-a-filter-module'), ddi('nc-ndis-filter_attach')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C3'],
  },
  {
    id: 'ATT-06',
    area: 'attach',
    statement:
      'A freshly attached module is Paused: until its first restart succeeds it refuses sends and originates no data, not even when an application asks for it.',
    strength: 'must',
    appliesTo: 'Paused, before any restart; IRQL <= DISPATCH_LEVEL',
    statuses: 'NDIS_STATUS_PAUSED in refused sends',
    consequence: 'The same as data sent from a paused module: 0xD1 or 0x3B in a neighbour or in NDIS.',
    sources: [network('module-states-of-a-filter-driver'), network('filter-module-states-and-operations')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C8', 'U9'],
    reading:
      'Speaks of Paused before the first restart only; Paused after a pause is PAU-07, Paused after a restart that failed is RST-11. An attempt that reaches NDIS here is condemned whenever it began: the module has never been Running.',
  },
  {
    id: 'ATT-07',
    area: 'attach',
    statement:
      'What AttachParameters points to (names, offload structures) is read during FilterAttach only; strings and structures needed later are copied in full.',
    strength: 'inferred',
    appliesTo: 'Attaching; PASSIVE_LEVEL; FilterAttach',
    consequence: 'A later read of memory that NDIS has reused: 0xD1 or 0x50.',
    sources: [FILTER_SAMPLE, ddi('ns-ndis-_ndis_filter_attach_parameters')],
    profile: 'full',
    observation: 'memory',
  },
  {
    id: 'ATT-08',
    area: 'attach',
    statement:
      'Facts about the adapter come from the attach parameters rather than from OID queries, and members of later revisions are read only after the header has shown that they are there.',
    strength: 'should',
    strengthNote: 'the check of revision and size is a must',
    appliesTo: 'Attaching; PASSIVE_LEVEL; FilterAttach',
    consequence: 'On an older NDIS the filter reads past the end of the structure; needless queries slow the start.',
    sources: [ddi('ns-ndis-_ndis_filter_attach_parameters'), network('specifying-ndis-version-information')],
    profile: 'full',
    observation: 'memory',
    disputes: ['C22'],
  },
  {
    id: 'ATT-09',
    area: 'attach',
    statement:
      'Memory, events and work items that pausing and detaching will need are allocated at attach, because neither of the two may fail.',
    strength: 'should',
    appliesTo: 'Attaching; PASSIVE_LEVEL; FilterAttach',
    consequence: 'Under memory pressure a pause or a detach gets stuck.',
    sources: [network('detaching-a-filter-module'), ddi('nc-ndis-filter_pause')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'ATT-10',
    area: 'attach',
    statement:
      'Each module keeps a state of its own: one driver may have many modules, several on one adapter among them, and every one is paused, restarted and detached by itself.',
    strength: 'must',
    appliesTo: 'All states of all modules of a driver',
    consequence: 'One adapter corrupts another, or traffic leaves through a module that is already detached.',
    sources: [
      network('filter-driver-characteristics'),
      network('ndis-driver-stack'),
      network('initializing-a-filter-driver'),
    ],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Broken by a context that two attached modules share, by NBLs that were given to one module and are handed on for another, and by a module that lets sends through, and refuses them as soon as another one is paused.',
  },
  {
    id: 'ATT-11',
    area: 'attach',
    statement:
      'A FilterAttach that fails for another reason than lack of memory says so in the event log with NdisWriteEventLogEntry.',
    strength: 'should',
    appliesTo: 'Attaching; PASSIVE_LEVEL; FilterAttach',
    consequence: 'Nobody can find out why the filter is missing from the adapter.',
    sources: [ddi('nc-ndis-filter_attach')],
    profile: 'full',
    observation: 'white-box',
  },
];
