import type { Rule } from '../rule';
import {
  BUGCHECK_7C,
  ddi,
  devtest,
  FILTER_SAMPLE,
  issue,
  LIVE_DUMP_15E,
  network,
  pullRequest,
  sample,
} from './sources';

const PAUSE_STUCK =
  'The pause never ends, and with it hang disabling the adapter, unbinding, installing or removing a filter, and sleep. Documented: NDIS watchdog 0x7C or live dump 0x15E with P1=0x25, P2=0x11, and Driver Verifier 0xC4/0x92010; typically 0x9F when a power IRP waits behind it.';

const PAUSE_PAGES = [ddi('nc-ndis-filter_pause'), network('pausing-a-filter-module')];

export const pause: readonly Rule[] = [
  {
    id: 'PAU-01',
    area: 'pause',
    statement: 'A pause cannot fail: FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING and nothing else.',
    strength: 'must',
    appliesTo: 'Running → Pausing → Paused; PASSIVE_LEVEL; FilterPause',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING',
    consequence:
      'Documented: Driver Verifier 0xC4/0x92010; without it the state that NDIS keeps of the module is wrong.',
    verifier: 'NdisFilterTimedPauseComplete (0x92010)',
    sources: [...PAUSE_PAGES, devtest('ndisfiltertimedpausecomplete-'), network('pausing-a-driver-stack')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['U14'],
  },
  {
    id: 'PAU-02',
    area: 'pause',
    statement:
      'A pause that was left pending is finished by exactly one NdisFPauseComplete with the handle of the module, once nothing is left to wait for and not before.',
    strength: 'must',
    appliesTo: 'Pausing; IRQL <= DISPATCH_LEVEL; NdisFPauseComplete',
    consequence: `${PAUSE_STUCK} Called twice: see PAU-03.`,
    verifier: 'NdisFilterTimedPauseComplete (0x92010); SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [...PAUSE_PAGES, ddi('nf-ndis-ndisfpausecomplete')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['U16'],
    umbrellaOf: ['PAU-03'],
    reading:
      'The last NBL may come home on another processor while FilterPause is still running, so NdisFPauseComplete may be seen before FilterPause has returned NDIS_STATUS_PENDING.',
  },
  {
    id: 'PAU-03',
    area: 'pause',
    statement:
      'NdisFPauseComplete is never called when no pause is pending: neither for a pause that FilterPause finished with success, nor a second time.',
    strength: 'must',
    appliesTo: 'Any state; NdisFPauseComplete',
    consequence:
      'Documented: Driver Verifier 0xC4/0x92010 for a double completion. In the field: bluescreens on suspend from exactly this pair, success and then NdisFPauseComplete. The same mistake of a miniport is bugcheck 0x7C with P1=0x1F.',
    verifier: 'NdisFilterTimedPauseComplete (0x92010)',
    sources: [
      ddi('nf-ndis-ndisfpausecomplete'),
      devtest('ndisfiltertimedpausecomplete-'),
      BUGCHECK_7C,
      issue('nmap/npcap', 390),
    ],
    profile: 'core',
    observation: 'white-box',
    disputes: ['U16'],
    reading:
      'A call between the entry and the return of FilterPause is judged by that return: NDIS_STATUS_PENDING makes it an ordinary race, NDIS_STATUS_SUCCESS makes it a violation.',
  },
  {
    id: 'PAU-04',
    area: 'pause',
    statement: 'From the entry of FilterPause to its completion no more than ten seconds pass.',
    strength: 'must',
    strengthNote: 'the limit is that of Driver Verifier',
    appliesTo: 'Pausing',
    consequence:
      'Documented: Driver Verifier 0xC4/0x92010; without the verifier, the NDIS watchdog (0x7C or live dump 0x15E, P1=0x25, P2=0x11), whose limit is not published.',
    verifier: 'NdisFilterTimedPauseComplete (0x92010)',
    sources: [devtest('ndisfiltertimedpausecomplete-'), BUGCHECK_7C, LIVE_DUMP_15E],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C22', 'U1'],
    reading:
      'Time for which NDIS or a neighbour keeps an NBL that the filter has to wait for is not held against the filter.',
  },
  {
    id: 'PAU-05',
    area: 'pause',
    statement:
      'FilterPause closes the gate for originating before it starts to drain, in one atomic step with looking at what is outstanding, so that no attempt slips in between.',
    strength: 'must',
    strengthNote: 'Pausing from the entry of FilterPause is documented, that the step has to be atomic is inferred',
    appliesTo: 'Pausing; PASSIVE_LEVEL; FilterPause against every path that originates',
    consequence:
      'An NBL sets out after the pause has completed and comes home to a context that is gone: 0xD1 or 0x3B; or a lower driver completes it with NDIS_STATUS_PAUSED.',
    sources: [...PAUSE_PAGES, network('module-states-of-a-filter-driver'), pullRequest('microsoft/win-net-test', 77)],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Broken by an attempt that began before the pause had completed, before FilterPause was entered for instance, and reached NDIS after it. A sender that was counted before the pause may call NDIS after FilterPause returned NDIS_STATUS_PENDING: that count is why the pause pends, and it is correct.',
  },
  {
    id: 'PAU-06',
    area: 'pause',
    statement: 'A module that is Pausing originates no sends.',
    strength: 'must',
    appliesTo: 'Pausing; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists',
    consequence: 'The pause may never converge; the NBLs come back with NDIS_STATUS_PAUSED.',
    sources: PAUSE_PAGES,
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesSends'],
    disputes: ['C17'],
    umbrellaOf: ['DEV-04', 'TMR-03'],
    reading:
      'Default: condemned only if the attempt began after FilterPause was entered, once its thread had waited, given something back or returned: until then a sender may have won the race for the gate. An attempt begins with the entry of the write, IOCTL, timer, work item or receive that led to it; what was counted before the pause may go out until the pause completes. Strict: any send originated after FilterPause was entered.',
  },
  {
    id: 'PAU-07',
    area: 'pause',
    statement:
      'A Paused module originates no sends, whatever asks for one: a timer, a work item, a write from user mode, a received packet or an OID request.',
    strength: 'must',
    appliesTo: 'Paused; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferLists',
    consequence: 'NDIS may be rebuilding the stack: 0xD1 or 0x3B in NDIS or in a neighbour, or a detach that hangs.',
    sources: [...PAUSE_PAGES, ddi('nc-ndis-filter_send_net_buffer_lists')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesSends'],
    disputes: ['C17'],
    umbrellaOf: ['PAU-05', 'DEV-04', 'TMR-03'],
    reading:
      'The hard rule is about Paused after a pause: nothing is originated once the pause has completed, by NDIS_STATUS_SUCCESS or by NdisFPauseComplete, until a restart. Before the first restart it is ATT-06, after a failed restart RST-11; an attempt that began before the pause had completed breaks PAU-05 as well.',
  },
  {
    id: 'PAU-08',
    area: 'pause',
    statement:
      'A module that is Pausing or Paused originates no receive indications, and no buffer of its own goes into NdisFIndicateReceiveNetBufferLists.',
    strength: 'must',
    appliesTo: 'Pausing, Paused; IRQL <= DISPATCH_LEVEL; NdisFIndicateReceiveNetBufferLists',
    consequence:
      'Data reaches a protocol that is paused or unbound: 0xD1, or bugcheck 0x7C with P1=0x27 for the leaked NBL.',
    sources: [...PAUSE_PAGES, ddi('nc-ndis-filter_receive_net_buffer_lists')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesReceives'],
    disputes: ['C17'],
    umbrellaOf: ['PAU-05', 'DEV-04', 'TMR-03'],
    reading:
      'As PAU-06 and PAU-07 for sends. Default: in Pausing, only an attempt that began after FilterPause was entered and had come so far that the gate must be closed; in Paused after a pause, every one. Strict: any receive originated after FilterPause was entered.',
  },
  {
    id: 'PAU-09',
    area: 'pause',
    statement:
      'Every send from above that the module still holds, be it queued, delayed or half copied, goes back with NdisFSendNetBufferListsComplete before the pause completes.',
    strength: 'must',
    appliesTo: 'Pausing; IRQL <= DISPATCH_LEVEL; NdisFSendNetBufferListsComplete',
    statuses: 'NDIS_STATUS_PAUSED in the NBL, as a rule',
    consequence:
      'The protocol above never gets its NBL back: its unbind hangs (0x7C with P1=0x25, P2=0x01 or 0x04), or the NBL is leaked (0x7C with P1=0x27).',
    verifier: 'NdisFilterTimedDataSend (0x92011)',
    sources: PAUSE_PAGES,
    profile: 'core',
    observation: 'white-box',
    needs: ['holdsSends'],
  },
  {
    id: 'PAU-10',
    area: 'pause',
    statement:
      'Every receive from below that the module still holds goes back with NdisFReturnNetBufferLists before the pause completes.',
    strength: 'must',
    appliesTo:
      'Pausing; IRQL <= DISPATCH_LEVEL; NdisFReturnNetBufferLists; not for receives with NDIS_RECEIVE_FLAGS_RESOURCES, which go back by returning from the handler',
    consequence:
      'The miniport below cannot pause or halt: 0x7C or live dump 0x15E with P1=0x25, P2=0x21, or live dump 0x15E with P1=0x30 for the stuck NBL.',
    verifier: 'NdisFilterTimedDataReceive (0x92012)',
    sources: [...PAUSE_PAGES, LIVE_DUMP_15E],
    profile: 'core',
    observation: 'white-box',
    needs: ['holdsReceives'],
  },
  {
    id: 'PAU-11',
    area: 'pause',
    statement:
      'A pause stays pending until every send that the module originated has come back through FilterSendNetBufferListsComplete.',
    strength: 'must',
    appliesTo: 'Pausing; FilterPause, NdisFPauseComplete, FilterSendNetBufferListsComplete',
    consequence:
      'NDIS goes on to detach under live NBLs, and their pool is freed while a miniport uses it: 0xD1, 0x3B or 0x19; or the NBL is leaked (0x7C with P1=0x27).',
    sources: [...PAUSE_PAGES, network('module-states-of-a-filter-driver')],
    profile: 'core',
    observation: 'black-box',
    needs: ['originatesSends'],
    disputes: ['C16'],
    reading:
      'A send is outstanding from the call of NdisFSendNetBufferLists on, whether or not that call has returned. Seen from outside, it is broken by a send of the module that is with the miniport while the module is Paused. One that nobody saw there before may have been sent after the pause was complete, which breaks PAU-07 instead: from outside the two cannot be told apart.',
  },
  {
    id: 'PAU-12',
    area: 'pause',
    statement:
      'A pause stays pending until every receive that the module originated is its own again, through FilterReturnNetBufferLists or, with the RESOURCES flag, by the return of the indication call.',
    strength: 'must',
    appliesTo:
      'Pausing; FilterPause, NdisFPauseComplete, FilterReturnNetBufferLists, NdisFIndicateReceiveNetBufferLists',
    consequence:
      'A protocol gives NBLs back to a module that is paused or gone: 0xD1, 0x3B or 0x19; or the NBL is leaked (0x7C with P1=0x27).',
    sources: [...PAUSE_PAGES, network('module-states-of-a-filter-driver')],
    profile: 'core',
    observation: 'white-box',
    needs: ['originatesReceives'],
  },
  {
    id: 'PAU-13',
    area: 'pause',
    statement:
      'Sends that reach a Pausing or Paused module are refused on the spot, each NBL completed with NDIS_STATUS_PAUSED: they are neither passed down nor queued.',
    strength: 'must',
    strengthNote:
      'passing down while Paused is forbidden; refusing, and the whole rule in Pausing, is recommended, but NBLs are lost without it',
    appliesTo: 'Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferLists, NdisFSendNetBufferListsComplete',
    statuses: 'NDIS_STATUS_PAUSED in every refused NBL',
    consequence:
      'Data enters a stack under reconstruction, or the protocol above waits for an NBL that nobody completes.',
    sources: [...PAUSE_PAGES, ddi('nc-ndis-filter_send_net_buffer_lists'), ddi('ns-nbl-net_buffer_list')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C8', 'C17', 'U9'],
    umbrellaOf: ['ATT-06', 'RST-11'],
    reading:
      'A send handler that was entered while the module was Running may finish as it began; what counts is the state at the entry of FilterSendNetBufferLists. Once the adapter is about to go away or to sleep, another failure says as much as NDIS_STATUS_PAUSED.',
  },
  {
    id: 'PAU-14',
    area: 'pause',
    statement:
      'Receives that reach a Pausing or Paused module go back or go up before the handler returns; the original is not kept, only a copy may be.',
    strength: 'should',
    appliesTo: 'Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterReceiveNetBufferLists',
    consequence: 'The miniport below cannot finish its own pause.',
    verifier: 'NdisFilterTimedDataReceive (0x92012)',
    sources: [...PAUSE_PAGES, ddi('nc-ndis-filter_receive_net_buffer_lists')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C2'],
    reading: 'The guide wants them returned, the DDI pages let them be handed up: both are accepted, holding is not.',
  },
  {
    id: 'PAU-15',
    area: 'pause',
    statement:
      'Completions, returns and cancels keep being processed while the module is Pausing, and never depend on a lock, a thread or an IRQL that FilterPause keeps to itself while it waits.',
    strength: 'inferred',
    appliesTo:
      'Pausing; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferListsComplete, FilterReturnNetBufferLists, FilterCancelSendNetBufferLists',
    consequence: `The filter deadlocks with itself. ${PAUSE_STUCK}`,
    verifier: 'SDV SpinLock',
    sources: PAUSE_PAGES,
    profile: 'core',
    observation: 'white-box',
    reading:
      'A completion handler is stuck when it can never go on, or when all is quiet and it has neither returned nor called NDIS.',
  },
  {
    id: 'PAU-16',
    area: 'pause',
    statement:
      'OID requests are forwarded or answered while the module is Pausing or Paused as at any other time; it may originate its own as well.',
    strength: 'must-by-consequence',
    appliesTo: 'Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterOidRequest',
    statuses: 'As for any OID request (OP-01)',
    consequence:
      'NDIS waits for a request that the filter sits on: 0x7C or live dump 0x15E with P1=0x25, P2=0x24, or a reconfiguration that deadlocks.',
    sources: [...PAUSE_PAGES, network('filter-module-states-and-operations')],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'PAU-17',
    area: 'pause',
    statement:
      'Status indications are dealt with while the module is Pausing or Paused as at any other time; it may originate its own as well.',
    strength: 'must-by-consequence',
    appliesTo: 'Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterStatus',
    consequence: 'The drivers above go on with a link state that is no longer true.',
    sources: PAUSE_PAGES,
    profile: 'core',
    observation: 'white-box',
    reading:
      'A filter may drop a status on purpose (ST-01); what breaks this rule is dropping, because of the pause, one that it forwards while Running. A repeat is compared with repeats only: a filter may tell the drivers above of changes alone.',
  },
  {
    id: 'PAU-18',
    area: 'pause',
    statement: 'Pausing frees nothing that FilterAttach allocated: those resources belong to detach.',
    strength: 'should',
    appliesTo: 'Pausing, Paused',
    consequence: 'The next restart finds nothing to work with, or uses what is freed.',
    sources: [network('pausing-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'PAU-19',
    area: 'pause',
    statement:
      'As part of a pause, timers and work items from which traffic could start are cancelled, and running callbacks waited for.',
    strength: 'should',
    appliesTo: 'Pausing; timers and work items of the module',
    consequence: 'Data is originated late, from a callback that nobody thought of.',
    verifier: 'SDV CancelTimerObject',
    sources: [network('pausing-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
    reading: 'A callback after the pause that originates nothing is harmless and not condemned.',
  },
  {
    id: 'PAU-20',
    area: 'pause',
    statement:
      'If FilterPause waits, it waits with no spin lock held and at PASSIVE_LEVEL, be it in NdisWaitEvent or in NdisMSleep; for a rundown also at APC_LEVEL.',
    strength: 'must',
    appliesTo: 'Pausing; PASSIVE_LEVEL; NdisWaitEvent, NdisMSleep, ExWaitForRundownProtectionRelease',
    consequence: 'Documented: bugcheck 0x7C with P1=0x14 (WAIT_EVENT_HIGH_IRQL); typically 0xA or 0x133.',
    sources: [ddi('nf-ndis-ndiswaitevent'), BUGCHECK_7C],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'PAU-21',
    area: 'pause',
    statement:
      'A pause need not wait for NBLs that were only passed through, but when they come back later, even to a Paused module, they are handed on.',
    strength: 'permission',
    strengthNote: 'not having to wait is the permission; handing on what comes back is an obligation',
    appliesTo: 'Pausing, Paused; IRQL <= DISPATCH_LEVEL; FilterSendNetBufferListsComplete, FilterReturnNetBufferLists',
    consequence: 'The NBL is lost, and the pause of its owner, protocol or miniport, hangs.',
    sources: [ddi('nc-ndis-filter_pause'), FILTER_SAMPLE, sample('win-net-test/src/lwf/sys/{filter,rx,tx}.c')],
    profile: 'core',
    observation: 'white-box',
    disputes: ['C16'],
    reading: 'Only held originals and NBLs that the module originated keep a pause pending.',
  },
  {
    id: 'PAU-22',
    area: 'pause',
    statement:
      'A pause succeeds without memory too; what went wrong is told to the event log with NdisWriteEventLogEntry, not to NDIS by a status.',
    strength: 'must',
    appliesTo: 'Pausing; FilterPause',
    consequence: 'Under memory pressure the pause hangs.',
    sources: [ddi('nc-ndis-filter_pause'), network('pausing-a-driver-stack')],
    profile: 'full',
    observation: 'white-box',
  },
];
