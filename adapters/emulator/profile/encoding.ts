/**
 * Windows writes texts in other encodings, too: UTF-16, as PowerShell does, or letters of an older code page.
 * @param text that was decoded as UTF-8
 * @returns where, counted from 1, stands what no text in UTF-8 has; undefined when there is nothing of it
 */
export function placeOfOther(text: string): { readonly line: number; readonly column: number } | undefined {
  const offset = text.search(/[\0\ufffd]/);
  if (offset < 0) return undefined;
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
