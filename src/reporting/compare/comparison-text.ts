/** A comparison for the terminal. */
import { CHANGE_KINDS, type ChangeKind, type Comparison, type RuleChange } from '../../conformance/compare';
import type { TextOptions } from '../terminal/failure-text';
import { line, paint, verdictText, wrapped, type Paint } from '../terminal/paint';
import { changeNotes, CHANGE_TITLES, factsText, oneSidedTexts, summarySentence, waiverLists } from './words';

/** Beyond these, a list says only how many more there are: `--json` has all. */
const LISTED = 20;

/** @returns some lines of text */
export function comparisonText(comparison: Comparison, { colour }: TextOptions = {}): string {
  const p = paint(colour);
  const { changes, differences } = comparison;
  const lines = [
    `old  ${p.bold(line(factsText(comparison.old.facts)))}  ${p.dim(line(comparison.old.source))}`,
    `new  ${p.bold(line(factsText(comparison.new.facts)))}  ${p.dim(line(comparison.new.source))}`,
    ...differences.flatMap((each) => hanging(`note: ${each}`, '')),
  ];
  for (const kind of CHANGE_KINDS) {
    const found = changes.filter((change) => change.kind === kind);
    if (found.length > 0) lines.push('', ...changeLines(p, kind, found));
  }
  lines.push(...storyLines(p, comparison));
  for (const { title, texts } of waiverLists(comparison)) {
    lines.push('', p.bold(title), ...texts.flatMap((each) => hanging(each, '  ')));
  }
  const told = oneSidedTexts(comparison).flatMap((each) => wrapped(each, ''));
  if (told.length > 0) lines.push('', ...told);
  lines.push('', `${summarySentence(comparison)}.`);
  return `${lines.join('\n')}\n`;
}

function changeLines(p: Paint, kind: ChangeKind, found: readonly RuleChange[]): string[] {
  const lines = [p.bold(`${CHANGE_TITLES[kind]}: ${found.length}`)];
  for (const change of found.slice(0, LISTED)) {
    const { rule, old: before, new: now } = change;
    const verdicts =
      before.verdict === now.verdict
        ? verdictText(p, now.verdict)
        : `${verdictText(p, before.verdict)} → ${verdictText(p, now.verdict)}`;
    const notes = changeNotes(change);
    if (kind === 'counts') lines.push(`  ${rule}  ${verdicts}  ${notes.join('; ')}`);
    else lines.push(`  ${p.bold(rule)}  ${verdicts}`, ...notes.flatMap((note) => hanging(note, '      ')));
  }
  if (found.length > LISTED) lines.push(p.dim(`  and ${found.length - LISTED} more: --json has all`));
  return lines;
}

function storyLines(p: Paint, { stories }: Comparison): string[] {
  if (stories.length === 0) return [];
  return [
    '',
    p.bold(`Scenarios that stand under no rule: ${stories.length}`),
    ...stories.flatMap(({ name, id, kind }) => {
      const sign = kind === 'fixed' ? p.green('✓ fixed') : p.red('✗ new failure');
      return [`  ${sign}  ${line(name)}`, `      ${p.dim(line(id))}`];
    }),
  ];
}

function hanging(text: string, indent: string): string[] {
  return wrapped(text, indent).map((each, index) => (index === 0 ? each : `  ${each}`));
}
