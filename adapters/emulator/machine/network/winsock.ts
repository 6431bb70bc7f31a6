/** Winsock Kernel: clients register and get datagram sockets; what they send goes nowhere, and nothing is ever received. */
import type { Call } from '../../../../src/kernel';
import type { Guest } from '../guest';
import { IRP, STACK_LOCATION } from '../io/layouts';
import { completeOwn } from '../io/own';
import { checked, define, DISPATCH, PASSIVE, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';

/** WSK_PROVIDER_NPI: the client, then the dispatch table. */
const PROVIDER_NPI = { size: 0x10, dispatch: 0x08 } as const;
const PROVIDER_VERSION = 0x0100;
const BUFFER = { size: 0x18, length: 0x10 } as const;
const FLAGS_DATAGRAM = 0x4;
const FILE_FORCED_CLOSED = 0xc00000b6;

/** Behind the version: WSK_PROVIDER_DISPATCH. */
const PROVIDER = ['PFN_WSK_SOCKET', 'PFN_WSK_SOCKET_CONNECT', 'PFN_WSK_CONTROL_CLIENT'] as const;
/** WSK_PROVIDER_DATAGRAM_DISPATCH, whose beginning is that of the other kinds of socket. */
const DATAGRAM = [
  'PFN_WSK_CONTROL_SOCKET',
  'PFN_WSK_CLOSE_SOCKET',
  'PFN_WSK_BIND',
  'PFN_WSK_SEND_TO',
  'PFN_WSK_RECEIVE_FROM',
  'PFN_WSK_RELEASE_DATAGRAM_INDICATION_LIST',
  'PFN_WSK_GET_LOCAL_ADDRESS',
] as const;

/** Sockets of one boot, and the IRPs that wait for datagrams. */
class Sockets {
  readonly waiting = new Map<bigint, number[]>();
}

export const winsockExports: readonly GuestExport[] = [
  define('WskRegister', PASSIVE, 'wsk/nf-wsk-wskregister', () => STATUS.SUCCESS),
  define('WskDeregister', PASSIVE, 'wsk/nf-wsk-wskderegister', () => undefined),
  define('WskCaptureProviderNPI', PASSIVE, 'wsk/nf-wsk-wskcaptureprovidernpi', (guest, call) => {
    const at = checked(guest, call, 2, 'write', PROVIDER_NPI.size);
    const dispatch = guest.allocate(8 + 8 * PROVIDER.length);
    guest.memory.setU16(dispatch, PROVIDER_VERSION);
    fillTable(guest, dispatch + 8, PROVIDER);
    guest.memory.setU64(at, guest.address(guest.allocate(0x40)));
    guest.memory.setU64(at + PROVIDER_NPI.dispatch, guest.address(dispatch));
    return STATUS.SUCCESS;
  }),
  define('WskReleaseProviderNPI', PASSIVE, 'wsk/nf-wsk-wskreleaseprovidernpi', () => undefined),
  define('WskQueryProviderCharacteristics', PASSIVE, 'wsk/nf-wsk-wskqueryprovidercharacteristics', (guest, call) => {
    const at = checked(guest, call, 1, 'write', 4);
    guest.memory.setU16(at, PROVIDER_VERSION);
    guest.memory.setU16(at + 2, PROVIDER_VERSION);
    return STATUS.SUCCESS;
  }),

  define('PFN_WSK_SOCKET', DISPATCH, 'wsk/nc-wsk-pfn_wsk_socket', (guest, call) => {
    const irp = call.pointer(10);
    if ((call.u32(4) & FLAGS_DATAGRAM) === 0) return finish(guest, irp, STATUS.NOT_SUPPORTED);
    const table = guest.allocate(8 * DATAGRAM.length);
    fillTable(guest, table, DATAGRAM);
    const socket = guest.allocate(0x40);
    guest.memory.setU64(socket, guest.address(table));
    guest.part(Sockets).waiting.set(guest.address(socket), []);
    return finish(guest, irp, STATUS.SUCCESS, guest.address(socket));
  }),
  define('PFN_WSK_SOCKET_CONNECT', DISPATCH, 'wsk/nc-wsk-pfn_wsk_socket_connect', (guest, call) =>
    finish(guest, call.pointer(11), STATUS.NOT_SUPPORTED),
  ),
  define('PFN_WSK_CONTROL_CLIENT', DISPATCH, 'wsk/nc-wsk-pfn_wsk_control_client', (guest, call) =>
    call.u64(7) === 0n ? STATUS.SUCCESS : finish(guest, call.pointer(7), STATUS.SUCCESS),
  ),
  define('PFN_WSK_CONTROL_SOCKET', DISPATCH, 'wsk/nc-wsk-pfn_wsk_control_socket', (guest, call) =>
    call.u64(9) === 0n ? STATUS.SUCCESS : finish(guest, call.pointer(9), STATUS.SUCCESS),
  ),
  define('PFN_WSK_CLOSE_SOCKET', PASSIVE, 'wsk/nc-wsk-pfn_wsk_close_socket', function* (guest, call) {
    const { waiting } = guest.part(Sockets);
    const [socket, irp] = [call.u64(0), call.pointer(1)];
    for (const receive of waiting.get(socket) ?? []) yield* complete(guest, receive, FILE_FORCED_CLOSED);
    waiting.delete(socket);
    return yield* finish(guest, irp, STATUS.SUCCESS);
  }),
  define('PFN_WSK_BIND', DISPATCH, 'wsk/nc-wsk-pfn_wsk_bind', (guest, call) =>
    finish(guest, call.pointer(3), STATUS.SUCCESS),
  ),
  define('PFN_WSK_SEND_TO', DISPATCH, 'wsk/nc-wsk-pfn_wsk_send_to', (guest, call) => {
    const buffer = checked(guest, call, 1, 'read', BUFFER.size);
    return later(guest, call.pointer(6), guest.memory.u64(buffer + BUFFER.length));
  }),
  define('PFN_WSK_RECEIVE_FROM', DISPATCH, 'wsk/nc-wsk-pfn_wsk_receive_from', (guest, call) => {
    const irp = call.pointer(7);
    take(guest, irp);
    guest.part(Sockets).waiting.get(call.u64(0))?.push(irp);
    return STATUS.PENDING;
  }),
  define(
    'PFN_WSK_RELEASE_DATAGRAM_INDICATION_LIST',
    DISPATCH,
    'wsk/nc-wsk-pfn_wsk_release_datagram_indication_list',
    () => STATUS.SUCCESS,
  ),
  define('PFN_WSK_GET_LOCAL_ADDRESS', DISPATCH, 'wsk/nc-wsk-pfn_wsk_get_local_address', (guest, call) =>
    finish(guest, call.pointer(2), STATUS.NOT_SUPPORTED),
  ),
];

function fillTable(guest: Guest, at: number, names: readonly string[]): void {
  names.forEach((name, index) => {
    guest.memory.setU64(at + 8 * index, guest.imports.resolve('netio.sys', name) ?? 0n);
  });
}

/** The subsystem takes the IRP over, as IofCallDriver gives it to a driver. */
function take(guest: Guest, irp: number): void {
  const { memory } = guest;
  guest.touch('write', irp, IRP.size);
  memory.setU8(irp + IRP.currentLocation, memory.u8(irp + IRP.currentLocation) - 1);
  memory.setU64(
    irp + IRP.currentStackLocation,
    memory.u64(irp + IRP.currentStackLocation) - BigInt(STACK_LOCATION.size),
  );
}

function* complete(guest: Guest, irp: number, status: number, information = 0n): Call<void> {
  guest.memory.setU32(irp + IRP.status, status);
  guest.memory.setU64(irp + IRP.information, information);
  yield* completeOwn(guest, irp);
}

/** Whatever becomes of a call, its IRP is completed. */
function* finish(guest: Guest, irp: number, status: number, information = 0n): Call<number> {
  take(guest, irp);
  yield* complete(guest, irp, status, information);
  return status;
}

function later(guest: Guest, irp: number, information: bigint): number {
  take(guest, irp);
  guest.wdk.StartRoutine('CustomDpc', DISPATCH, () => complete(guest, irp, STATUS.SUCCESS, information));
  return STATUS.PENDING;
}
