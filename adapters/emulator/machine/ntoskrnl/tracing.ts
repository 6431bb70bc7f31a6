/** Event tracing: providers can register; nobody listens, unless the one who boots the guest does. */
import type { Call } from '../../../../src/kernel';
import type { ExportModule, GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { readGuid } from '../text';
import { APC, checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';

const REGISTRATION = 0xe7a0_0000n;

/** One EtwWriteTransfer, as a consumer of the session gets it. */
export interface TracedEvent {
  /** GUID in braces, in upper case. */
  readonly provider: string;
  readonly level: number;
  readonly keyword: bigint;
  /** Name and fields of a self-describing event (TraceLogging); empty for one of a manifest. */
  readonly metadata: Uint8Array;
  readonly payload: Uint8Array;
  /** Who wrote it, as the trace calls its threads. */
  readonly thread: string;
  /** Virtual time in ms. */
  readonly time: number;
}

/** Who listens to the providers of a driver. */
export interface TraceSession {
  /** While it is false, providers are told that nobody listens. */
  readonly isOn: boolean;
  hear(event: TracedEvent): void;
  /** A guest is booted, whose providers can be asked. */
  begin?(tracing: Pick<EventTracing, 'control'>): void;
}

interface Provider {
  /** GUID in braces, in upper case; empty for one that nobody can name. */
  readonly id: string;
  /** EtwEnableCallback, with its context; 0 for none. */
  readonly callback: bigint;
  readonly context: bigint;
}

const NAMELESS: Provider = { id: '', callback: 0n, context: 0n };
/** How a session that wants everything asks for it. */
const VERBOSE = 5n;
const EVERYTHING = (1n << 64n) - 1n;

/** Registrations of one boot, and the session that hears them. */
export class EventTracing {
  session: TraceSession | undefined;
  private made = 0n;
  private readonly providers = new Map<bigint, Provider>();

  constructor(private readonly guest: Guest) {}

  register(provider: Provider = NAMELESS): bigint {
    this.made += 1n;
    const handle = REGISTRATION + this.made;
    this.providers.set(handle, provider);
    return handle;
  }

  /**
   * The session asks each provider for something; they answer on a thread of the system.
   * @param code EVENT_CONTROL_CODE_ENABLE_PROVIDER (1), EVENT_CONTROL_CODE_CAPTURE_STATE (2)
   */
  control(code: bigint): void {
    const { guest } = this;
    const source = guest.address(guest.allocate(16));
    for (const { callback, context } of this.providers.values()) {
      if (callback === 0n) continue;
      guest.wdk.StartRoutine('EtwEnableCallback', PASSIVE, function* (): Call<void> {
        yield* guest.call(callback, source, code, VERBOSE, EVERYTHING, 0n, 0n, context);
      });
    }
  }

  unregister(handle: bigint): void {
    this.providers.delete(handle);
  }

  hears(handle: bigint): boolean {
    return this.session?.isOn === true && this.providers.has(handle);
  }

  hear(handle: bigint, event: Omit<TracedEvent, 'provider'>): void {
    const provider = this.providers.get(handle);
    if (provider) this.session?.hear({ provider: provider.id, ...event });
  }
}

export const tracingExports: readonly GuestExport[] = [
  define('EtwRegister', PASSIVE, 'wdm/nf-wdm-etwregister', register),
  define('EtwRegisterClassicProvider', PASSIVE, 'wdm/nf-wdm-etwregister', (guest, call) => {
    guest.memory.setU64(checked(guest, call, 4, 'write', 8), guest.part(EventTracing).register());
    return STATUS.SUCCESS;
  }),
  define('EtwUnregister', PASSIVE, 'wdm/nf-wdm-etwunregister', (guest, call) => {
    guest.part(EventTracing).unregister(call.u64(0));
    return STATUS.SUCCESS;
  }),
  define('EtwSetInformation', APC, 'wdm/nf-wdm-etwsetinformation', () => STATUS.SUCCESS),
  ...(
    [
      ['EtwWrite', 'wdm/nf-wdm-etwwrite'],
      ['EtwWriteEx', 'wdm/nf-wdm-etwwriteex'],
      ['EtwWriteString', 'wdm/nf-wdm-etwwritestring'],
      ['EtwActivityIdControl', 'wdm/nf-wdm-etwactivityidcontrol'],
      ['WmiTraceMessage', 'wdm/nf-wdm-wmitracemessage'],
      ['WmiTraceMessageVa', 'wdm/nf-wdm-wmitracemessageva'],
    ] as const
  ).map(([name, page]) => define(name, HIGH, page, () => STATUS.SUCCESS)),
  define('EtwWriteTransfer', HIGH, 'wdm/nf-wdm-etwwritetransfer', writeTransfer),
  ...(
    [
      ['EtwEventEnabled', 'wdm/nf-wdm-etweventenabled'],
      ['EtwProviderEnabled', 'wdm/nf-wdm-etwproviderenabled'],
    ] as const
  ).map(([name, page]) => define(name, HIGH, page, (guest, call) => guest.part(EventTracing).hears(call.u64(0)))),
  define('WmiQueryTraceInformation', HIGH, 'wdm/nf-wdm-wmiquerytraceinformation', () => STATUS.NOT_SUPPORTED),
  define('IoWMIRegistrationControl', PASSIVE, 'wdm/nf-wdm-iowmiregistrationcontrol', () => STATUS.SUCCESS),
  define('IoWMIWriteEvent', DISPATCH, 'wdm/nf-wdm-iowmiwriteevent', () => STATUS.UNSUCCESSFUL),
  define('IoWMIAllocateInstanceIds', PASSIVE, 'wdm/nf-wdm-iowmiallocateinstanceids', (guest, call) => {
    guest.memory.setU32(checked(guest, call, 2, 'write', 4), 1);
    return STATUS.SUCCESS;
  }),
];

function register(guest: Guest, call: GuestCall): number {
  const id = readGuid(guest, checked(guest, call, 0, 'read', 16));
  const provider = { id, callback: call.u64(1), context: call.u64(2) };
  guest.memory.setU64(checked(guest, call, 3, 'write', 8), guest.part(EventTracing).register(provider));
  return STATUS.SUCCESS;
}

/** EVENT_DESCRIPTOR and EVENT_DATA_DESCRIPTOR. */
const DESCRIPTOR = { level: 4, keyword: 8, size: 16 } as const;
const DATA = { pointer: 0, length: 8, type: 12, size: 16 } as const;
/** What a data descriptor leads to. */
const METADATA_OF_EVENT = 1;
const METADATA_OF_PROVIDER = 2;
const MOST_DATA = 128;

function writeTransfer(guest: Guest, call: GuestCall): number {
  const tracing = guest.part(EventTracing);
  const handle = call.u64(0);
  if (!tracing.hears(handle)) return STATUS.SUCCESS;
  const { memory } = guest;
  const descriptor = checked(guest, call, 1, 'read', DESCRIPTOR.size);
  const count = call.u32(4);
  if (count > MOST_DATA) return STATUS.INVALID_PARAMETER;
  const list = count === 0 ? 0 : checked(guest, call, 5, 'read', count * DATA.size);
  const metadata: Uint8Array[] = [];
  const payload: Uint8Array[] = [];
  for (let i = 0; i < count; i += 1) {
    const at = list + i * DATA.size;
    const length = memory.u32(at + DATA.length);
    const type = memory.u8(at + DATA.type);
    if (length === 0 || type === METADATA_OF_PROVIDER) continue;
    const from = guest.offset(memory.u64(at + DATA.pointer));
    guest.touch('read', from, length);
    (type === METADATA_OF_EVENT ? metadata : payload).push(memory.bytes.slice(from, from + length));
  }
  tracing.hear(handle, {
    level: memory.u8(descriptor + DESCRIPTOR.level),
    keyword: memory.u64(descriptor + DESCRIPTOR.keyword),
    metadata: Buffer.concat(metadata),
    payload: Buffer.concat(payload),
    thread: guest.kernel.thread.id,
    time: guest.kernel.now,
  });
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
      guest.memory.setU64(checked(guest, call, 1, 'write', 8), guest.part(EventTracing).register());
      return STATUS.SUCCESS;
    }),
    define('imp_WppRecorderLogDelete', HIGH, 'wpprecorder/nf-wpprecorder-wpprecorderlogdelete', () => STATUS.SUCCESS),
    define('imp_WppRecorderLogGetDefault', HIGH, 'wpprecorder/nf-wpprecorder-wpprecorderloggetdefault', () => 0n),
    define('imp_WppRecorderIsDefaultLogAvailable', HIGH, 'devtest/inflight-trace-recorder', () => false),
    define('imp_WppRecorderLogSetIdentifier', HIGH, 'devtest/inflight-trace-recorder', () => STATUS.SUCCESS),
  ],
};
