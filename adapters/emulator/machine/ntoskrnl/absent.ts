/** What this machine answers where a feature of Windows is not installed or not modelled: documented failures, no crash. */
import type { Guest } from '../guest';
import { STATUS } from '../status';
import type { ExportModule } from '../contract';
import { define, DISPATCH, PASSIVE, type GuestExport } from './define';

const FWP_E_NOT_FOUND = 0x80320008;

/** Security descriptors: reached from IoCreateDeviceSecure in its statically linked form, which goes on without. */
export const securityExports: readonly GuestExport[] = [
  ...(
    [
      ['RtlCreateSecurityDescriptor', 'wdm/nf-wdm-rtlcreatesecuritydescriptor'],
      ['RtlSetDaclSecurityDescriptor', 'wdm/nf-wdm-rtlsetdaclsecuritydescriptor'],
      ['RtlGetDaclSecurityDescriptor', 'ntifs/nf-ntifs-rtlgetdaclsecuritydescriptor'],
      ['RtlGetSaclSecurityDescriptor', 'ntifs/nf-ntifs-rtlgetsaclsecuritydescriptor'],
      ['RtlGetOwnerSecurityDescriptor', 'ntifs/nf-ntifs-rtlgetownersecuritydescriptor'],
      ['RtlGetGroupSecurityDescriptor', 'ntifs/nf-ntifs-rtlgetgroupsecuritydescriptor'],
      ['RtlAbsoluteToSelfRelativeSD', 'ntifs/nf-ntifs-rtlabsolutetoselfrelativesd'],
      ['RtlAddAccessAllowedAce', 'ntifs/nf-ntifs-rtladdaccessallowedace'],
      ['RtlCreateAcl', 'ntifs/nf-ntifs-rtlcreateacl'],
      ['SeCaptureSecurityDescriptor', 'ntifs/nf-ntifs-secapturesecuritydescriptor'],
    ] as const
  ).map(([name, page]) => define(name, PASSIVE, page, () => STATUS.NOT_SUPPORTED)),
  define('RtlLengthSecurityDescriptor', PASSIVE, 'wdm/nf-wdm-rtllengthsecuritydescriptor', () => 0),
  define('RtlLengthSid', PASSIVE, 'ntifs/nf-ntifs-rtllengthsid', (guest, call) => {
    const at = call.pointer(0);
    guest.touch('read', at, 2);
    return 8 + 4 * guest.memory.u8(at + 1);
  }),
  define('ZwSetSecurityObject', PASSIVE, 'ntifs/nf-ntifs-zwsetsecurityobject', () => STATUS.SUCCESS),
  define('SeSinglePrivilegeCheck', PASSIVE, 'ntddk/nf-ntddk-sesingleprivilegecheck', () => true),
];

function failing(names: readonly string[], kind: string, status: number): GuestExport[] {
  return names.map((name) => define(name, DISPATCH, `${kind}/nf-${kind}-${name.toLowerCase()}`, () => status));
}

/** The Windows Filtering Platform without a running base filtering engine. */
export const filteringPlatform: ExportModule<Guest> = {
  module: 'fwpkclnt.sys',
  exports: [
    ...failing(
      [
        'FwpmEngineOpen0',
        'FwpmEngineClose0',
        'FwpmTransactionBegin0',
        'FwpmTransactionCommit0',
        'FwpmTransactionAbort0',
      ],
      'fwpmk',
      STATUS.NOT_SUPPORTED,
    ),
    ...failing(
      ['FwpmCalloutAdd0', 'FwpmFilterAdd0', 'FwpmProviderAdd0', 'FwpmSubLayerAdd0'],
      'fwpmk',
      STATUS.NOT_SUPPORTED,
    ),
    ...failing(
      [
        'FwpsAllocateCloneNetBufferList0',
        'FwpsAllocateNetBufferAndNetBufferList0',
        'FwpsCalloutRegister1',
        'FwpsCalloutRegister2',
        'FwpsInjectNetworkSendAsync0',
        'FwpsInjectionHandleCreate0',
      ],
      'fwpsk',
      STATUS.NOT_SUPPORTED,
    ),
    ...failing(['FwpsCalloutUnregisterById0', 'FwpsInjectionHandleDestroy0'], 'fwpsk', FWP_E_NOT_FOUND),
    define('FwpsFreeCloneNetBufferList0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsfreeclonenetbufferlist0', () => undefined),
    define('FwpsFreeNetBufferList0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsfreenetbufferlist0', () => undefined),
    define('FwpsQueryPacketInjectionState0', DISPATCH, 'fwpsk/nf-fwpsk-fwpsquerypacketinjectionstate0', () => 0),
  ],
};

/** WSK_PROVIDER_NPI: client, then the dispatch table, whose functions are then called by the driver. */
const PROVIDER_NPI = 0x10;
const DISPATCH_ENTRIES = 32;

/** Winsock Kernel: clients can register, and every function of the provider fails. */
export const winsock: ExportModule<Guest> = {
  module: 'netio.sys',
  exports: [
    define('WskRegister', PASSIVE, 'wsk/nf-wsk-wskregister', () => STATUS.SUCCESS),
    define('WskDeregister', PASSIVE, 'wsk/nf-wsk-wskderegister', () => undefined),
    define('WskCaptureProviderNPI', PASSIVE, 'wsk/nf-wsk-wskcaptureprovidernpi', (guest, call) => {
      const at = call.pointer(2);
      guest.touch('write', at, PROVIDER_NPI);
      guest.memory.setU64(at, guest.address(guest.allocate(0x40)));
      const table = guest.allocate(8 * DISPATCH_ENTRIES);
      const unavailable = guest.imports.resolve('netio.sys', 'WskUnavailable') ?? 0n;
      for (let entry = 0; entry < DISPATCH_ENTRIES; entry += 1) guest.memory.setU64(table + 8 * entry, unavailable);
      guest.memory.setU64(at + 8, guest.address(table));
      return STATUS.SUCCESS;
    }),
    define('WskUnavailable', DISPATCH, 'wsk/ns-wsk-_wsk_provider_dispatch', () => STATUS.NOT_SUPPORTED),
    define('WskReleaseProviderNPI', PASSIVE, 'wsk/nf-wsk-wskreleaseprovidernpi', () => undefined),
  ],
};
