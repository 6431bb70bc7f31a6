import type { Rule } from '../rule';
import { ddi, network } from './sources';

const MODULE_OPTIONS = ddi('nc-ndis-filter_set_module_options');
const RESTART_FILTER = ddi('nf-ndis-ndisfrestartfilter');
const BYPASS = network('data-bypass-mode');

export const reconfiguration: readonly Rule[] = [
  {
    id: 'CFG-01',
    area: 'reconfiguration',
    statement:
      'The data handlers of a module are changed by calling NdisSetOptionalHandlers with its handle and partial characteristics, from inside FilterSetModuleOptions and on the same thread.',
    strength: 'must',
    appliesTo:
      'Paused, before Restarting; PASSIVE_LEVEL; NdisSetOptionalHandlers, NDIS_FILTER_PARTIAL_CHARACTERISTICS (revision 1)',
    statuses:
      'NdisSetOptionalHandlers: NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, NDIS_STATUS_NOT_SUPPORTED, NDIS_STATUS_FAILURE',
    consequence: 'The change is refused, or races with the data path.',
    sources: [MODULE_OPTIONS, ddi('nf-ndis-ndissetoptionalhandlers'), BYPASS, network('starting-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C14', 'C15', 'U10'],
  },
  {
    id: 'CFG-02',
    area: 'reconfiguration',
    statement:
      'FilterSetModuleOptions returns success, out of resources or an error handed on, and the handlers then in force still satisfy the registration rules.',
    strength: 'must',
    appliesTo: 'Paused; PASSIVE_LEVEL; FilterSetModuleOptions; REG-08 to REG-11',
    statuses: 'NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES, or an NDIS or NT error',
    consequence: 'What is sent or indicated has no way back: see REG-09.',
    sources: [MODULE_OPTIONS],
    profile: 'full',
    observation: 'white-box',
    disputes: ['U4'],
  },
  {
    id: 'CFG-03',
    area: 'reconfiguration',
    statement:
      'NdisFRestartFilter only orders a pause and a restart: nothing has happened when it returns, the ordinary callbacks follow (packets may be lost), and the module stays alive until then.',
    strength: 'must',
    appliesTo:
      'Running; IRQL <= DISPATCH_LEVEL; NdisFRestartFilter, then FilterPause, FilterSetModuleOptions, FilterRestart',
    statuses: 'NDIS_STATUS_SUCCESS (ordered), NDIS_STATUS_RESOURCES, NDIS_STATUS_FAILURE',
    consequence: 'The new configuration never comes into force, or the old one is torn down under running traffic.',
    verifier: 'SDV Irql_Filter_Driver_Function (for the IRQL)',
    sources: [RESTART_FILTER, BYPASS],
    profile: 'full',
    observation: 'white-box',
    needs: ['changesHandlers'],
    disputes: ['U5'],
  },
  {
    id: 'CFG-04',
    area: 'reconfiguration',
    statement:
      'No handler, whatever it is for, waits for a restart that was ordered by NdisFRestartFilter: while it waits, that restart cannot begin.',
    strength: 'inferred',
    appliesTo: 'Any state; the handlers for lifecycle, data, OID requests and PnP events',
    consequence: 'The pause watchdog: 0x7C or live dump 0x15E with P1=0x25, P2=0x11.',
    sources: [RESTART_FILTER, network('pausing-a-filter-module')],
    profile: 'full',
    observation: 'white-box',
    needs: ['changesHandlers'],
  },
  {
    id: 'CFG-05',
    area: 'reconfiguration',
    statement: 'NDIS_CONFIG_FLAG_FILTER_INSTANCE_CONFIGURATION is for monitoring filters only.',
    strength: 'must',
    appliesTo: 'Attaching, Restarting, FilterNetPnPEvent; PASSIVE_LEVEL; NdisOpenConfigurationEx',
    consequence: 'The filter reads the wrong place in the registry.',
    sources: [
      network('accessing-configuration-information-for-a-filter-driver'),
      ddi('nf-ndis-ndisopenconfigurationex'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'CFG-06',
    area: 'reconfiguration',
    statement:
      'The INF declares a lightweight filter in the way NDIS expects: type, run type, characteristics, ranges and media types, and a FilterClass only for a modifying filter.',
    strength: 'must',
    appliesTo:
      'Installation: FilterType 1 monitoring or 2 modifying; FilterRunType 1 mandatory or 2 optional; Characteristics with 0x40000 (NCF_LW_FILTER), never 0x400 (NCF_FILTER); UpperRange noupper, LowerRange nolower; FilterMediaTypes',
    consequence:
      'The filter is not bound, or in the wrong place; a mandatory filter that fails to attach makes the adapter unusable.',
    sources: [
      network('configuring-an-inf-file-for-a-modifying-filter-driver'),
      network('configuring-an-inf-file-for-a-monitoring-filter-driver'),
      network('mandatory-filter-drivers'),
    ],
    profile: 'full',
    observation: 'white-box',
  },
];
