import type { Guest } from '../guest';
import { fillUnicodeString } from '../text';
import { CONFIGURATION_PARAMETER } from './layouts';

const PARAMETER_INTEGER = 0;
const PARAMETER_STRING = 2;

/** What the driver finds under its key of the registry. */
export class Configurations {
  /** By name, in upper case: keywords are compared without case. */
  private readonly values = new Map<string, number | string>();

  constructor(private readonly guest: Guest) {}

  set(name: string, value: number | string): void {
    this.values.set(name.toUpperCase(), value);
  }

  /** @returns the offset of an NDIS_CONFIGURATION_PARAMETER; 0 when there is no value of that name and type */
  read(name: string, isText: boolean): number {
    const { guest } = this;
    const value = this.values.get(name.toUpperCase());
    if (value === undefined || (typeof value === 'string') !== isText) return 0;
    const at = guest.allocate(CONFIGURATION_PARAMETER.size);
    guest.memory.setU32(at + CONFIGURATION_PARAMETER.type, isText ? PARAMETER_STRING : PARAMETER_INTEGER);
    if (typeof value === 'string') fillUnicodeString(guest, at + CONFIGURATION_PARAMETER.data, value);
    else guest.memory.setU32(at + CONFIGURATION_PARAMETER.data, value);
    return at;
  }
}
