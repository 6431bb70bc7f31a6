/** Would break a line, or drive the terminal that shows it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @returns text from a file, safe to show in one line */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\u{fffd}');
}
