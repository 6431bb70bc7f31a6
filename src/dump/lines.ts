/** A text as people paste it, as clean lines: HTML, quoting and typographic quotes of forums taken off. */

/** A line of the file that was given. */
export interface Line {
  /** In the file, from 1. */
  readonly number: number;
  readonly text: string;
}

/** Longer lines than any debugger writes are cut, so that nothing later has to care. */
const LONGEST_LINE = 2000;
/** Nor does any column need more room, and patterns are slow on long runs of spaces. */
const WIDE = /\s{17,}/g;
const WIDEST = ' '.repeat(16);
const BREAK = /<(?:br|hr)\s*\/?>|<\/?(?:p|div|li|ul|ol|tr|pre|blockquote|h[1-6])(?:\s[^<>]{0,300})?>/gi;
const TAG = /<\/?(?:a|b|i|u|em|strong|span|code|font|td|th|table|tbody|details|summary|small|tt)(?:\s[^<>]{0,300})?>/gi;
const ENTITY = /&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(lt|gt|amp|quot|apos|nbsp|grave));/gi;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  grave: '`',
};
/** Colours of terminals. */
const ESCAPES = /\p{Cc}\[[0-9;]*[A-Za-z]/gu;
const INVISIBLE = /(?!\t)[\p{Cc}\p{Cf}]/gu;
const QUOTED = /^(?:\s{0,4}>)+ ?/;
/** What word processors make of the accent in `fffff807`45e9de30`. */
const ACCENT = /(?<=[0-9a-f?█-]{8})['´‘’ʹ′](?=[0-9a-f?█-]{8})/gi;

/**
 * @param text of a file
 * @returns its lines, with their numbers in the file; a line with several HTML breaks gives several lines of the same number
 */
export function linesOf(text: string): Line[] {
  return text.split(/\r\n|\n|\r|\u2028|\u2029/).flatMap((line, index) =>
    unfolded(line)
      .map(clean)
      .map((each) => ({ number: index + 1, text: each })),
  );
}

/** Line ends that were lost on the way: HTML has them as tags, and some forums swallow them all. */
function unfolded(line: string): string[] {
  const parts = line.replace(BREAK, '\n').split('\n');
  return parts.flatMap((part) => (part.length > 400 ? part.replace(LOST_LINE_END, '\n').split('\n') : part));
}

const LOST_LINE_END =
  /\s{1,16}(?=Arg[1-4]: |[A-Z][A-Z_]{6,40}: )|(?<=\+0x[0-9a-f]{1,8})\s{1,16}(?=[0-9a-f]{8}`?[0-9a-f]{8}\s)|(?<=[^\s*])\s{1,16}(?=[A-Z][A-Z_]{9,50} \([0-9a-f]{1,8}\)\s)/g;

function clean(line: string): string {
  return line
    .slice(0, LONGEST_LINE)
    .replace(WIDE, WIDEST)
    .replace(TAG, '')
    .replace(ENTITY, (whole: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(ESCAPES, '')
    .replace(INVISIBLE, '')
    .replace(/\u00a0/g, ' ')
    .replace(QUOTED, '')
    .replace(/\*\*(?=[\w.])|(?<=\w)\*\*/g, '')
    .replace(ACCENT, '`')
    .trimEnd();
}
