/** Levenshtein distance without regard to case. */
function distance(from: string, to: string): number {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let line = 1; line <= a.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (a[line - 1] === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** @returns the word that was probably meant, undefined when none is near */
export function nearest(written: string, words: readonly string[]): string | undefined {
  if (written.length > 64) return undefined;
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const word of words) {
    const far = distance(written, word);
    if (far < least) [best, least] = [word, far];
  }
  return best;
}

/** @returns `: did you mean "service"?` or nothing */
export function didYouMean(written: string, words: readonly string[]): string {
  const word = nearest(written, words);
  return word === undefined ? '' : `; did you mean "${word}"?`;
}
