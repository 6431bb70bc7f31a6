import type { Dispute } from '../rule';
import { BUGCHECK_7C, ddi, devtest, FILTER_SAMPLE, issue, LIVE_DUMP_15E, network, TEST_FILTER } from './sources';

/** Places where the documentation contradicts itself, with the reading that the specification takes. */
const contradictions: readonly Dispute[] = [
  {
    id: 'C1',
    subject: 'When a module becomes Detached',
    statements: 'The guide says when FilterDetach is entered, the DDI page says after it has returned.',
    reading:
      'Between the two the module is in a state of its own, Detaching: no data, no OID request and no status any more, while resources are being released.',
    sources: [network('detaching-a-filter-module'), ddi('nc-ndis-filter_detach')],
    rules: ['DET-01', 'DET-05', 'DET-06'],
  },
  {
    id: 'C2',
    subject: 'Receives from below in Pausing and Paused',
    statements: 'The guide wants them returned at once; two DDI pages allow them to be passed up.',
    reading: 'Returning them and passing them up are both right; holding them is not.',
    sources: [
      network('pausing-a-filter-module'),
      ddi('nc-ndis-filter_pause'),
      ddi('nc-ndis-filter_receive_net_buffer_lists'),
    ],
    rules: ['PAU-14'],
  },
  {
    id: 'C3',
    subject: 'The earliest status indication',
    statements:
      'Two pages rule it out while Attaching; the page of NdisFIndicateStatus allows it once NdisFSetAttributes has returned.',
    reading: 'The first status may come after FilterAttach has returned success.',
    sources: [network('attaching-a-filter-module'), ddi('nc-ndis-filter_attach'), ddi('nf-ndis-ndisfindicatestatus')],
    rules: ['ATT-05', 'ST-03'],
  },
  {
    id: 'C4',
    subject: 'Receives in Restarting',
    statements:
      'The guide forbids starting any; the page of NdisFRestartComplete lets them go on as soon as FilterRestart has been called.',
    reading: 'Originated receives are condemned in the strict profile only; passing receives up is right.',
    sources: [network('starting-a-filter-module'), ddi('nf-ndis-ndisfrestartcomplete')],
    rules: ['RST-05', 'RST-06', 'RO-01'],
  },
  {
    id: 'C5',
    subject: 'The last OID request or status of a module',
    statements:
      'One page allows status until FilterDetach has returned; another says that the OID and indication paths are closed when FilterDetach runs.',
    reading: 'Neither is originated inside FilterDetach.',
    sources: [ddi('nf-ndis-ndisfindicatestatus'), ddi('ns-netpnp-_net_pnp_event')],
    rules: ['DET-05', 'ST-03', 'PNP-05'],
  },
  {
    id: 'C6',
    subject: 'Forwarding network PnP events',
    statements:
      'The handler page lets a filter keep an event to itself; the pages on removing and stopping an adapter demand that query and cancel are passed on.',
    reading:
      'All events are forwarded. Not forwarding query-remove or cancel-remove is condemned by default, any other event in the strict profile.',
    sources: [ddi('nc-ndis-filter_net_pnp_event'), network('removing-a-nic'), network('stopping-a-nic')],
    rules: ['PNP-02'],
  },
  {
    id: 'C7',
    subject: 'The IRQL of regular OID requests',
    statements:
      'The handler page says up to DISPATCH_LEVEL; a table that compares the kinds of OID requests says PASSIVE_LEVEL, and that the handler may block.',
    reading: 'They may arrive at DISPATCH_LEVEL.',
    sources: [ddi('nc-ndis-filter_oid_request'), network('synchronous-oid-request-interface-in-ndis-6-80')],
    rules: ['OP-08', 'IRQ-01'],
  },
  {
    id: 'C8',
    subject: 'Sends that reach a module which is not Running',
    statements:
      'The documentation has them refused; the Windows sample does so only in debug builds and remarks that they should not occur.',
    reading: 'They are refused.',
    sources: [ddi('nc-ndis-filter_send_net_buffer_lists'), FILTER_SAMPLE],
    rules: ['PAU-13', 'RST-06', 'ATT-06'],
  },
  {
    id: 'C9',
    subject: 'Originating sends without FilterSendNetBufferLists',
    statements: 'The guide allows it if the completion handler exists; a comment in the Windows sample rules it out.',
    reading: 'It is allowed.',
    sources: [network('sending-data-from-a-filter-driver'), FILTER_SAMPLE],
    rules: ['SO-06'],
  },
  {
    id: 'C10',
    subject: 'What becomes of a module whose restart failed',
    statements: 'One page has it return to Paused, another has NDIS detach it.',
    reading: 'Both, one after the other: it is Paused, then NDIS detaches it.',
    sources: [network('filter-module-states-and-operations'), network('starting-a-filter-module')],
    rules: ['RST-01', 'RST-11'],
  },
  {
    id: 'C11',
    subject: 'What a failed attach does to the stack',
    statements: 'One page says both that NDIS terminates the stack, and that it does so for mandatory filters.',
    reading: 'The stack goes down only if the filter is mandatory.',
    sources: [network('attaching-a-filter-module')],
    rules: ['ATT-01'],
  },
  {
    id: 'C12',
    subject: 'The handle given to NdisAllocateIoWorkItem',
    statements: "The guide names the module's handle, the DDI page the handle of the driver or of a device.",
    reading: 'The handle of the driver or of a device; the handle of a module is not condemned.',
    sources: [network('ndis-i-o-work-items'), ddi('nf-ndis-ndisallocateioworkitem')],
    rules: ['TMR-02'],
  },
  {
    id: 'C13',
    subject: 'Cancelling OID requests',
    statements:
      'The guide speaks of NdisFOidRequest where the DDI page has NdisFOidRequestComplete, and the text on NdisFCancelOidRequest mentions a request pointer although its parameter is a request id.',
    reading: 'The DDI page holds: a held request is completed, and cancels are addressed by request id.',
    sources: [ddi('nc-ndis-filter_cancel_oid_request'), ddi('nf-ndis-ndisfcanceloidrequest')],
    rules: ['OP-09'],
  },
  {
    id: 'C14',
    subject: 'Whether FilterCancelSendNetBufferLists can change at run time',
    statements:
      'One guide page counts it among the fixed handlers; the page on bypass and the structure list it as changeable.',
    reading: 'It can be changed.',
    sources: [
      network('initializing-a-filter-driver'),
      network('data-bypass-mode'),
      ddi('ns-ndis-_ndis_filter_partial_characteristics'),
    ],
    rules: ['CFG-01', 'REG-08'],
  },
  {
    id: 'C15',
    subject: 'Where NdisSetOptionalHandlers may be called for a module',
    statements: 'One page mentions FilterRestart; another admits only FilterSetModuleOptions, on the same thread.',
    reading: 'Only inside FilterSetModuleOptions.',
    sources: [network('configuring-optional-filter-driver-services'), ddi('nc-ndis-filter_set_module_options')],
    rules: ['CFG-01'],
  },
  {
    id: 'C16',
    subject: 'What keeps a pause pending',
    statements:
      'The handler page names the sends that the module originated or queued; the page on pausing a stack speaks of all outstanding sends.',
    reading:
      'Only what the module originated or holds. What it passed on is waited for by its originator, which is paused before.',
    sources: [ddi('nc-ndis-filter_pause'), network('pausing-a-driver-stack')],
    rules: ['PAU-11', 'PAU-21'],
  },
  {
    id: 'C17',
    subject: 'How strongly the bans are worded',
    statements:
      'Originating while pausing is forbidden on one page and discouraged on another; refusing sends is a recommendation on both, yet passing them down while Paused is forbidden; a cancel handler for a filter that holds sends is required on three pages and recommended on a fourth.',
    reading: 'The strongest wording holds: all of them are musts.',
    sources: [
      ddi('nc-ndis-filter_pause'),
      network('pausing-a-filter-module'),
      ddi('nc-ndis-filter_send_net_buffer_lists'),
      ddi('nc-ndis-filter_cancel_send_net_buffer_lists'),
    ],
    rules: ['PAU-06', 'PAU-07', 'PAU-08', 'PAU-13', 'REG-11'],
  },
  {
    id: 'C18',
    subject: 'The reason given for a pause',
    statements:
      'The structure page knows a single reason, internal to NDIS; a page on power speaks of one for the transition to low power.',
    reading: 'The reason tells a filter nothing; it learns of power changes from NetEventSetPower.',
    sources: [ddi('ns-ndis-_ndis_filter_pause_parameters'), network('handling-a-set-power-request')],
    rules: ['PNP-04'],
  },
  {
    id: 'C19',
    subject: 'Revisions of NET_PNP_EVENT_NOTIFICATION',
    statements: 'The page names revision 1 only, but describes members of revision 2.',
    reading: 'Both revisions are well-formed.',
    sources: [ddi('ns-ndis-_net_pnp_event_notification')],
    rules: ['PNP-07'],
  },
  {
    id: 'C20',
    subject: 'Released minor versions of NDIS 6',
    statements:
      'The table of the characteristics page leaves out 1 and ends at 86; later versions have introductions of their own.',
    reading: 'The table is not complete: 1 and versions above 86 are accepted.',
    sources: [ddi('ns-ndis-_ndis_filter_driver_characteristics')],
    rules: ['REG-04'],
  },
  {
    id: 'C21',
    subject: 'The table of direct and regular OID functions',
    statements: 'It pairs NdisFDirectOidRequestComplete with itself.',
    reading: 'Its regular counterpart is NdisFOidRequestComplete.',
    sources: [network('filter-module-direct-oid-requests')],
    rules: ['DO-02'],
  },
  {
    id: 'C22',
    subject: 'Misspelt names and misdirected links',
    statements:
      'A receive flag without its final S, macro names with a doubled underscore, an object type that says GENERIC for GENERAL, a rule id with a doubled prefix, a link from FilterRestart to the page for miniports, and a page address that ends in a dash.',
    reading: 'Names are those of the headers; addresses are those under which the pages are found.',
    sources: [
      ddi('nf-ndis-ndisfindicatereceivenetbufferlists'),
      ddi('ns-ndis-_ndis_filter_attach_parameters'),
      ddi('ns-ndis-_ndis_restart_general_attributes'),
      devtest('ndis-ndistimeddatahang'),
      devtest('ndisfiltertimedpausecomplete-'),
    ],
    rules: ['ATT-08', 'RST-01', 'RST-08', 'PAU-04', 'SP-06', 'RO-03'],
  },
];

/** Questions that the documentation leaves open, with what the kit assumes until somebody finds out. */
const openQuestions: readonly Dispute[] = [
  {
    id: 'U1',
    subject: 'Time limits of the verifier rules for filter data and of the NDIS watchdogs',
    statements: 'No page gives them.',
    reading:
      'For sends, the limits of the miniport rules: 30 seconds, or 22 without progress. For a pause, the 10 seconds of its verifier rule. For the other waits no figure; only one without end is condemned.',
    sources: [devtest('ndisfiltertimeddatasend'), devtest('ndisfiltertimeddatareceive'), BUGCHECK_7C, LIVE_DUMP_15E],
    rules: ['PAU-04', 'DET-10', 'SP-06', 'RP-07', 'OP-08'],
  },
  {
    id: 'U2',
    subject: 'Whether registration enforces FilterStatus next to a receive or return handler',
    statements: 'The requirement is documented, a status for breaking it is not.',
    reading: 'NDIS lets such a driver register; the rule condemns it all the same.',
    sources: [network('data-bypass-mode')],
    rules: ['REG-10'],
  },
  {
    id: 'U3',
    subject: 'Whether revision 3 characteristics are refused with a minor version below 80',
    statements: 'A report in an issue thread says so, but another cause is possible.',
    reading: 'The combination breaks the rule, whether or not NDIS notices.',
    sources: [ddi('ns-ndis-_ndis_filter_driver_characteristics')],
    rules: ['REG-03'],
  },
  {
    id: 'U4',
    subject: 'What NDIS does when FilterSetModuleOptions fails',
    statements: 'Not documented.',
    reading: 'No verdict depends on it; the handlers that were in force stay in force.',
    sources: [ddi('nc-ndis-filter_set_module_options')],
    rules: ['CFG-02'],
  },
  {
    id: 'U5',
    subject: 'NdisFRestartFilter on a module that is not Running',
    statements: 'The page does not say in which states it may be called.',
    reading: 'Not condemned in any attached state; scenarios call it while Running only.',
    sources: [ddi('nf-ndis-ndisfrestartfilter')],
    rules: ['CFG-03'],
  },
  {
    id: 'U6',
    subject: 'Whether OID_PNP_SET_POWER passes through FilterOidRequest',
    statements: 'Not documented.',
    reading: 'The power state is taken from NetEventSetPower alone.',
    sources: [network('oid-pnp-set-power')],
    rules: ['PNP-04'],
  },
  {
    id: 'U7',
    subject:
      'Which event announces that the stack has changed, and whether filters see NetEventPause and NetEventRestart',
    statements:
      'The code of the stack change is not documented; one page says in general that PnP events of NDIS go to filters too.',
    reading: 'A filter copes with any event code; no rule depends on which it is.',
    sources: [network('modifying-a-running-driver-stack'), network('filter-module-pnp-event-notifications')],
    rules: ['PNP-07'],
  },
  {
    id: 'U8',
    subject: 'When exactly NetEventFilterPreDetach comes',
    statements: 'Before detach, with the paths still open; before or after the pause is not said.',
    reading: 'OID requests and status are legal in it wherever it stands between attach and FilterDetach.',
    sources: [ddi('ns-netpnp-_net_pnp_event')],
    rules: ['DET-05', 'PNP-05'],
  },
  {
    id: 'U9',
    subject: 'Whether NDIS ever enters the send handler of a Paused module',
    statements: 'The handler page says what to do then, the order in which a stack is paused makes it unlikely.',
    reading:
      'It may happen: a filter above may flush or misbehave, and another processor may race. Scenarios do it on purpose, ordinary histories do not.',
    sources: [ddi('nc-ndis-filter_send_net_buffer_lists'), network('pausing-a-driver-stack')],
    rules: ['PAU-13', 'ATT-06'],
  },
  {
    id: 'U10',
    subject: 'Whether FilterSetModuleOptions comes before or after the miniport is restarted',
    statements: 'Only that it comes before the first FilterRestart is documented.',
    reading: 'No rule depends on it.',
    sources: [network('restarting-a-driver-stack'), network('starting-a-filter-module')],
    rules: ['CFG-01'],
  },
  {
    id: 'U11',
    subject: 'Whether filters are paused for selective suspend of an adapter',
    statements: 'No page mentions a pause there.',
    reading: 'A filter does not count on one.',
    sources: [network('overview-of-ndis-selective-suspend')],
    rules: ['PNP-04'],
  },
  {
    id: 'U12',
    subject: 'NdisDeregisterDeviceEx while handles are open',
    statements: 'Not documented.',
    reading: 'Allowed; as with any device object, the image stays until the last handle is closed.',
    sources: [ddi('nf-ndis-ndisderegisterdeviceex')],
    rules: ['UNL-03', 'DEV-01'],
  },
  {
    id: 'U13',
    subject: 'NDIS_STATUS_INVALID_PARAMETER as the result of FilterAttach',
    statements: 'The handler page does not list it; the Windows sample returns it for a medium it does not support.',
    reading: 'Accepted as a failed attach.',
    sources: [ddi('nc-ndis-filter_attach'), FILTER_SAMPLE],
    rules: ['ATT-01'],
  },
  {
    id: 'U14',
    subject: 'How NDIS takes statuses that FilterPause and FilterRestart must not return',
    statements: 'Not documented.',
    reading:
      'A restart counts as failed, a pause as completed; both break their rule at once. A failure that FilterRestart may return though its page does not list it breaks the strict reading only.',
    sources: [ddi('nc-ndis-filter_pause'), ddi('nc-ndis-filter_restart')],
    rules: ['RST-01', 'PAU-01'],
  },
  {
    id: 'U15',
    subject: 'The value of NDIS_STATUS_ALREADY_COMPLETE',
    statements: 'The name is documented, the number is not.',
    reading: 'It is taken to be STATUS_ALREADY_COMPLETE, 0x000000FF; traces and rules use the name.',
    sources: [ddi('nf-ndis-filter_synchronous_oid_request')],
    rules: ['SY-01', 'SY-04'],
  },
  {
    id: 'U16',
    subject: 'NdisFPauseComplete before FilterPause has returned NDIS_STATUS_PENDING',
    statements: 'No page mentions it, yet the last completion can always win that race on another processor.',
    reading:
      'Allowed, provided FilterPause then returns NDIS_STATUS_PENDING; the pause has completed when both have happened.',
    sources: [ddi('nf-ndis-ndisfpausecomplete'), ddi('nc-ndis-filter_pause'), issue('nmap/npcap', 390)],
    rules: ['PAU-02', 'PAU-03'],
  },
  {
    id: 'U17',
    subject: 'Whether NDIS waits for the regular and direct OID requests of a module before it calls FilterDetach',
    statements:
      'The documentation has the filter wait, and says so of synchronous requests only; a comment in a test filter of Microsoft relies on NDIS not detaching before the others are complete.',
    reading:
      'NDIS may wait for regular and direct requests that were issued before, so only those issued after FilterDetach was entered are condemned by default, any other in the strict profile. Synchronous ones always are.',
    sources: [ddi('nf-ndis-ndisfsynchronousoidrequest'), TEST_FILTER],
    rules: ['DET-04'],
  },
  {
    id: 'U18',
    subject: 'Whether a copy that a filter sends in place of an NBL from above bears its cancel id',
    statements:
      'One page has the filter mark each NET_BUFFER_LIST that it creates for sending, with ids of its own; the pages of the macro and of NdisFCancelSendNetBufferLists say that it can. None speaks of the id of another driver on a copy.',
    reading:
      'It need not. A filter that sends copies without the id, and completes the originals at once or when the copies are back, keeps the rules: a cancel reaches what bears its id, and the original comes back once either way.',
    sources: [
      network('canceling-a-send-request-in-a-filter-driver'),
      ddi('nf-ndis-ndis_set_net_buffer_list_cancel_id'),
      ddi('nf-ndis-ndisfcancelsendnetbufferlists'),
    ],
    rules: ['CAN-03'],
  },
];

/** C1 to C22, then U1 to U18. */
export const disputes: readonly Dispute[] = [...contradictions, ...openQuestions];
