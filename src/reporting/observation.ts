/** What an adapter sees, in words, by its level of observation. */
const SEEN: Readonly<Record<string, string>> = {
  'black-box': 'module states, frames and crashes only',
  'white-box': 'every crossing of the driver',
  memory: 'every crossing of the driver and every access to memory',
};

/** @returns `every crossing of the driver` */
export function whatIsSeen(level: string): string {
  return SEEN[level] ?? level;
}

/** @returns `white-box (every crossing of the driver)` */
export function observationText(level: string): string {
  const seen = SEEN[level];
  return seen === undefined ? level : `${level} (${seen})`;
}
