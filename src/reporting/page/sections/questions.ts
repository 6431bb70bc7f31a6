/** The questions that driver authors ask, each answered in words and by scenarios that were run. */
import type { RunResult } from '../../../conformance/results';
import { isExhibit } from '../../../conformance/rule-results';
import { html, type Html } from '../../markup/html';
import { scenariosOf, type WrittenFeature } from '../../features/read-features';
import type { ShownVerdict } from '../../verdicts';
import { featureAnchor, type Book } from '../book';
import { badgesOfRuns, prose } from '../parts';
import { scenarioPart } from './scenario';

/** Those that play a driver which really crashed come first: somebody with a bluescreen must not have to look. */
export function questionFeatures(book: Book): readonly WrittenFeature[] {
  const questions = book.features.filter(({ folder }) => folder === 'questions');
  const exhibits = (feature: WrittenFeature): number => scenariosOf(feature).filter(isExhibit).length;
  return [...questions].sort((a, b) => exhibits(b) - exhibits(a));
}

export function questionVerdicts(book: Book, feature: WrittenFeature, run: RunResult = book.run): ShownVerdict[] {
  return scenariosOf(feature).flatMap((scenario) =>
    book.results(run, scenario).map((result) => book.verdictOf(run, result)),
  );
}

export function questionsSection(book: Book): Html | false {
  const features = questionFeatures(book);
  return (
    features.length > 0 &&
    html`<section id="questions" aria-labelledby="questions-title">
      <h2 id="questions-title">Questions</h2>
      <p>
        Each is answered in words, and by scenarios. Exhibits are about drivers of the kit: they are played when the
        driver under test is its own reference filter.
      </p>
      ${features.map((feature) => featurePart(book, feature, 'question'))}
    </section>`
  );
}

/** A feature in full: its words, then its scenarios, those under a `Rule:` below its title. */
export function featurePart(book: Book, feature: WrittenFeature, kind: string): Html {
  return html`<article class="feature" id="${featureAnchor(feature.uri)}" data-search="${kind}">
    <h3>
      <span class="label">${feature.name}</span>
      <span class="verdicts">${badgesOfRuns(book, (run) => questionVerdicts(book, feature, run))}</span>
    </h3>
    ${prose(book, feature.description)} ${feature.scenarios.map((scenario) => scenarioPart(book, scenario))}
    ${feature.rules.map(
      (rule) =>
        html`<h4>
            ${rule.id !== undefined && html`<a class="rid" href="#rule-${rule.id}">${rule.id}</a> `}${rule.name}
          </h4>
          ${prose(book, rule.description)} ${rule.scenarios.map((scenario) => scenarioPart(book, scenario))}`,
    )}
  </article>`;
}
