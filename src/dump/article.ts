/** @returns the noun with its article: `a write`, `an OID request` */
export function article(noun: string): string {
  return /^[aeiouO]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
