/** What somebody may have meant who typed `wanted`: ids that are nearly the same, nearest first, at most four. */
export function nearMatches(wanted: string, ids: readonly string[]): readonly string[] {
  const target = wanted.trim().toUpperCase();
  return ids
    .map((id) => ({ id, distance: editDistance(target, id) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 4)
    .map(({ id }) => id);
}

/** Insertions, deletions and replacements that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
