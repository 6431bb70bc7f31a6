/** Looks over the shoulder of a driver while it runs: exports tell what they were asked, and do the same as always. */
import { IMAGE_BASE } from '../machine/layout';
import type { DataExport, Export, ExportModule, Guest, GuestCall } from '../machine';
import { GuestDevices } from '../machine';
import type { Result } from '../machine';
import type { Call } from '../../../src/kernel';
import { DRIVER_OBJECT, MAJOR_FUNCTIONS } from '../machine/io/layouts';
import { characteristicsAt } from '../machine/ndis/characteristics';
import { Configurations, PARAMETER } from '../machine/ndis/configurations';
import { DEVICE_OBJECT_ATTRIBUTES } from '../machine/ndis/layouts';
import { keyOf, pathBelow, pathOf, Registry } from '../machine/ntoskrnl/registry';
import { queriedValues } from '../machine/ntoskrnl/registry-helpers';
import { readUnicodeString } from '../machine/text';
import { MODULES } from '../modules';
import { REGISTRY_TYPES, type RegistryType } from '../profile';

/** Something that the driver looked for in the registry. */
export interface RegistryRead {
  /** Absolute. */
  readonly key: string;
  /** Undefined when the key itself was opened. */
  readonly name?: string;
  /** What the driver seems to expect, by what it says or the room it gives. */
  readonly type?: RegistryType;
  readonly found: boolean;
}

/** What the driver told NDIS of itself. */
export interface Registration {
  readonly friendlyName: string;
  readonly uniqueName: string;
  readonly serviceName: string;
  /** Of NDIS, that it was written for: `6.30`. */
  readonly ndis: string;
  /** Entry points that it gave, and those that it left NULL, as the structure calls them. */
  readonly handlers: readonly string[];
  readonly without: readonly string[];
}

type Watch = (guest: Guest, call: GuestCall) => void;

/** KEY_VALUE_PARTIAL_INFORMATION before its data. */
const PARTIAL_HEADER = 12;
const PARTIAL_INFORMATION = 2;

export class Observer {
  readonly reads: RegistryRead[] = [];
  /** One for each filter of the driver, in the order in which it registers them. */
  readonly registrations: Registration[] = [];
  /** What an image is linked to for its calls to be seen. */
  readonly modules: readonly ExportModule<Guest>[];
  private readonly tables = new Map<string, number>();
  private guest: Guest | undefined;
  private driverObject: number | undefined;

  constructor() {
    this.modules = MODULES.map(({ module, exports }) => ({
      module,
      exports: exports.map((one) => this.watched(one)),
    }));
  }

  /** @returns the RVA of the driver's routine for each kind of request that it has one for: of NDIS's table, or the driver object's */
  dispatchRoutines(): ReadonlyMap<string, number> {
    const routines = new Map(this.tables);
    const { guest, driverObject } = this;
    if (guest === undefined || driverObject === undefined) return routines;
    for (const [major, number] of Object.entries(MAJOR_FUNCTIONS)) {
      const routine = guest.memory.u64(driverObject + DRIVER_OBJECT.majorFunction + 8 * number);
      const rva = rvaOf(guest, routine);
      if (rva !== undefined && !routines.has(major)) routines.set(major, rva);
    }
    return routines;
  }

  private readonly watches: Readonly<Record<string, Watch>> = {
    NdisFRegisterFilterDriver: (guest, call) => this.register(guest, call),
    NdisRegisterDeviceEx: (guest, call) => this.takeTable(guest, call),
    IoCreateDevice: (guest) => this.remember(guest),
    ZwOpenKey: (guest, call) => this.openKey(guest, pathOf(guest, call.pointer(2))),
    ZwOpenKeyEx: (guest, call) => this.openKey(guest, pathOf(guest, call.pointer(2))),
    RtlCheckRegistryKey: (guest, call) => this.openKey(guest, pathBelow(guest, call.u32(0), call.u64(1))),
    ZwQueryValueKey: (guest, call) => this.queryValue(guest, call),
    RtlQueryRegistryValues: (guest, call) => this.queryTable(guest, call),
    RtlQueryRegistryValuesEx: (guest, call) => this.queryTable(guest, call),
    NdisReadConfiguration: (guest, call) => this.readConfiguration(guest, call),
  };

  private watched<E extends Export<Guest> | DataExport<Guest>>(one: E): E {
    const watch = this.watches[one.name];
    if (watch === undefined || !('run' in one)) return one;
    return {
      ...one,
      run(guest: Guest, call: GuestCall): Call<Result> | Result {
        watch(guest, call);
        return one.run(guest, call);
      },
    };
  }

  private remember(guest: Guest): void {
    this.guest = guest;
    this.driverObject = guest.part(GuestDevices).driver;
  }

  private register(guest: Guest, call: GuestCall): void {
    this.remember(guest);
    const {
      MajorNdisVersion,
      MinorNdisVersion,
      FriendlyName: friendlyName,
      UniqueName: uniqueName,
      ServiceName: serviceName,
      ...handlers
    } = characteristicsAt(guest, call.pointer(2));
    const names = Object.entries(handlers).map(([name, handler]) => [name.replace(/Handler$/, ''), handler] as const);
    const registration: Registration = {
      friendlyName,
      uniqueName,
      serviceName,
      ndis: `${MajorNdisVersion}.${MinorNdisVersion}`,
      handlers: names.filter(([, handler]) => handler !== null).map(([name]) => name),
      without: names.filter(([, handler]) => handler === null).map(([name]) => name),
    };
    // A driver that is refused may try again with the same name, for an earlier NDIS.
    const again = this.registrations.findIndex((one) => isSame(one.uniqueName, uniqueName));
    this.registrations.splice(again < 0 ? this.registrations.length : again, 1, registration);
  }

  private takeTable(guest: Guest, call: GuestCall): void {
    this.remember(guest);
    const at = call.pointer(1);
    guest.touch('read', at, DEVICE_OBJECT_ATTRIBUTES.size);
    const table = guest.memory.u64(at + DEVICE_OBJECT_ATTRIBUTES.majorFunctions);
    for (const [major, number] of Object.entries(MAJOR_FUNCTIONS)) {
      const rva = rvaOf(guest, guest.readU64(table + BigInt(8 * number)));
      if (rva !== undefined) this.tables.set(major, rva);
    }
  }

  private openKey(guest: Guest, key: string | undefined): void {
    if (key !== undefined) this.reads.push({ key, found: guest.part(Registry).find(key) !== undefined });
  }

  private queryValue(guest: Guest, call: GuestCall): void {
    const key = keyOf(guest, call.u64(0));
    if (!key) return;
    const room = call.u32(2) === PARTIAL_INFORMATION ? call.u32(4) - PARTIAL_HEADER : 0;
    const isNumber = room > 0 && room <= 4;
    this.note(guest, key.path, readUnicodeString(guest, call.pointer(1)), isNumber ? 'REG_DWORD' : undefined);
  }

  private queryTable(guest: Guest, call: GuestCall): void {
    this.openKey(guest, pathBelow(guest, call.u32(0), call.u64(1)));
    for (const { path, name, type } of queriedValues(guest, call)) this.note(guest, path, name, typeOf(type));
  }

  private readConfiguration(guest: Guest, call: GuestCall): void {
    const name = readUnicodeString(guest, call.pointer(3));
    const key = guest.part(Configurations).pathOf(call.u64(2));
    this.note(guest, key, name, CONFIGURATION_TYPES[call.u32(4)]);
  }

  private note(guest: Guest, key: string, name: string, type: RegistryType | undefined): void {
    const found = guest.part(Registry).find(key)?.values.has(name.toLowerCase()) ?? false;
    this.reads.push({ key, name, found, ...(type && { type }) });
  }
}

/** @returns of the filter that is on the adapters: the one of that name, else the first */
export function registrationOf(all: readonly Registration[], guid: string | undefined): Registration | undefined {
  return all.find(({ uniqueName }) => guid !== undefined && isSame(uniqueName, guid)) ?? all[0];
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const CONFIGURATION_TYPES: Readonly<Record<number, RegistryType>> = {
  [PARAMETER.integer]: 'REG_DWORD',
  [PARAMETER.hexInteger]: 'REG_DWORD',
  [PARAMETER.string]: 'REG_SZ',
  [PARAMETER.multiString]: 'REG_MULTI_SZ',
  [PARAMETER.binary]: 'REG_BINARY',
};

function typeOf(number: number | undefined): RegistryType | undefined {
  const types = Object.entries(REGISTRY_TYPES) as [RegistryType, number][];
  return types.find(([, value]) => value === number)?.[0];
}

/** @returns undefined for what is not code of the image: the system's routine for requests that the driver does not take */
function rvaOf(guest: Guest, address: bigint): number | undefined {
  const offset = address === 0n ? undefined : guest.memory.offsetOf(address);
  if (offset === undefined) return undefined;
  const rva = offset - IMAGE_BASE;
  return rva >= 0 && rva < guest.image.sizeOfImage ? rva : undefined;
}
