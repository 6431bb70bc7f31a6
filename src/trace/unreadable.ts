/** Why a line is not JSON, as far as one can tell from looking at it, and what to write instead. */

/** The first that fits wins: from what the whole line is to what is wrong inside. */
const SIGHTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:\/\/|\/\*|#|--)/, 'a comment, and JSON has none: remove it'],
  [/^[[\]]/, 'part of a list; a trace is one object a line, without brackets around them or commas between them'],
  [/^[{}],?$/, 'part of an object; write each crossing in one line'],
  [/\},$/, 'followed by a comma; a trace is one object a line, without commas between them: remove it'],
  [/\}\s*,?\s*\{\s*"(?:seq|schema|dir)"/, 'more than one object; write each crossing in a line of its own'],
  [/^\{.*[^}]$/, 'an object that does not end; write each crossing in one line'],
  [/[{,]\s*'/, 'written with single quotes; JSON wants double quotes'],
  [/[{,]\s*[A-Za-z_]\w*\s*:/, 'missing the double quotes around the name of a member'],
  [/,\s*[}\]]/, 'not JSON: there is a comma before a closing bracket; remove it'],
];

/** Where the parser stopped, if it says so; not every version of every engine does. */
function column(failure: unknown): string {
  const position = failure instanceof Error ? /at position (\d+)/.exec(failure.message)?.[1] : undefined;
  return position === undefined ? '' : ` near column ${Number(position) + 1}`;
}

/**
 * @param line a line that JSON.parse refused
 * @param failure what it threw
 * @returns one sentence
 */
export function whyUnreadable(line: string, failure: unknown): string {
  const text = line.trim();
  const sight = SIGHTS.find(([pattern]) => pattern.test(text));
  return sight
    ? `This line is ${sight[1]}.`
    : `This line is not JSON: something is wrong${column(failure)}. Every line is one object, such as {"seq":1,"dir":"->","ddi":"FilterPause"}.`;
}

/** The recorder stopped in the middle of it: only the end is missing. */
export function isTorn(line: string): boolean {
  const text = line.trim();
  return text.startsWith('{') && !text.endsWith('}') && !text.endsWith(',');
}
