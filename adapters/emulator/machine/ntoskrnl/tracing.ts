/** Event tracing: providers can register, nobody listens. */
import type { ExportModule, GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';

const REGISTRATION = 0xe7a0_0000n;

/** Registrations of one boot. */
class Providers {
  private made = 0n;

  register(): bigint {
    this.made += 1n;
    return REGISTRATION + this.made;
  }
}

export const tracingExports: readonly GuestExport[] = [
  define('EtwRegister', PASSIVE, 'wdm/nf-wdm-etwregister', register),
  define('EtwRegisterClassicProvider', PASSIVE, 'wdm/nf-wdm-etwregister', (guest, call) => {
    guest.memory.setU64(checked(guest, call, 4, 'write', 8), guest.part(Providers).register());
    return STATUS.SUCCESS;
  }),
  define('EtwUnregister', PASSIVE, 'wdm/nf-wdm-etwunregister', () => STATUS.SUCCESS),
  define('EtwSetInformation', APC, 'wdm/nf-wdm-etwsetinformation', () => STATUS.SUCCESS),
  ...(
    [
      ['EtwWrite', 'wdm/nf-wdm-etwwrite'],
      ['EtwWriteEx', 'wdm/nf-wdm-etwwriteex'],
      ['EtwWriteString', 'wdm/nf-wdm-etwwritestring'],
      ['EtwWriteTransfer', 'wdm/nf-wdm-etwwritetransfer'],
      ['EtwActivityIdControl', 'wdm/nf-wdm-etwactivityidcontrol'],
      ['WmiTraceMessage', 'wdm/nf-wdm-wmitracemessage'],
      ['WmiTraceMessageVa', 'wdm/nf-wdm-wmitracemessageva'],
    ] as const
  ).map(([name, page]) => define(name, HIGH, page, () => STATUS.SUCCESS)),
  define('EtwEventEnabled', HIGH, 'wdm/nf-wdm-etweventenabled', () => false),
  define('EtwProviderEnabled', HIGH, 'wdm/nf-wdm-etwproviderenabled', () => false),
  define('WmiQueryTraceInformation', HIGH, 'wdm/nf-wdm-wmiquerytraceinformation', () => STATUS.NOT_SUPPORTED),
  define('IoWMIRegistrationControl', PASSIVE, 'wdm/nf-wdm-iowmiregistrationcontrol', () => STATUS.SUCCESS),
  define('IoWMIWriteEvent', DISPATCH, 'wdm/nf-wdm-iowmiwriteevent', () => STATUS.UNSUCCESSFUL),
  define('IoWMIAllocateInstanceIds', PASSIVE, 'wdm/nf-wdm-iowmiallocateinstanceids', (guest, call) => {
    guest.memory.setU32(checked(guest, call, 2, 'write', 4), 1);
    return STATUS.SUCCESS;
  }),
];

function register(guest: Guest, call: GuestCall): number {
  guest.memory.setU64(checked(guest, call, 3, 'write', 8), guest.part(Providers).register());
  return STATUS.SUCCESS;
}

/** The recorder that trace messages of a driver go to when nobody listens. */
export const traceRecorder: ExportModule<Guest> = {
  module: 'wpprecorder.sys',
  exports: [
    ...(['WppAutoLogStart', 'WppAutoLogStop', 'WppAutoLogTrace', 'imp_WppRecorderReplay'] as const).map((name) =>
      define(name, HIGH, 'devtest/inflight-trace-recorder', () => undefined),
    ),
    define('imp_WppRecorderLogCreate', HIGH, 'wpprecorder/nf-wpprecorder-wpprecorderlogcreate', (guest, call) => {
      guest.memory.setU64(checked(guest, call, 1, 'write', 8), guest.part(Providers).register());
      return STATUS.SUCCESS;
    }),
    define('imp_WppRecorderLogDelete', HIGH, 'wpprecorder/nf-wpprecorder-wpprecorderlogdelete', () => STATUS.SUCCESS),
    define('imp_WppRecorderLogGetDefault', HIGH, 'wpprecorder/nf-wpprecorder-wpprecorderloggetdefault', () => 0n),
    define('imp_WppRecorderIsDefaultLogAvailable', HIGH, 'devtest/inflight-trace-recorder', () => false),
    define('imp_WppRecorderLogSetIdentifier', HIGH, 'devtest/inflight-trace-recorder', () => STATUS.SUCCESS),
  ],
};
