import pc from 'picocolors';
import type { CheckResult } from '../conformance/adapter-check';
import { plural } from '../reporting/plural';
import { printable } from '../reporting/terminal/paint';

const MARKS: Readonly<Record<CheckResult['verdict'], string>> = { ok: '✓', wrong: '✗', 'not tried': '○' };

/** Lines of a conversation that are shown: the last ones tell what went wrong. */
const SHOWN = 8;

/** @returns one check as text: a line, and where it is wrong what the protocol says, what was found and what was said */
export function checkResultText({ id, says, verdict, found, said = [] }: CheckResult, colour: boolean): string {
  const { green, red, dim } = pc.createColors(colour);
  const paint = { ok: green, wrong: red, 'not tried': dim }[verdict];
  const head = paint(`${MARKS[verdict]} ${verdict}`.padEnd(12)) + id;
  if (verdict === 'ok') return `${head}\n`;
  if (verdict === 'not tried') return `${head}  ${dim(printable(found ?? ''))}\n`;
  const last = said
    .slice(-SHOWN)
    .map(({ from, line }) => `    ${from === 'kit' ? '→' : '←'} ${line.split('\n').map(printable).join('\n      ')}`);
  const cut = said.length > SHOWN ? [`    … ${said.length - SHOWN} lines before`] : [];
  return [head, `    ${says}`, `    Found: ${printable(found ?? '')}`, ...cut, ...last, ''].join('\n');
}

/** @returns how many checks ended how */
export function checksSummary(results: readonly CheckResult[]): string {
  const count = (verdict: CheckResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length;
  const wrong = count('wrong');
  const deaf = results.length === 1 && results[0]?.id === 'hello.answers' && wrong > 0;
  const blocked = results.filter(({ blocked }) => blocked).length;
  const spoken =
    blocked === 0
      ? 'The adapter speaks lwf-adapter/1.'
      : `Whether the adapter speaks lwf-adapter/1 is not known: its driver was in the way of ${plural(blocked, 'check')}.`;
  const tail = deaf
    ? 'Nothing else was tried.'
    : wrong === 0
      ? spoken
      : `The adapter does ${plural(wrong, 'thing')} wrong: docs/adapter-protocol.md.`;
  return `\n${plural(results.length, 'check')}: ${count('ok')} ok, ${wrong} wrong, ${count('not tried')} not tried. ${tail}\n`;
}
