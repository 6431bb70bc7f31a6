/** Values of the ids that the model writes as text: cancel ids, request ids. */
const FIRST_VALUE = 0xc0de_0000n;

/**
 * Ids that NDIS and its neighbours compare and never follow: text in the model, a pointer-sized value in the guest. Text of the
 * model gets a value when the guest first sees it; a value of the guest's own becomes its digits.
 */
export class Ids {
  private readonly values = new Map<string, bigint>();
  private readonly texts = new Map<bigint, string>();

  /** @returns the value of an id; 0 for none */
  valueOf(id: string | null): bigint {
    if (id === null) return 0n;
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const digits = /^0x[0-9a-f]{1,16}$/.exec(id);
    const value = digits ? BigInt(id) : FIRST_VALUE + BigInt(this.values.size + 1);
    this.values.set(id, value);
    this.texts.set(value, id);
    return value;
  }

  /** @returns the id of a value; null for 0 */
  idOf(value: bigint): string | null {
    if (value === 0n) return null;
    return this.texts.get(value) ?? `0x${value.toString(16)}`;
  }
}
