/** Names of files that travel: the same file on every system, inside the folder that they are written to. */

const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const DEEPEST = 4;

/** What Windows takes for a device, whatever ending it has. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i;

/** @returns what is wrong with a name, or undefined */
export function fileNameFault(name: string): string | undefined {
  const parts = name.split('/');
  if (parts.length > DEEPEST) return `is deeper than ${DEEPEST} folders`;
  for (const part of parts) {
    if (!PART.test(part)) return 'has a part that is not letters, digits, ".", "_" and "-", up to 64 of them';
    if (part.endsWith('.')) return 'has a part that ends with a full stop';
    if (DEVICE.test(part)) return 'is the name of a device of Windows';
  }
  return undefined;
}
