/** Small pieces that several sections show. */
import type { RunResult } from '../../conformance/results';
import type { Source } from '../../rules/rule';
import { badges } from '../markup/badge';
import { escapeText, html, trusted, type Html } from '../markup/html';
import { webLink } from '../markup/web-link';
import type { ShownVerdict } from '../verdicts';
import type { Book } from './book';

/** What each run of the page says of the same thing: with its name where there are several. */
export function badgesOfRuns(book: Book, verdictsOf: (run: RunResult) => readonly ShownVerdict[]): Html {
  if (book.runs.length === 1) return badges(verdictsOf(book.run));
  return html`${book.runs.map((run) => {
    const verdicts = verdictsOf(run);
    return html`<span class="of-run"
      ><span class="run">${book.nameOf(run)}</span>
      ${verdicts.length > 0 ? badges(verdicts) : html`<span class="quiet">not run</span>`}</span
    >`;
  })}`;
}

export function ruleLink(book: Book, id: string): Html {
  const rule = book.rule(id);
  return rule ? html`<a href="#rule-${id}" title="${rule.statement}">${id}</a>` : html`${id}`;
}

export function scenarioLink(book: Book, id: string, name = book.scenarioName(id)): Html {
  const anchor = book.scenarioAnchor(id);
  return anchor === undefined ? html`${name}` : html`<a href="#${anchor}">${name}</a>`;
}

/** Text of an author with paragraphs, in which ids of rules and disputes are links. */
export function prose(book: Book, text: string): Html {
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  return html`${paragraphs.map((paragraph) => html`<p>${linked(book, unwrapped(paragraph))}</p>`)}`;
}

/** A line that begins something of its own; any other goes on with the one before it, which its author only wrapped. */
const OWN_LINE = /^(?:[-*•]\s|\d+\.\s|[A-Z][\w ]{0,20}:\s)/;

function unwrapped(paragraph: string): string {
  return paragraph
    .split('\n')
    .reduce<string[]>((lines, line) => {
      const last = lines.at(-1);
      return last === undefined || OWN_LINE.test(line) ? [...lines, line] : [...lines.slice(0, -1), `${last} ${line}`];
    }, [])
    .join('\n');
}

/** Text in which ids of rules and disputes are links. Line breaks stay. */
export function linked(book: Book, text: string): Html {
  const markup = escapeText(text)
    .replace(/\b([A-Z]{2,3}-\d{2})\b/g, (id: string) => (book.rule(id) ? `<a href="#rule-${id}">${id}</a>` : id))
    .replace(/\b([CU]\d{1,2})\b/g, (id: string) =>
      book.catalogue.disputes.some((dispute) => dispute.id === id) ? `<a href="#dispute-${id}">${id}</a>` : id,
    );
  return trusted(markup.replaceAll('\n', '<br>'));
}

export function sourceLinks(sources: readonly Source[]): Html {
  return html`<ul class="sources">
    ${sources.map(({ page, url }) => html`<li>${webLink(url, page)}</li>`)}
  </ul>`;
}

/** A command with a button that copies it. */
export function command(text: string): Html {
  return html`<span class="command"><code>${text}</code><button type="button" class="copy">Copy</button></span>`;
}
