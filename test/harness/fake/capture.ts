/** Capture filters of win-net-test: which frames fnmp and fnlwf keep, by their first bytes. */

export interface CaptureFilter {
  /** Hexadecimal, from the first byte on. */
  readonly pattern: string;
  readonly mask: string;
}

export class CaptureFilters {
  /** One for each handle that has one. */
  private readonly filters = new Map<object, CaptureFilter>();

  get areThere(): boolean {
    return this.filters.size > 0;
  }

  /** @param filter one without a pattern is none */
  set(handle: object, filter: CaptureFilter): void {
    if (filter.pattern === '') this.filters.delete(handle);
    else this.filters.set(handle, filter);
  }

  clear(): void {
    this.filters.clear();
  }

  /** @param handle by the filter of this one; by default, by any */
  take(frame: string, handle?: object): boolean {
    const filters = handle ? [this.filters.get(handle)] : [...this.filters.values()];
    return filters.some((filter) => filter !== undefined && matches(frame, filter));
  }
}

/** From the first byte on. */
function matches(frame: string, { pattern, mask }: CaptureFilter): boolean {
  const [bytes, wanted, counts] = [frame, pattern, mask].map((text) => Buffer.from(text, 'hex'));
  if (!bytes || !wanted || !counts || bytes.length < wanted.length) return false;
  return wanted.every((byte, i) => (byte & (counts[i] ?? 0)) === ((bytes[i] ?? 0) & (counts[i] ?? 0)));
}
