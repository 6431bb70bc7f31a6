/**
 * The emulator: x64 images of drivers, run against the model of NDIS in `src/ndis` that the simulator plays on too.
 *
 * - `cpu` the processor and its memory; `image` the file format; neither knows of Windows drivers
 * - `machine` an image booted and linked to the modelled system; `machine/ndis` is its ndis.sys
 * - `profile` what a vendor says of a driver; `requests` turns that into requests
 * - `modules` what an image is linked to; `runnable` what it may be; `scan` what a driver needs of all this, told before it runs
 * - `sites` where in the machine code crossings happen, for a replay that asks
 */
import type { Adapter } from '../contract';
import { modelledAdapter, type ModelledDriver } from '../modelled';
import type { Engine } from './cpu/contract';
import { createInterpreter } from './cpu/interpreter';
import { createMemory } from './cpu/memory';
import { requireRunnable } from './runnable';
import { readImage } from './image';
import { WINDOW_SIZE, type ExportModule, type Guest, type TraceSession } from './machine';
import { emulatedDriver, MEDIA, type NetInterface } from './machine/ndis';
import { MODULES } from './modules';
import {
  adapterFacts,
  guidBytes,
  registryValues,
  type AdapterFacts,
  toDriverProfile,
  type EmulatorProfile,
} from './profile';
import { requestPlan } from './requests';
import type { SiteLog } from './sites';

export interface EmulatorOptions {
  /** What reports call the driver; without it, what its profile does. */
  readonly driver?: string;
  /** The file. */
  readonly image: Uint8Array;
  /** Its symbols, when there are any. */
  readonly pdb?: Uint8Array;
  readonly profile: EmulatorProfile;
  /** Makes the processor of a boot; without it, the interpreter. */
  readonly engine?: () => Engine;
  /** What the image is linked to; without it, all of `MODULES`. */
  readonly modules?: readonly ExportModule<Guest>[];
  /** Finds another driver by name, for scenarios that show what a particular driver does. */
  readonly exhibits?: (name: string) => Adapter | undefined;
  /** Watches where in the machine code crossings happen; slow. */
  readonly sites?: SiteLog;
  /** Listens to what the driver writes to event tracing. */
  readonly session?: TraceSession;
}

/** Adapters that a registry names, whether they are plugged in or not. */
const INSTALLED_ADAPTERS = ['A', 'B', 'C'];

/**
 * @returns the adapter that plays scenarios against an image
 * @throws BadImage when the file is not a driver that can be run
 */
export function createEmulator(options: EmulatorOptions): Adapter {
  return modelledAdapter('emulator', createDriver(options), (name) => options.exhibits?.(name));
}

/** @returns the image as a driver on the model */
export function createDriver({
  driver,
  image,
  pdb,
  profile,
  engine = interpreter,
  modules = MODULES,
  sites,
  session,
}: EmulatorOptions): ModelledDriver {
  let uniqueName: string | undefined;
  const read = readImage(image, pdb ? { pdb } : {});
  requireRunnable(read);
  const facts = INSTALLED_ADAPTERS.map((adapter, position) => adapterFacts(profile, adapter, position));
  return emulatedDriver({
    name: driver ?? profile.driver,
    image: read,
    profile: toDriverProfile(profile),
    engine: sites ? () => sites.watch(engine()) : engine,
    ...(sites && { onCrossing: (crossing, guest) => sites.take(crossing, guest) }),
    ...(session && { session }),
    modules,
    service: profile.service,
    version: profile.ndis,
    ...(profile.filter.guid !== undefined && { filter: profile.filter.guid }),
    plan: requestPlan(profile, () => uniqueName),
    registry: registryValues(profile, facts),
    interfaces: facts.map(interfaceOf),
    medium: MEDIA[profile.adapters.medium],
    adapterNames(adapter, position, registered) {
      uniqueName = registered ?? uniqueName;
      const { miniport, moduleName, ifIndex } = adapterFacts(profile, adapter, position, registered);
      return { miniport, module: moduleName, ifIndex };
    },
  });
}

function interfaceOf({ adapter, guid, ifIndex }: AdapterFacts, position: number): NetInterface {
  const mac = Uint8Array.of(2, 0, 0, 0, 0, position + 1);
  return { index: ifIndex, guid, guidBytes: guidBytes(guid), alias: `Ethernet ${adapter}`, mac };
}

function interpreter(): Engine {
  return createInterpreter(createMemory(WINDOW_SIZE));
}
