/** What applications do, as the vendor's profile says, on the adapter that is there: opens and requests, down to the byte. */
import { RigRefusal, type Ask } from '../../../contract';
import {
  BadProfile,
  fillIn,
  planAsk,
  planOpen,
  planSetup,
  readProfile,
  uses,
  type AdapterFacts,
  type EmulatorProfile,
  type FrameAt,
  type Placeholder,
  type PlannedRequest,
  type Rendered,
} from '../../../emulator/profile';
import type { AdapterInfo, DeviceBuffer, HelperOps } from '../ports';
import { devicePath } from './device-path';

export interface PlannedPut {
  readonly what: Pick<HelperOps['device.put']['params'], 'what' | 'code' | 'buffers' | 'output'>;
  /** It comes back only once what it originated has: those after it do not wait for it. */
  readonly blocks: boolean;
  /** Statuses with which it may come back for the sequence to go on. */
  readonly goesOn: readonly string[];
}

const ANY_ADAPTER: AdapterInfo = {
  ...{ name: 'Ethernet', description: '', instanceId: '', status: 'Up', mac: '' },
  ...{ ifIndex: 1, ifGuid: '{00000000-0000-0000-0000-000000000000}' },
};

/** Of the bytes of one request: as hexadecimal they are to fit the helper's line. */
const MOST_BYTES = 256 * 1024;
const MOST_BUFFERS = 64;

const WHAT = { IRP_MJ_WRITE: 'write', IRP_MJ_READ: 'read', IRP_MJ_DEVICE_CONTROL: 'control' } as const;

/**
 * @param text of the vendor's profile
 * @returns undefined when it does not say how applications open the driver
 * @throws RigRefusal (environment) with what is wrong with it, or cannot be known on a real machine
 */
export function readRequests(text: string): EmulatorProfile | undefined {
  const profile = understood(() => readProfile(text, 'the profile'));
  if (!profile.open) return undefined;
  requireKnown(profile);
  return profile;
}

export class RequestPlan {
  private readonly facts: AdapterFacts;

  constructor(
    private readonly profile: EmulatorProfile,
    adapter: AdapterInfo,
  ) {
    this.facts = factsOf(profile, adapter);
  }

  /** The profile says how the driver is asked for it. */
  knows(ask: Ask): boolean {
    return this.profile.asks[ask] !== undefined;
  }

  /** Of the frames that the driver is to send. */
  get frames(): EmulatorProfile['frames'] {
    return this.profile.frames;
  }

  open(): Pick<HelperOps['device.open']['params'], 'path' | 'attribute' | 'synchronous'> {
    const planned = planOpen(this.profile, this.facts);
    if (!planned) throw new Error('The profile does not say how to open the driver.');
    const { device, fileName, ea, oneAtATime } = planned;
    return {
      path: devicePath(device, fileName),
      attribute: { name: ea?.name ?? '', value: ea ? hexOf(ea.value.buffers[0].bytes) : '' },
      synchronous: oneAtATime === true,
    };
  }

  setup(): readonly PlannedPut[] {
    return planSetup(this.profile, this.facts).map(putOf);
  }

  /** @param frameAt the frames that the driver is asked to send, from 0 on; undefined when the profile does not say how to ask */
  ask(what: Ask, count: number, frameAt: FrameAt): readonly PlannedPut[] | undefined {
    return planAsk(this.profile, what, this.facts, count, 0, frameAt)?.map(putOf);
  }
}

function factsOf(profile: EmulatorProfile, { name, ifGuid, ifIndex }: AdapterInfo): AdapterFacts {
  const { guid } = profile.filter;
  const names = { adapter: name, guid: ifGuid.toUpperCase(), ifIndex, instance: '', filterGuid: guid ?? '' };
  const miniport = fillIn(profile.adapters.baseMiniportName, names);
  return { ...names, miniport, moduleName: fillIn(profile.adapters.moduleName, { ...names, miniport }) };
}

function requireKnown(profile: EmulatorProfile): void {
  refuseUnknown(profile, 'instance', 'name the adapter by {guid} or {ifIndex}');
  // Before anything is changed on the machine.
  new RequestPlan(profile, ANY_ADAPTER).open();
  if (profile.filter.guid === undefined)
    refuseUnknown(profile, 'filterGuid', 'give "filter.guid", the NetCfgInstanceId of the INF');
}

/** Nothing is put to a driver with a hole in it. */
function refuseUnknown({ open, setup, asks, adapters }: EmulatorProfile, unknown: Placeholder, why: string): void {
  const requests = JSON.stringify([open, setup, asks], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const miniport = uses(requests, 'miniport') ? adapters.baseMiniportName : '';
  if (!uses(requests + miniport, unknown)) return;
  throw new RigRefusal('environment', `The profile uses {${unknown}}, which a lab machine does not tell: ${why}`);
}

function putOf({ irp, code, input, outputLength, blocks, status }: PlannedRequest): PlannedPut {
  return {
    what: { what: WHAT[irp], code: code?.value ?? 0, buffers: buffersOf(input), output: outputLength },
    blocks,
    goesOn: status,
  };
}

function buffersOf({ buffers }: Rendered): readonly DeviceBuffer[] {
  const bytes = buffers.reduce((sum, each) => sum + each.bytes.length, 0);
  if (bytes > MOST_BYTES || buffers.length > MOST_BUFFERS) {
    throw new RigRefusal(
      'notSupported',
      `A request of the profile has ${bytes} bytes in ${buffers.length} buffers; on a lab machine it can have ${MOST_BYTES} in ${MOST_BUFFERS}.`,
    );
  }
  return buffers.map(({ bytes: own, pointers }) => ({ bytes: hexOf(own), pointers }));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (failure) {
    if (!(failure instanceof BadProfile)) throw failure;
    const words = failure.message.replaceAll('\n', '; ');
    throw new RigRefusal('environment', `The profile cannot be used: ${words}`, { cause: failure });
  }
}
