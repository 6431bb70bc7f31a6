/**
 * A name in a command that the kit prints: whoever copies it gets it back as one word.
 * @returns the name, in quotes where a shell would take it apart. What Windows allows in a path is taken alike by the shells there and
 *   elsewhere; its backslashes are for no shell to read
 */
export function shellWord(name: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(name)) return name;
  return `"${name.replace(/["$`]|\\(?=["$`]|$)/g, '\\$&')}"`;
}
