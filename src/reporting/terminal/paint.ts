/** Colours and safe text for a terminal. */
import pc from 'picocolors';
import { VERDICTS, type ShownVerdict } from '../verdicts';

export type Paint = ReturnType<typeof pc.createColors>;

/**
 * @param wanted true or false forces it; undefined asks the environment (NO_COLOR, FORCE_COLOR, is it a terminal)
 */
export function paint(wanted?: boolean): Paint {
  return pc.createColors(wanted ?? pc.isColorSupported);
}

/** @returns `✗ 2 fail`: sign and word say it, colour only helps */
export function verdictText(p: Paint, verdict: ShownVerdict, count?: number): string {
  const text = `${VERDICTS[verdict].glyph} ${count === undefined ? '' : `${count} `}${verdict}`;
  switch (verdict) {
    case 'pass':
      return p.green(text);
    case 'fail':
      return p.red(text);
    case 'waived':
      return p.yellow(text);
    case 'error':
      return p.magenta(text);
    case 'not applicable':
    case 'not observed':
    case 'not specified':
      return p.dim(text);
  }
}

/** Control and format characters in a name could move the cursor or hide text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @returns the text, harmless, with its spaces */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\u{fffd}');
}

/** @returns the text as one harmless line */
export function line(text: string): string {
  return printable(text.replace(/\s+/g, ' ')).trim();
}

/** @returns the text in lines of at most `width` characters, each indented; words are never cut */
export function wrapped(text: string, indent: string, width = 100): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line(text).split(' ')) {
    if (current !== '' && indent.length + current.length + 1 + word.length > width) {
      lines.push(indent + current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  if (current !== '') lines.push(indent + current);
  return lines;
}
