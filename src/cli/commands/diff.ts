import { CannotJudge } from '../../conformance';
import { compareRuns, hasNewFailures, readResult, resultFile, verdictMatrix } from '../../conformance/compare';
import {
  comparisonMarkdown,
  comparisonPage,
  comparisonText,
  verdictMatrixMarkdown,
  verdictMatrixPage,
  verdictMatrixText,
} from '../../reporting/compare';
import type { AddCommand } from '../command';
import { EXIT } from '../exit-code';
import type { Terminal } from '../terminal';
import { refuseAmong, writeWhole } from '../write-whole';

interface Options {
  readonly markdown?: string;
  readonly html?: string;
  readonly json: boolean;
}

/** A comparison in all its forms. */
interface Told {
  readonly data: { readonly schema: string };
  readonly text: () => string;
  readonly markdown: () => string;
  readonly page: () => string;
  readonly newFailures: boolean;
}

/** `lwf diff`: what changed between two results, or over many. */
export const addDiff: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('diff')
    .description('tell what changed between two results, or over many versions of a driver')
    .argument('<old>', 'a statement.json, a run.json, or the folder with one of them')
    .argument('<new...>', 'the result to hold against it; several: a table of versions and rules, the oldest first')
    .option('--markdown <file>', 'also write it as Markdown')
    .option('--html <file>', 'also write it as a page')
    .option('--json', 'print it as JSON', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing newly fails, 1 something newly fails, 2 the results cannot be compared.',
    )
    .action((old: string, others: string[], { markdown, html, json }: Options) => {
      const sources = [old, ...others].map(resultFile);
      if (markdown !== undefined) refuseAmong(markdown, sources);
      if (html !== undefined) refuseAmong(html, markdown === undefined ? sources : [...sources, markdown]);
      const told = tell([old, ...others], terminal);
      write(markdown, told.markdown);
      write(html, told.page);
      terminal.out(json ? `${JSON.stringify(told.data)}\n` : told.text());
      exitWith(told.newFailures ? EXIT.violations : EXIT.conforms);
    });
};

function tell(sources: readonly string[], terminal: Terminal): Told {
  const runs = sources.map(readResult);
  const [older, newer] = runs;
  if (!older || !newer) throw new CannotJudge('Two results are needed: the older one, then the newer one.');
  if (runs.length > 2) {
    const matrix = verdictMatrix(runs);
    const last = runs.at(-1) ?? newer;
    const shared = runs.slice(0, -1).map((run) => compareRuns(run, last).compared.scenarios);
    if (Math.max(...shared) === 0) throw nothingInCommon(sources);
    return {
      data: matrix,
      text: () => verdictMatrixText(matrix, terminal),
      markdown: () => verdictMatrixMarkdown(matrix),
      page: () => verdictMatrixPage(matrix),
      newFailures: matrix.newFailures.length > 0,
    };
  }
  const comparison = compareRuns(older, newer);
  if (comparison.compared.scenarios === 0) throw nothingInCommon(sources);
  return {
    data: comparison,
    text: () => comparisonText(comparison, terminal),
    markdown: () => comparisonMarkdown(comparison),
    page: () => comparisonPage(comparison),
    newFailures: hasNewFailures(comparison),
  };
}

function nothingInCommon(sources: readonly string[]): CannotJudge {
  return new CannotJudge(
    `${sources.join(' and ')} have no scenario in common, so nothing can be compared. Run the same rules, tags or paths on both.`,
  );
}

function write(file: string | undefined, content: () => string): void {
  if (file !== undefined) writeWhole(file, content());
}
