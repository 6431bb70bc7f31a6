/** HTML that cannot be forgotten to be escaped: every value put into the template is text unless it is `Html` already. */

/** A piece of HTML. Made by `html` only, or by `trusted` for markup that the kit itself draws. */
export class Html {
  constructor(readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

export type Content = Html | string | number | false | undefined | readonly Content[];

/**
 * The page carries this function as text: it must stand alone.
 * @returns the text with everything that means something to HTML or XML made harmless; control characters are dropped
 */
export function escapeText(text: string): string {
  // XML (a standalone SVG) forbids most control characters even when escaped.
  return text
    .replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function markupOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.markup;
  if (typeof content === 'object') return content.map(markupOf).join('');
  return escapeText(String(content));
}

const tightened = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Indentation of a template is for its author; what is put into it (a `<pre>`, a script) stays as it is. */
function tighten(strings: TemplateStringsArray): readonly string[] {
  const known = tightened.get(strings);
  if (known) return known;
  const tight = strings.map((part) => part.replace(/\s*\n\s*/g, '\n'));
  tightened.set(strings, tight);
  return tight;
}

/** Tagged template: html`<p>${anything}</p>` */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(tighten(strings).reduce((markup, part, i) => markup + markupOf(values[i - 1]) + part));
}

/** Markup of the kit's own making (an SVG, a style sheet), never text of a user. */
export function trusted(markup: string): Html {
  return new Html(markup);
}
