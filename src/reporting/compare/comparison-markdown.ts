/** Comparisons as Markdown, for merge requests. */
import { CHANGE_KINDS, type Comparison, type VerdictMatrix } from '../../conformance/compare';
import { VERDICTS, type ShownVerdict } from '../verdicts';
import { matrixVerdict } from './verdict-matrix-text';
import { changeNotes, CHANGE_TITLES, factsText, oneSidedText, summarySentence, waiverText } from './words';

export function comparisonMarkdown(comparison: Comparison): string {
  const { changes, differences, stories, onlyOld, onlyNew, waivers } = comparison;
  const lines = [
    '# Comparison of two runs',
    '',
    `**${cell(summarySentence(comparison))}.**`,
    '',
    `- old: ${cell(factsText(comparison.old.facts))}`,
    `- new: ${cell(factsText(comparison.new.facts))}`,
    ...differences.map((each) => `- note: ${cell(each)}`),
  ];
  for (const kind of CHANGE_KINDS) {
    const found = changes.filter((change) => change.kind === kind);
    if (found.length === 0) continue;
    lines.push(
      '',
      `## ${CHANGE_TITLES[kind]} (${found.length})`,
      '',
      '| rule | old | new | what |',
      '| --- | --- | --- | --- |',
    );
    for (const change of found) {
      const cells = [
        change.rule,
        verdict(change.old.verdict),
        verdict(change.new.verdict),
        changeNotes(change).join('; '),
      ];
      lines.push(`| ${cells.map(cell).join(' | ')} |`);
    }
  }
  if (stories.length > 0) {
    lines.push('', '## Scenarios that stand under no rule', '');
    for (const { kind, name, id } of stories) lines.push(`- ${kind}: ${cell(name)} (${cell(id)})`);
  }
  for (const [title, list] of [
    ['Waivers that appeared', waivers.appeared],
    ['Waivers that are gone', waivers.gone],
  ] as const) {
    if (list.length > 0) lines.push('', `## ${title}`, '', ...list.map((each) => `- ${cell(waiverText(each))}`));
  }
  const oneSided = [oneSidedText('older', onlyOld), oneSidedText('newer', onlyNew)].flatMap((text) => text ?? []);
  if (oneSided.length > 0) lines.push('', '## Only on one side', '', ...oneSided.map((each) => `- ${cell(each)}`));
  return `${lines.join('\n')}\n`;
}

export function verdictMatrixMarkdown(matrix: VerdictMatrix): string {
  const { runs, rows, differences } = matrix;
  const lines = [
    '# Driver versions and rules',
    '',
    `**${cell(matrixVerdict(matrix))}.**`,
    '',
    ...runs.map(({ label, facts }) => `- ${cell(label)}: ${cell(factsText(facts))}`),
    ...differences.map((each) => `- note: ${cell(each)}`),
  ];
  if (rows.length > 0) {
    lines.push(
      '',
      `| rule | ${runs.map(({ label }) => cell(label)).join(' | ')} |`,
      `| --- |${' --- |'.repeat(runs.length)}`,
    );
    for (const { rule, verdicts } of rows) {
      lines.push(`| ${rule} | ${verdicts.map((each) => (each === null ? '' : verdict(each))).join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function verdict(shown: ShownVerdict): string {
  return `${VERDICTS[shown].glyph} ${shown}`;
}

/** Text of users that can end no table and begin no markup. */
function cell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[|\\`*_<>[\]~]/g, '\\$&')
    .trim();
}
