import type { Guest } from '../guest';
import { Registry, type RegistryValue } from '../ntoskrnl/registry';
import { fillUnicodeString, utf16 } from '../text';
import { CONFIGURATION_PARAMETER } from './layouts';
import { NdisPart } from './part';

/** NDIS_PARAMETER_TYPE. */
export const PARAMETER = { integer: 0, hexInteger: 1, string: 2, multiString: 3, binary: 4 } as const;
const REG = { text: 1, expandable: 2, binary: 3, number: 4, texts: 7 } as const;

/** What the driver finds under its key of the registry, as NDIS shows it. */
export class Configurations {
  /** Where a configuration begins that is opened with a handle of NDIS. */
  root = '\\Registry\\Machine\\System\\CurrentControlSet\\Services\\driver\\Parameters';
  /** Keys below it that are open, by their handle. */
  private readonly below = new Map<bigint, string>();

  constructor(private readonly guest: Guest) {}

  private get registry(): Registry {
    return this.guest.part(Registry);
  }

  /** @returns the key behind a handle */
  pathOf(handle: bigint): string {
    return this.below.get(handle) ?? this.root;
  }

  /** @returns the handle of a key below another; undefined when there is none of that name */
  openBelow(parent: bigint, name: string): bigint | undefined {
    const key = this.registry.find(`${this.pathOf(parent)}\\${name}`);
    if (!key) return undefined;
    const handle = this.guest.address(this.guest.allocate(0x40));
    this.below.set(handle, key.path);
    return handle;
  }

  /** @returns the names of the keys right below */
  namesBelow(parent: bigint): string[] {
    return this.registry.below(this.pathOf(parent));
  }

  /** @returns false when it is not the handle of a key below another */
  closeBelow(handle: bigint): boolean {
    return this.below.delete(handle);
  }

  /** @returns the offset of an NDIS_CONFIGURATION_PARAMETER; 0 when there is no value of that name that can be given as that type */
  read(handle: bigint, name: string, type: number): number {
    const { guest } = this;
    const value = this.registry.find(this.pathOf(handle))?.values.get(name.toLowerCase());
    const number = this.builtIn(name.toLowerCase()) ?? (value && numberIn(value, type));
    const at = guest.allocate(CONFIGURATION_PARAMETER.size);
    guest.memory.setU32(at + CONFIGURATION_PARAMETER.type, type);
    const data = at + CONFIGURATION_PARAMETER.data;
    switch (type) {
      case PARAMETER.integer:
      case PARAMETER.hexInteger:
        if (number === undefined) return 0;
        guest.memory.setU32(data, number);
        return at;
      case PARAMETER.string:
        if (value?.type !== REG.text && value?.type !== REG.expandable) return 0;
        fillUnicodeString(guest, data, textOf(value));
        return at;
      case PARAMETER.multiString:
        return value?.type === REG.texts ? this.bytes(at, value.data) : 0;
      default:
        return value?.type === REG.binary ? this.bytes(at, value.data) : 0;
    }
  }

  /** @returns false for a type that NDIS does not write */
  write(handle: bigint, name: string, type: number, data: Uint8Array): boolean {
    const kind = { 0: REG.number, 1: REG.number, 2: REG.text, 3: REG.texts, 4: REG.binary }[type];
    if (kind === undefined) return false;
    this.registry.set(this.pathOf(handle), { name, type: kind, data });
    return true;
  }

  /** What NDIS answers itself: NdisEnvironmentWindowsNt, NdisProcessorAmd64, and its version. */
  private builtIn(name: string): number | undefined {
    const { major, minor } = this.guest.part(NdisPart).version;
    return { environment: 1, processortype: 8, ndisversion: major * 0x1_0000 + minor }[name];
  }

  /** Length, in a word, and a pointer: UNICODE_STRING and BINARY_DATA begin alike. */
  private bytes(at: number, content: Uint8Array): number {
    const { guest } = this;
    const buffer = guest.allocate(content.length);
    guest.memory.write(buffer, content);
    const data = at + CONFIGURATION_PARAMETER.data;
    guest.memory.setU16(data, content.length);
    guest.memory.setU16(data + 2, content.length);
    guest.memory.setU64(data + 8, guest.address(buffer));
    return at;
  }
}

/** A number may be written down as text: decimal, or hexadecimal when that is asked for. */
function numberIn(value: RegistryValue, type: number): number | undefined {
  if (value.type === REG.number && value.data.length >= 4) {
    return new DataView(value.data.buffer, value.data.byteOffset).getUint32(0, true);
  }
  if (value.type !== REG.text) return undefined;
  const number = Number.parseInt(textOf(value), type === PARAMETER.hexInteger ? 16 : 10);
  return Number.isNaN(number) ? undefined : number >>> 0;
}

function textOf({ data }: RegistryValue): string {
  return Buffer.from(data).toString('utf16le').replace(/\0+$/, '');
}

/** @returns text as the registry keeps it */
export function registryText(text: string): Uint8Array {
  return utf16(text, true);
}
