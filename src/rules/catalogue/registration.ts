import type { Rule } from '../rule';
import { blog, ddi, FILTER_SAMPLE, network } from './sources';

const REGISTRATION_BLOG = blog('NDIS team, archive/blogs/ndis/ndisfregisterfilterdriver-fails-now-what');

export const registration: readonly Rule[] = [
  {
    id: 'REG-01',
    area: 'registration',
    statement:
      'A filter driver registers by calling NdisFRegisterFilterDriver inside DriverEntry, at PASSIVE_LEVEL, with the driver object it was handed.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; DriverEntry, NdisFRegisterFilterDriver',
    statuses:
      'NDIS_STATUS_SUCCESS, NDIS_STATUS_BAD_VERSION, NDIS_STATUS_BAD_CHARACTERISTICS, NDIS_STATUS_INVALID_PARAMETER, NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE',
    consequence: 'The filter attaches to no adapter at all; registration answers NDIS_STATUS_INVALID_PARAMETER.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [network('initializing-a-filter-driver'), ddi('nf-ndis-ndisfregisterfilterdriver')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'REG-02',
    area: 'registration',
    statement:
      'DriverEntry finishes on the spot: it succeeds only if registration did, and on an error it first undoes everything it set up, a successful registration included.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; DriverEntry',
    statuses: 'STATUS_SUCCESS or an error; never STATUS_PENDING',
    consequence:
      'The loader cannot wait for a pending DriverEntry; a registration left behind makes NDIS call into an image that is gone (typically 0xCE, 0x50 or 0xD1).',
    sources: [network('initializing-a-filter-driver'), FILTER_SAMPLE],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'REG-03',
    area: 'registration',
    statement:
      'The header of NDIS_FILTER_DRIVER_CHARACTERISTICS names the right object type, and a revision and size that fit the declared NDIS version: revision 1 for 6.0, 2 from 6.1, 3 from 6.80.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver',
    statuses: 'NDIS_STATUS_BAD_CHARACTERISTICS for a combination NDIS does not accept',
    consequence: 'Registration is refused, and DriverEntry with it.',
    sources: [
      ddi('ns-ndis-_ndis_filter_driver_characteristics'),
      network('introduction-to-ndis-6-80'),
      REGISTRATION_BLOG,
    ],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U3'],
    reading:
      'A size larger than that of the stated revision is accepted: widely copied code states revision 2 with the size of the whole structure. How much NDIS tolerates is not documented.',
  },
  {
    id: 'REG-04',
    area: 'registration',
    statement:
      'The declared NDIS version is 6 with a minor number that was released (0, 1, 20, 30, 40, 50, 51, 60, 70, 80 and up) and that the running NDIS supports.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver',
    statuses: 'NDIS_STATUS_BAD_VERSION for a version NDIS does not know',
    consequence: 'Registration is refused; the filter is absent on that version of Windows.',
    sources: [ddi('ns-ndis-_ndis_filter_driver_characteristics'), ddi('nf-ndis-ndisfregisterfilterdriver')],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C20'],
  },
  {
    id: 'REG-05',
    area: 'registration',
    statement:
      'FilterAttach, FilterDetach, FilterRestart and FilterPause are always registered; all other entry points may be left NULL.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver',
    statuses: 'NDIS_STATUS_BAD_CHARACTERISTICS when one of the four is missing (as the NDIS team describes it)',
    consequence: 'Registration is refused, so the driver never loads.',
    sources: [
      network('initializing-a-filter-driver'),
      ddi('nc-ndis-filter_attach'),
      ddi('nc-ndis-filter_detach'),
      ddi('nc-ndis-filter_pause'),
      ddi('nc-ndis-filter_restart'),
    ],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'REG-06',
    area: 'registration',
    statement:
      "UniqueName is the braced GUID of the INF's NetCfgInstanceId, and ServiceName is the service named in its AddService directive.",
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver and the INF',
    statuses: 'NDIS_STATUS_FAILURE on a mismatch (as the NDIS team describes it)',
    consequence: 'Registration is refused, or no module is ever attached.',
    sources: [
      ddi('ns-ndis-_ndis_filter_driver_characteristics'),
      network('configuring-an-inf-file-for-a-modifying-filter-driver'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'REG-07',
    area: 'registration',
    statement:
      'FilterOidRequest and FilterOidRequestComplete come as a pair or not at all, and so do the two direct-OID handlers; only the synchronous-OID handlers are free of this.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver',
    statuses: 'NDIS_STATUS_BAD_CHARACTERISTICS for half a pair (as the NDIS team describes it)',
    consequence: 'Registration is refused.',
    sources: [
      ddi('nc-ndis-filter_oid_request'),
      ddi('nc-ndis-filter_oid_request_complete'),
      ddi('nc-ndis-filter_direct_oid_request'),
      ddi('nc-ndis-filter_direct_oid_request_complete'),
      network('synchronous-oid-request-interface-in-ndis-6-80'),
    ],
    profile: 'core',
    observation: 'white-box',
  },
  {
    id: 'REG-08',
    area: 'registration',
    statement:
      'A cancel handler is registered only next to the handler whose work it cancels: cancel-OID with OID, cancel-direct-OID with direct OID, cancel-send with send.',
    strength: 'field',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver, and NdisSetOptionalHandlers for the send pair',
    statuses: 'NDIS_STATUS_BAD_CHARACTERISTICS',
    consequence: 'Registration is refused.',
    sources: [REGISTRATION_BLOG],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C14'],
  },
  {
    id: 'REG-09',
    area: 'registration',
    statement:
      'Whoever calls an NDIS function that answers through a callback has that callback registered: send-complete for sends, return for originated receives, the completion handler for OID and direct OID requests.',
    strength: 'must',
    appliesTo:
      'Whenever the module calls NdisFSendNetBufferLists, originates with NdisFIndicateReceiveNetBufferLists, or calls NdisFOidRequest or NdisFDirectOidRequest',
    consequence: 'The object can never come back: a leak, a pause that hangs, or a call through a NULL pointer.',
    sources: [
      network('data-bypass-mode'),
      ddi('nc-ndis-filter_send_net_buffer_lists_complete'),
      ddi('nc-ndis-filter_return_net_buffer_lists'),
      ddi('nf-ndis-ndisfdirectoidrequest'),
    ],
    profile: 'core',
    observation: 'white-box',
    umbrellaOf: ['SO-06', 'RET-03', 'DO-03'],
    reading:
      'What counts is the table in force for the module at the time of the call: the registered handlers as overridden by NdisSetOptionalHandlers.',
  },
  {
    id: 'REG-10',
    area: 'registration',
    statement: 'A filter with a receive handler or a return handler registers FilterStatus as well.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver',
    consequence: 'The filter works with link and offload settings that are out of date.',
    sources: [
      network('data-bypass-mode'),
      ddi('nc-ndis-filter_receive_net_buffer_lists'),
      ddi('nc-ndis-filter_return_net_buffer_lists'),
    ],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U2'],
  },
  {
    id: 'REG-11',
    area: 'registration',
    statement: 'A filter that may hold sends from above registers FilterCancelSendNetBufferLists.',
    strength: 'must',
    strengthNote: 'one of four pages words it as a recommendation',
    appliesTo: 'Driver load and FilterSetModuleOptions; PASSIVE_LEVEL',
    consequence: 'Cancelled sends linger in the queue, and the protocol above takes long to pause or unbind.',
    sources: [
      network('data-bypass-mode'),
      network('sending-data-from-a-filter-driver'),
      ddi('nc-ndis-filter_send_net_buffer_lists'),
    ],
    profile: 'full',
    observation: 'white-box',
    needs: ['holdsSends'],
    disputes: ['C17'],
    reading:
      'Broken once a send from above is still held when FilterSendNetBufferLists has returned and no cancel handler is in force.',
  },
  {
    id: 'REG-12',
    area: 'registration',
    statement: 'A filter that means to change its data handlers while it runs registers FilterSetModuleOptions.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; NdisFRegisterFilterDriver',
    consequence: 'There is no moment at which the change could be made, so it never happens.',
    sources: [
      network('initializing-a-filter-driver'),
      network('data-bypass-mode'),
      ddi('nc-ndis-filter_set_module_options'),
    ],
    profile: 'full',
    observation: 'white-box',
    needs: ['changesHandlers'],
  },
  {
    id: 'REG-13',
    area: 'registration',
    statement:
      'Every global that a handler uses (lists, locks, driver context) is ready before NdisFRegisterFilterDriver is called, because FilterAttach may run before that call returns.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; DriverEntry, FilterSetOptions, FilterAttach',
    consequence:
      'A race at boot or installation: 0xD1, 0x3B or 0x50 in a handler that meets an uninitialised lock or list.',
    sources: [
      network('initializing-a-filter-driver'),
      ddi('nf-ndis-ndisfregisterfilterdriver'),
      ddi('nc-ndis-set_options'),
    ],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Any handler can be entered once the call has begun; FilterAttach as soon as FilterSetOptions has returned.',
  },
  {
    id: 'REG-14',
    area: 'registration',
    statement:
      'FilterSetOptions runs inside NdisFRegisterFilterDriver and releases whatever it allocated before it reports anything but success.',
    strength: 'must',
    appliesTo: 'Driver load; PASSIVE_LEVEL; FilterSetOptions (there are no optional filter services to set up today)',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, or an NDIS or NT status handed on',
    consequence: 'A leak on top of a registration that failed.',
    sources: [ddi('nc-ndis-set_options'), network('configuring-optional-filter-driver-services')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'REG-15',
    area: 'registration',
    statement:
      'Calls on behalf of the whole driver (deregistering, NdisRegisterDeviceEx, driver-level configuration) use the driver handle that registration gave out, not the handle of a module.',
    strength: 'must',
    appliesTo:
      'From registration to unload; NdisFDeregisterFilterDriver, NdisRegisterDeviceEx, NdisOpenConfigurationEx',
    statuses: 'NDIS_STATUS_NOT_SUPPORTED or NDIS_STATUS_INVALID_PARAMETER for a handle of the wrong kind',
    consequence: 'The call is refused, or NDIS takes one object for another and crashes.',
    sources: [
      ddi('nf-ndis-ndisfregisterfilterdriver'),
      ddi('nf-ndis-ndisregisterdeviceex'),
      network('accessing-configuration-information-for-a-filter-driver'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
];
