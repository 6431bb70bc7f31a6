/** Simulated drivers for the agent: a profile as a vendor would write it, and what its requests mean to the driver. */
import { stringify } from 'yaml';
import type { Ask, Request } from '../../../adapters/contract';
import type { DeviceRequest } from '../../../adapters/harness/agent/ports';
import type { SimulatedDriver } from '../../../adapters/simulator';
import type { IrpOptions } from '../../../src/ndis/io-manager';

/** They are about frames: each of them is in the request, behind what it is and how many there are. */
const WITH_FRAMES: ReadonlySet<Ask> = new Set<Ask>([
  ...(['send', 'sendChain', 'receive', 'receiveLowResources'] as const),
  ...(['sendByTimer', 'sendByWorkItem'] as const),
]);
const HEADER = 8;
const FRAME = 60;
const KIND = { IRP_MJ_WRITE: 'write', IRP_MJ_READ: 'read', IRP_MJ_DEVICE_CONTROL: 'ioctl' } as const;
const MAJOR = { write: 'IRP_MJ_WRITE', read: 'IRP_MJ_READ', control: 'IRP_MJ_DEVICE_CONTROL' } as const;

/** @returns YAML; undefined for a driver that nobody can open */
export function profileTextOf({ name, profile }: SimulatedDriver): string | undefined {
  const { device, capabilities } = profile;
  if (!device) return undefined;
  const asked = requestsOf(profile);
  const codes = asked.flatMap(([, { ioControlCode }], index) =>
    ioControlCode === undefined ? [] : [[ioControlCode, codeOf(index)]],
  );
  return stringify({
    profile: 1,
    driver: name,
    service: 'dut',
    open: { device: device.name, file: device.fileName },
    codes: Object.fromEntries(codes) as unknown,
    asks: Object.fromEntries(asked.map(([ask, request], index) => [ask, [stepOf(ask, request, index)]])),
    oids: ['OID_GEN_STATISTICS', 'OID_GEN_CURRENT_PACKET_FILTER'],
    capabilities,
  });
}

export interface Decoded {
  readonly irp: IrpOptions;
  /** Hexadecimal. */
  readonly frames: readonly string[];
}

/** @returns what a request of that profile is to the driver @throws Error for bytes that are none */
export function decodeRequest({ profile }: SimulatedDriver, what: DeviceRequest, bytes: Buffer): Decoded {
  const [ask, request] = requestsOf(profile)[bytes.readUInt32LE(0)] ?? [];
  if (!ask || !request || MAJOR[what] !== request.irp) throw new Error('STATUS_INVALID_PARAMETER (0xC000000D)');
  const count = bytes.readUInt32LE(4);
  const { irp: major, ioControlCode, input } = request;
  return {
    irp: { major, ...(ioControlCode !== undefined && { ioControlCode }), input: { ...input, count } },
    frames: Array.from({ length: WITH_FRAMES.has(ask) ? count : 0 }, (_, at) =>
      bytes.toString('hex', HEADER + FRAME * at, HEADER + FRAME * (at + 1)),
    ),
  };
}

function stepOf(ask: Ask, { irp }: Request, index: number): Readonly<Record<string, unknown>> {
  const fields = [
    { u32: index },
    { u32: 'count' },
    ...(WITH_FRAMES.has(ask) ? [{ repeat: 'count', of: ['frame'] }] : []),
  ];
  const kind = KIND[irp];
  return kind === 'ioctl' ? { ioctl: codeOf(index), input: fields } : { [kind]: fields };
}

function codeOf(index: number): string {
  return `CTL_CODE(FILE_DEVICE_NETWORK, 0x${(0x800 + index).toString(16)}, METHOD_BUFFERED, FILE_ANY_ACCESS)`;
}

function requestsOf({ requests }: SimulatedDriver['profile']): [Ask, Request][] {
  return Object.entries(requests) as [Ask, Request][];
}
