import type { Source, Strength } from '../rule';
import { BUGCHECK_7C, ddi, ddiHeader, FILTER_SAMPLE, issue, network } from './sources';

/** What NDIS and the neighbours promise a filter. A simulated or emulated NDIS has to keep it. */
export interface Guarantee {
  readonly id: string;
  /** What it is about, e.g. `Pause order`. */
  readonly area: string;
  readonly statement: string;
  /** How well it is founded. */
  readonly strength: Strength;
  readonly strengthNote?: string;
  readonly sources: readonly Source[];
}

const STATES = network('filter-module-states-and-operations');
const STARTING = network('starting-a-filter-module');
const PAUSING_A_STACK = network('pausing-a-driver-stack');
const SENDING = network('sending-data-from-a-filter-driver');
const SYNCHRONOUS = network('synchronous-oid-request-interface-in-ndis-6-80');
const RECEIVE_HANDLER = ddi('nc-ndis-filter_receive_net_buffer_lists');

/** G-01 to G-44. */
export const guarantees: readonly Guarantee[] = [
  {
    id: 'G-01',
    area: 'Registration',
    statement:
      'The characteristics are copied during NdisFRegisterFilterDriver, FilterSetOptions runs inside that call, and the driver handle can be used before it returns.',
    strength: 'must',
    strengthNote: 'that the handle can be used so early is known from the Windows sample only',
    sources: [ddi('nf-ndis-ndisfregisterfilterdriver'), ddi('nc-ndis-set_options'), FILTER_SAMPLE],
  },
  {
    id: 'G-02',
    area: 'Attach',
    statement:
      'FilterAttach is called for Detached modules only, at PASSIVE_LEVEL, from the return of FilterSetOptions on, even before NdisFRegisterFilterDriver has returned.',
    strength: 'must',
    sources: [ddi('nc-ndis-filter_attach'), network('initializing-a-filter-driver')],
  },
  {
    id: 'G-03',
    area: 'Attach',
    statement:
      'When a stack starts, modules attach from the miniport upward, after MiniportInitializeEx has succeeded and before any protocol binds.',
    strength: 'must',
    sources: [network('starting-a-driver-stack')],
  },
  {
    id: 'G-04',
    area: 'Attach',
    statement:
      'Without a mandatory filter, be it not loaded or not attached, no protocol is bound; without an optional one the rest of the stack goes on.',
    strength: 'must',
    sources: [network('mandatory-filter-drivers'), network('attaching-a-filter-module')],
  },
  {
    id: 'G-05',
    area: 'Lifecycle',
    statement: 'Lifecycle operations of one module never overlap: none is started while it is Pausing or Restarting.',
    strength: 'must',
    sources: [network('pausing-a-filter-module'), STARTING],
  },
  {
    id: 'G-06',
    area: 'Lifecycle',
    statement:
      'FilterPause comes only to a Running module, FilterRestart and FilterDetach only to a Paused one, FilterAttach only to a Detached one.',
    strength: 'must',
    sources: [ddi('nc-ndis-filter_pause'), ddi('nc-ndis-filter_restart'), ddi('nc-ndis-filter_detach'), STATES],
  },
  {
    id: 'G-07',
    area: 'Lifecycle',
    statement:
      'FilterAttach, FilterDetach, FilterPause, FilterRestart, FilterSetOptions, FilterSetModuleOptions and both PnP handlers are entered at PASSIVE_LEVEL.',
    strength: 'must',
    sources: [ddiHeader('ndis')],
  },
  {
    id: 'G-08',
    area: 'Pause order',
    statement:
      'A stack is paused from the top: protocol bindings (NetEventPause), then filters downward, then the miniport, each layer after the one above has finished.',
    strength: 'must',
    strengthNote: 'that a layer waits for the one above to finish is inferred',
    sources: [PAUSING_A_STACK],
  },
  {
    id: 'G-09',
    area: 'Restart order',
    statement:
      'A stack is restarted from the bottom: miniport, filters upward, protocols (NetEventRestart); all modules get FilterSetModuleOptions before the first FilterRestart.',
    strength: 'must',
    sources: [network('restarting-a-driver-stack'), STARTING],
  },
  {
    id: 'G-10',
    area: 'Detach',
    statement:
      'A pause of the stack comes before any FilterDetach; when a stack stops, modules detach downward, after protocols have unbound and before MiniportHaltEx.',
    strength: 'must',
    sources: [network('detaching-a-filter-module'), network('stopping-a-driver-stack')],
  },
  {
    id: 'G-11',
    area: 'Detach',
    statement:
      'NetEventFilterPreDetach comes while OID and indication paths are open; in FilterDetach they are closed, and no synchronous OID request is active there.',
    strength: 'must',
    strengthNote: 'the order of the event is inferred',
    sources: [ddi('ns-netpnp-_net_pnp_event'), ddi('nf-ndis-filter_synchronous_oid_request')],
  },
  {
    id: 'G-12',
    area: 'Detach',
    statement:
      'NDIS detaches and attaches modules when it sees fit: on unbinding, deregistration, the loss of a mandatory filter below, a monitoring filter after its modifying one, sometimes around sleep; data passes it meanwhile only as G-04 says.',
    strength: 'field',
    sources: [issue('nmap/npcap', 250), issue('nmap/npcap', 542)],
  },
  {
    id: 'G-13',
    area: 'Unload',
    statement: 'NdisFDeregisterFilterDriver detaches all modules that are still attached before it returns.',
    strength: 'must',
    sources: [network('unloading-a-filter-driver')],
  },
  {
    id: 'G-14',
    area: 'Send',
    statement:
      "A protocol's send enters at the topmost module with a send handler and goes on, by NdisFSendNetBufferLists, to the next lower one with such a handler, at last to the miniport.",
    strength: 'must',
    sources: [ddi('nc-ndis-filter_send_net_buffer_lists'), SENDING],
  },
  {
    id: 'G-15',
    area: 'Send',
    statement:
      'Sends travel down in the order of their submission; completions come in any order and in chains put together differently.',
    strength: 'must',
    sources: [SENDING],
  },
  {
    id: 'G-16',
    area: 'Send',
    statement:
      'A completion climbs layer by layer to the driver named in SourceHandle and stops there; nobody gets completions of NBLs that it neither passed on nor originated.',
    strength: 'must',
    strengthNote: 'where it stops is inferred from the description of SourceHandle',
    sources: [ddi('ns-nbl-net_buffer_list'), ddi('nf-ndis-ndisfsendnetbufferlists')],
  },
  {
    id: 'G-17',
    area: 'Send',
    statement:
      'Context space for filters is provided for, but may have to be allocated on demand, so NdisAllocateNetBufferListContext can still fail.',
    strength: 'must',
    sources: [network('filter-driver-characteristics'), ddi('nf-nblapi-ndisallocatenetbufferlistcontext')],
  },
  {
    id: 'G-18',
    area: 'Send',
    statement:
      'A cancel reaches FilterCancelSendNetBufferLists of the modules below the caller, up to DISPATCH_LEVEL; modules without the handler are skipped.',
    strength: 'must',
    sources: [ddi('nc-ndis-filter_cancel_send_net_buffer_lists')],
  },
  {
    id: 'G-19',
    area: 'Receive',
    statement:
      'A receive enters at the lowest module with a receive handler and climbs from one to the next to the protocols; looped-back data comes the same way, marked as such.',
    strength: 'must',
    sources: [RECEIVE_HANDLER, network('looping-back-ndis-packets')],
  },
  {
    id: 'G-20',
    area: 'Receive',
    statement: 'NumberOfNetBufferLists agrees with the chain, and on Ethernet each received NBL has a single NB.',
    strength: 'must',
    sources: [RECEIVE_HANDLER, network('indicating-received-ethernet-frames')],
  },
  {
    id: 'G-21',
    area: 'Receive',
    statement:
      'After an indication with the RESOURCES flag NDIS keeps nothing and FilterReturnNetBufferLists is not called for it; without the flag every NBL comes back there, chained anew.',
    strength: 'must',
    sources: [ddi('nf-ndis-ndisfindicatereceivenetbufferlists'), ddi('nc-ndis-filter_return_net_buffer_lists')],
  },
  {
    id: 'G-22',
    area: 'Data',
    statement:
      'Data handlers run up to DISPATCH_LEVEL, certainly there if the flag says so, on several processors at once and side by side with FilterPause.',
    strength: 'must',
    strengthNote: 'running next to FilterPause is inferred: no page promises otherwise',
    sources: [network('dispatch-irql-tracking')],
  },
  {
    id: 'G-23',
    area: 'OID',
    statement:
      'A module gets its next regular OID request only when the current one has completed; direct and synchronous requests are not serialised.',
    strength: 'must',
    sources: [network('filtering-oid-requests-in-an-ndis-filter-driver'), network('filter-module-direct-oid-requests')],
  },
  {
    id: 'G-24',
    area: 'OID',
    statement:
      'FilterOidRequest is entered while Paused, Restarting, Running or Pausing, never while Attaching or Detached.',
    strength: 'must',
    sources: [STATES],
  },
  {
    id: 'G-25',
    area: 'OID',
    statement:
      'The completion handler comes once for a request whose call returned NDIS_STATUS_PENDING, possibly before that return, and never for any other.',
    strength: 'must',
    strengthNote: 'that it may come before the return is inferred',
    sources: [network('generating-oid-requests-from-an-ndis-filter-driver')],
  },
  {
    id: 'G-26',
    area: 'OID',
    statement:
      'FilterCancelOidRequest comes when the originator cancels or the request times out; past a module without the handler NDIS takes the cancel itself.',
    strength: 'must',
    sources: [ddi('nc-ndis-filter_cancel_oid_request')],
  },
  {
    id: 'G-27',
    area: 'OID',
    statement: 'An NDIS_OID_REQUEST is good for a single hop, which is why it has to be cloned.',
    strength: 'must',
    sources: [SYNCHRONOUS],
  },
  {
    id: 'G-28',
    area: 'Synchronous OID',
    statement:
      'The CallContext of a module starts at zero and is kept; its completion handler runs exactly if its issue handler succeeded or does not exist; all go down first, then up.',
    strength: 'must',
    sources: [ddi('nf-ndis-filter_synchronous_oid_request'), SYNCHRONOUS],
  },
  {
    id: 'G-29',
    area: 'Status',
    statement:
      'A status climbs to the next FilterStatus, at last to the protocols; NDIS may originate some itself and suppress link states that change nothing.',
    strength: 'must',
    sources: [network('filter-module-status-indications'), network('ndis-status-link-state')],
  },
  {
    id: 'G-30',
    area: 'PnP',
    statement:
      'Network PnP events climb from the lowest filter with a handler, from one to the next by NdisFNetPnPEvent, to all protocols; device PnP events go down.',
    strength: 'must',
    sources: [network('removing-a-nic'), ddi('nc-ndis-filter_net_pnp_event')],
  },
  {
    id: 'G-31',
    area: 'PnP',
    statement:
      'When a module is inserted or removed, all bindings and modules get a PnP event between pause and restart; which code it has is not documented.',
    strength: 'must',
    sources: [network('modifying-a-running-driver-stack')],
  },
  {
    id: 'G-32',
    area: 'Restart',
    statement:
      'Restart attributes are NULL or a list that starts with the general ones (OID_GEN_MINIPORT_RESTART_ATTRIBUTES, 0x0001021D); NDIS carries the list upward and then frees it.',
    strength: 'must',
    strengthNote: 'that the general ones come first is known from the Windows sample only',
    sources: [ddi('ns-ndis-_ndis_restart_attributes'), ddi('nc-ndis-filter_restart'), FILTER_SAMPLE],
  },
  {
    id: 'G-33',
    area: 'Restart failure',
    statement:
      'A module that fails its restart is Paused again and then detached; if it is mandatory the stack ends with it.',
    strength: 'must',
    sources: [STARTING],
  },
  {
    id: 'G-34',
    area: 'Pause parameters',
    statement:
      'The pause parameters have an object header of type 0x9A, revision 1, and a reason that is always NDIS_PAUSE_NDIS_INTERNAL and means nothing.',
    strength: 'must',
    sources: [ddi('ns-ndis-_ndis_filter_pause_parameters')],
  },
  {
    id: 'G-35',
    area: 'Miniport',
    statement:
      'A pausing miniport waits for its indications to return and for its NBLs, completes the sends it has, refuses new ones with NDIS_STATUS_PAUSED, and serves OID requests and status as before.',
    strength: 'must',
    sources: [ddi('nc-ndis-miniport_pause'), network('pausing-an-adapter')],
  },
  {
    id: 'G-36',
    area: 'Miniport',
    statement:
      'A miniport may indicate as soon as MiniportRestart has been called, so receives can reach filters that are still Paused or Restarting.',
    strength: 'must',
    sources: [ddi('nc-ndis-miniport_restart')],
  },
  {
    id: 'G-37',
    area: 'Miniport',
    statement: 'No OID request and no send is outstanding when MiniportHaltEx is called.',
    strength: 'must',
    sources: [ddi('nc-ndis-miniport_halt')],
  },
  {
    id: 'G-38',
    area: 'Miniport',
    statement: 'From surprise removal to halt the miniport fails sends and OID requests with NDIS_STATUS_NOT_ACCEPTED.',
    strength: 'must',
    sources: [ddi('nc-ndis-miniport_device_pnp_event_notify')],
  },
  {
    id: 'G-39',
    area: 'Miniport',
    statement:
      'In low power sends complete with NDIS_STATUS_LOW_POWER_STATE, pending and new ones alike; from NDIS 6.30 on, receives that are out may stay out across sleep.',
    strength: 'must',
    sources: [network('oid-pnp-set-power')],
  },
  {
    id: 'G-40',
    area: 'Protocol',
    statement:
      'A pausing binding sends nothing new, waits for all that it sent, still takes receives and returns them at once, and cannot fail.',
    strength: 'must',
    sources: [network('pausing-a-binding')],
  },
  {
    id: 'G-41',
    area: 'Protocol',
    statement:
      'So when FilterPause is entered, all sends of the protocols have completed: a send that arrives later comes from another filter, from a race, or from misbehaviour.',
    strength: 'inferred',
    sources: [PAUSING_A_STACK, network('pausing-a-binding')],
  },
  {
    id: 'G-42',
    area: 'Reconfiguration',
    statement:
      'NdisFRestartFilter has a pause and a restart carried out later, with FilterSetModuleOptions in between.',
    strength: 'must',
    sources: [ddi('nf-ndis-ndisfrestartfilter'), network('data-bypass-mode')],
  },
  {
    id: 'G-43',
    area: 'Supervision',
    statement:
      'A watchdog of NDIS stands over pause, PnP events, status, detach and OID requests of a filter, though not over its attach and restart.',
    strength: 'must',
    sources: [BUGCHECK_7C],
  },
  {
    id: 'G-44',
    area: 'Handles',
    statement:
      'Every handler gets the module context that was given to NdisFSetAttributes, and the driver context that was given at registration.',
    strength: 'must',
    sources: [ddi('nf-ndis-ndisfsetattributes'), ddi('nf-ndis-ndisfregisterfilterdriver')],
  },
];
