/** Comparisons of results as text, Markdown and page. */
export { comparisonMarkdown, verdictMatrixMarkdown } from './comparison-markdown';
export { comparisonPage, verdictMatrixPage } from './comparison-page';
export { comparisonText } from './comparison-text';
export { verdictMatrixText } from './verdict-matrix-text';
