/** Comparisons as Markdown, for merge requests. */
import { CHANGE_KINDS, type Comparison, type VerdictMatrix } from '../../conformance/compare';
import { plainMarkdown } from '../markdown';
import { VERDICTS, type ShownVerdict } from '../verdicts';
import { matrixVerdict } from './verdict-matrix-text';
import { changeNotes, CHANGE_TITLES, factsText, oneSidedTexts, summarySentence, waiverLists } from './words';

export function comparisonMarkdown(comparison: Comparison): string {
  const { changes, differences, stories } = comparison;
  const lines = [
    '# Comparison of two runs',
    '',
    `**${plainMarkdown(summarySentence(comparison))}.**`,
    '',
    `- old: ${plainMarkdown(factsText(comparison.old.facts))}`,
    `- new: ${plainMarkdown(factsText(comparison.new.facts))}`,
    ...differences.map((each) => `- note: ${plainMarkdown(each)}`),
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
      lines.push(`| ${cells.map(plainMarkdown).join(' | ')} |`);
    }
  }
  if (stories.length > 0) {
    lines.push('', '## Scenarios that stand under no rule', '');
    for (const { kind, name, id } of stories) lines.push(`- ${kind}: ${plainMarkdown(name)} (${plainMarkdown(id)})`);
  }
  for (const { title, texts } of waiverLists(comparison)) {
    lines.push('', `## ${title}`, '', ...texts.map((each) => `- ${plainMarkdown(each)}`));
  }
  const oneSided = oneSidedTexts(comparison);
  if (oneSided.length > 0)
    lines.push('', '## Only on one side', '', ...oneSided.map((each) => `- ${plainMarkdown(each)}`));
  return `${lines.join('\n')}\n`;
}

export function verdictMatrixMarkdown(matrix: VerdictMatrix): string {
  const { runs, rows, differences } = matrix;
  const lines = [
    '# Driver versions and rules',
    '',
    `**${plainMarkdown(matrixVerdict(matrix))}.**`,
    '',
    ...runs.map(({ label, facts }) => `- ${plainMarkdown(label)}: ${plainMarkdown(factsText(facts))}`),
    ...differences.map((each) => `- note: ${plainMarkdown(each)}`),
  ];
  if (rows.length > 0) {
    lines.push(
      '',
      `| rule | ${runs.map(({ label }) => plainMarkdown(label)).join(' | ')} |`,
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
