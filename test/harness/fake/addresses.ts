/** Addresses for what the model knows by name: the same name has the same one. */
const FIRST = 0xffff_8000_0000_1000n;
const APART = 0x40n;

export class Addresses {
  private readonly known = new Map<string, bigint>();

  /** @param name null, undefined and `NULL` are address 0 */
  of(name: unknown): bigint {
    if (typeof name !== 'string' || name === 'NULL') return 0n;
    let address = this.known.get(name);
    if (address === undefined) {
      address = FIRST + BigInt(this.known.size) * APART;
      this.known.set(name, address);
    }
    return address;
  }
}
