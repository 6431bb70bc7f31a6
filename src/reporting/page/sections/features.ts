/** Sequences, and whatever else is specified outside a rule. */
import { html, type Html } from '../../markup/html';
import type { Book } from '../book';
import { featurePart } from './questions';
import { scenarioPart } from './scenario';

export function sequencesSection(book: Book): Html | false {
  const features = book.features.filter(({ folder }) => folder === 'sequences');
  return (
    features.length > 0 &&
    html`<section id="sequences" aria-labelledby="sequences-title">
      <h2 id="sequences-title">Sequences</h2>
      <p>What happens to a stack of filters from beginning to end, and what each of them must do on the way.</p>
      ${features.map((feature) => featurePart(book, feature, 'sequence'))}
    </section>`
  );
}

/** Scenarios that stand under no rule of the catalogue: they are shown, or a reader would take the page for the whole. */
export function otherScenariosSection(book: Book): Html | false {
  const rest = book.features
    .filter(({ folder }) => folder !== 'questions' && folder !== 'sequences')
    .map((feature) => ({
      feature,
      scenarios: [
        ...feature.scenarios,
        ...feature.rules.filter(({ id }) => id === undefined || !book.rule(id)).flatMap(({ scenarios }) => scenarios),
      ],
    }))
    .filter(({ scenarios }) => scenarios.length > 0);
  return (
    rest.length > 0 &&
    html`<section id="other-scenarios" aria-labelledby="other-title">
      <h2 id="other-title">Scenarios outside the rules</h2>
      ${rest.map(
        ({ feature, scenarios }) =>
          html`<h3>${feature.name}</h3>
            ${scenarios.map((scenario) => scenarioPart(book, scenario))}`,
      )}
    </section>`
  );
}
