import type { Call, Kernel } from '../../../../src/kernel';
import type { DriverObject, NtStatus, Wdk } from '../../../../src/ndis';
import type { Crossing } from '../../../../src/trace';
import type { DriverProfile } from '../../../contract';
import type { ModelledDriver, RequestPlan } from '../../../modelled';
import type { Engine } from '../../cpu/contract';
import type { Image } from '../../image/contract';
import type { ExportModule } from '../contract';
import { Boots } from '../boots';
import type { Guest } from '../guest';
import { GuestDevices } from '../io/devices';
import { Registry } from '../ntoskrnl/registry';
import { EventTracing, type TraceSession } from '../ntoskrnl/tracing';
import { REGISTRY_TYPES, serviceKey, type RegistryValue } from '../../profile';
import { ntStatusOf } from '../status';
import { Configurations } from './configurations';
import type { Medium } from './media';
import { NdisPart, type AdapterNames, type NetInterface } from './part';

export interface EmulatedDriverOptions {
  readonly name: string;
  readonly image: Image;
  readonly profile: DriverProfile;
  /** Makes the processor of one boot, over memory of its own. */
  readonly engine: () => Engine;
  /** What the image is linked to. */
  readonly modules: readonly ExportModule<Guest>[];
  /** Name of the service, for the registry path; without it the driver's name. */
  readonly service?: string;
  /** What NdisGetVersion says; drivers made for a later one are refused. */
  readonly version?: { readonly major: number; readonly minor: number };
  /** UniqueName of the filter that is on the adapters, of a driver that registers several; without it, the first. */
  readonly filter?: string;
  /** How applications talk to it. */
  readonly plan?: RequestPlan;
  /** What it finds in the registry. */
  readonly registry?: readonly RegistryValue[];
  /** What the driver is told that an adapter of a scenario is called; without it, the names of the scenario. */
  readonly adapterNames?: AdapterNames;
  /** Of the adapters that are installed; without it, there are none. */
  readonly interfaces?: readonly NetInterface[];
  /** What the adapters are; Ethernet without it. */
  readonly medium?: Medium;
  /** Called with each crossing while the guest is as it is then: a replay that shows machine code. */
  readonly onCrossing?: (crossing: Crossing, guest: Guest) => void;
  /** Listens to what the driver writes to event tracing; without it nobody does, and drivers that ask are told so. */
  readonly session?: TraceSession;
}

/** An image of a driver as the model of NDIS sees it. Every boot begins with a fresh image. */
export function emulatedDriver(options: EmulatedDriverOptions): ModelledDriver {
  const { name, image, profile, engine, modules, service = name, registry = [], plan } = options;
  const boots = new Boots(engine);
  return {
    name,
    profile,
    ...(plan && { requests: plan }),
    ...(options.version && { ndis: options.version }),
    ...(options.filter !== undefined && { filter: options.filter }),
    load(wdk: Wdk, kernel: Kernel) {
      const { version, adapterNames, interfaces, medium, onCrossing, session } = options;
      const guest = boots.boot({ image, kernel, wdk, modules, name });
      const ndis = guest.part(NdisPart);
      const listener = onCrossing && ((crossing: Crossing): void => onCrossing(crossing, guest));
      if (listener) kernel.recorder.listener = listener;
      const tracing = guest.part(EventTracing);
      tracing.session = session;
      session?.begin?.(tracing);
      if (version) ndis.version = version;
      if (adapterNames) ndis.adapterNames = adapterNames;
      if (interfaces) ndis.interfaces = interfaces;
      if (medium) ndis.medium = medium;
      fillRegistry(guest, registry, service);
      return (object) => driverEntry(guest, object, service);
    },
  };
}

function* driverEntry(guest: Guest, object: DriverObject, service: string): Call<NtStatus> {
  guest.part(NdisPart).driverObject = object;
  return ntStatusOf(yield* guest.part(GuestDevices).start(object, serviceKey(service)));
}

/** The driver's key is there even when nothing is in it. NDIS shows what is below Parameters as configuration. */
function fillRegistry(guest: Guest, values: readonly RegistryValue[], service: string): void {
  const registry = guest.part(Registry);
  registry.create(serviceKey(service));
  guest.part(Configurations).root = `${serviceKey(service)}\\Parameters`;
  for (const { key, name, type, bytes } of values) {
    registry.set(key, { name, type: REGISTRY_TYPES[type], data: bytes });
  }
}
