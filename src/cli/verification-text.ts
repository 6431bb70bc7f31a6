import type { Check, Finding, FindingKind, Verification } from '../conformance/statement';
import { plural } from '../reporting/plural';
import { line, paint, wrapped, type Paint } from '../reporting/terminal/paint';

const SIGNS: Readonly<Record<FindingKind, string>> = { holds: '✓', contradicts: '✗', unchecked: '?', note: '·' };
const WIDTH = 10;

/** What `lwf verify` says: a sentence for each thing that was looked at, and whether the statement stands. */
export function verificationText(
  { statement, standing, findings }: Verification,
  { colour }: { readonly colour: boolean },
): string {
  const p = paint(colour);
  const lines = findings.flatMap((finding, index) => findingLines(p, finding, findings[index - 1]?.check));
  return `${line(statement)}\n${lines.join('\n')}\n\n${verdictLine(p, standing, findings)}\n`;
}

function findingLines(p: Paint, { check, kind, text }: Finding, before: Check | undefined): string[] {
  const [first = '', ...rest] = wrapped(text, ' '.repeat(WIDTH + 4), 110);
  const title = (check === before ? '' : check).padEnd(WIDTH);
  const head = `${SIGNS[kind]} ${title} ${first.trimStart()}`;
  const painted = kind === 'contradicts' ? p.red(head) : kind === 'unchecked' ? p.yellow(head) : head;
  return [painted, ...rest.map((each) => each.slice(1))];
}

function verdictLine(p: Paint, standing: Verification['standing'], findings: readonly Finding[]): string {
  const count = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  const wasPlayed = findings.some(({ check, kind }) => check === 're-run' && kind === 'holds');
  switch (standing) {
    case 'stands':
      return p.green(
        p.bold(`The statement stands${wasPlayed ? '' : ' as far as its folder tells: nothing was played again'}.`),
      );
    case 'does not stand':
      return p.red(p.bold(`The statement does not stand: ${plural(count('contradicts'), 'contradiction')}.`));
    case 'could not be checked':
      return p.yellow(p.bold('The statement could not be checked: nothing contradicts it, and not all was looked at.'));
  }
}
