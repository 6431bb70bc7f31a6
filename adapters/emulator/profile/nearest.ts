/** How many letters to change, add, leave out or swap with their neighbour; without regard to case. */
function distance(from: string, to: string): number {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()];
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const known = (line: number, column: number) => rows[line]?.[column] ?? 0;
  for (let line = 1; line <= a.length; line += 1) {
    const row = [line];
    rows.push(row);
    for (let column = 1; column <= b.length; column += 1) {
      const changed = known(line - 1, column - 1) + (a[line - 1] === b[column - 1] ? 0 : 1);
      const swapped = line > 1 && column > 1 && a[line - 1] === b[column - 2] && a[line - 2] === b[column - 1];
      row.push(
        Math.min(
          changed,
          known(line - 1, column) + 1,
          known(line, column - 1) + 1,
          swapped ? known(line - 2, column - 2) + 1 : changed,
        ),
      );
    }
  }
  return known(a.length, b.length);
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

/** @returns `; did you mean "service"?` or nothing */
export function didYouMean(written: string, words: readonly string[]): string {
  const word = nearest(written, words);
  return word === undefined ? '' : `; did you mean "${word}"?`;
}
