import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class ResultsOfTheCloneAreNotCopied extends ReferenceFilter {
  override copyResults(): void {}
}

export const resultsOfTheCloneAreNotCopied = defect({
  name: 'results-of-the-clone-are-not-copied',
  breaks: 'OP-03',
  story:
    'The clone comes back with its results, and the driver completes the original without copying them. Whoever ' +
    'asked is told that the request succeeded and that nothing was written.',
  Filter: ResultsOfTheCloneAreNotCopied,
});
