/** Deeper nobody reads, and lists within lists without end would exhaust the stack of whoever writes them down. */
const DEEPEST = 3;

/**
 * @param value from a file or another program: anything that JSON can hold
 * @param most characters
 * @returns its beginning as JSON, for a message
 */
export function excerpt(value: unknown, most: number): string {
  const depths = new Map<unknown, number>();
  const text =
    JSON.stringify(value, function (this: unknown, _name, member: unknown) {
      if (typeof member !== 'object' || member === null) return member;
      const depth = (depths.get(this) ?? 0) + 1;
      depths.set(member, depth);
      return depth > DEEPEST ? '…' : member;
    }) ?? String(value);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
