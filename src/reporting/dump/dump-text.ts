/** An explained dump in a terminal. */
import { MOST_CRASHES, type Certainty } from '../../dump';
import { rule as ruleOf } from '../../rules';
import { line, paint, wrapped, type Paint } from '../terminal/paint';
import type { ExplainedConclusion, ExplainedCrash, ExplainedDump, Quote } from './explained-dump';

const WIDTH = 110;
const QUOTE = 140;

/**
 * @param name of the file, as it was given
 * @param dump what is known of it
 * @param colour whether the terminal shows colours
 */
export function dumpText(name: string, dump: ExplainedDump, colour: boolean): string {
  const p = paint(colour);
  const several =
    dump.crashes.length > 1
      ? [
          `${name} tells of ${dump.crashes.length} crashes${dump.crashes.length < MOST_CRASHES ? '' : ' or more: these are the first'}.\n\n`,
        ]
      : [];
  return [...several, dump.crashes.map((crash) => crashText(name, crash, p)).join('\n\n')].join('');
}

function crashText(name: string, crash: ExplainedCrash, p: Paint): string {
  const title = [crash.name ?? 'A crash', ...(crash.code === undefined ? [] : [`(${crash.code})`])].join(' ');
  return [
    `${p.bold(title)}  ${name}, lines ${crash.from}–${crash.to}\n`,
    section('What the text says', p),
    ...crash.facts.map(({ what, lines }) => paragraph(`${what}${at(lines)}`, '  ')),
    section('What it suggests', p),
    ...(crash.none === undefined ? [] : [paragraph(`No rule of this kit comes into question. ${crash.none}`, '  ')]),
    ...(crash.none !== undefined && crash.conclusions.length === 1
      ? remainder(crash.conclusions[0])
      : crash.conclusions.map(
          (conclusion, index) =>
            `${index > 0 ? '\n' : ''}${conclusionText(conclusion, p, crash.conclusions.slice(0, index))}`,
        )),
    ...rulesText(crash, p),
  ].join('');
}

/** The sentence itself stands above already. */
function remainder(conclusion: ExplainedConclusion | undefined): string[] {
  return conclusion === undefined
    ? []
    : [...conclusion.against.map((each) => paragraph(`But: ${each}`, '  ')), nextText(conclusion)];
}

function section(title: string, p: Paint): string {
  return `\n${p.bold(title)}\n`;
}

function at(lines: readonly Quote[]): string {
  const numbers = [...new Set(lines.map((quote) => quote.line))];
  return numbers.length === 0 ? '' : ` [line ${numbers.join(', ')}]`;
}

function conclusionText(conclusion: ExplainedConclusion, p: Paint, above: readonly ExplainedConclusion[]): string {
  const { certainty, suggests, known, why, against, rules, scenarios, drivers } = conclusion;
  const told = above.some((other) => JSON.stringify(other.known) === JSON.stringify(known));
  return [
    `  ${sure(certainty, p)}\n`,
    paragraph(suggests, '    '),
    ...(told ? [`    ${p.dim('(the same lines as above)')}\n`] : []),
    ...(told ? [] : known).map((quote) => `    ${p.dim(`${String(quote.line).padStart(5)} | ${cut(quote.text)}`)}\n`),
    paragraph(`Why: ${why}`, '    '),
    ...against.map((each) => paragraph(`But: ${each}`, '    ')),
    ...(rules.length === 0 ? [] : [paragraph(`Rules: ${rules.map(({ rule }) => rule).join(', ')}`, '    ')]),
    ...(scenarios.length === 0 ? [] : ['    Scenarios that put it to the test:\n']),
    ...scenarios.map(({ id, name }) => `      ${id}  ${name}\n`),
    ...(drivers.length === 0 ? [] : [paragraph(`Drivers of the kit that do it: ${drivers.join(', ')}`, '    ')]),
    nextText(conclusion),
  ].join('');
}

function nextText({ next }: ExplainedConclusion): string {
  if (next.length === 0) return '';
  return ['    Look next:\n', ...next.map(({ command, shows }) => paragraph(`${command}: ${shows}`, '      '))].join(
    '',
  );
}

function rulesText({ rules }: ExplainedCrash, p: Paint): string[] {
  const [first] = rules;
  if (!first) return [];
  return [
    section('Rules that come into question', p),
    ...rules.flatMap(({ rule, certainty }) =>
      wrapped(ruleOf(rule).statement, '', WIDTH - 20).map(
        (each, index) => `  ${(index === 0 ? `${rule.padEnd(6)}  ${certainty}` : '').padEnd(18)}${each}\n`,
      ),
    ),
    `\n\`lwf explain ${first.rule}\` tells more of a rule; \`lwf run --rule ${first.rule} --driver YOUR.sys --profile …\` puts a driver to the test.\n`,
  ];
}

function sure(certainty: Certainty, p: Paint): string {
  if (certainty === 'certain') return p.green(p.bold('certain'));
  return certainty === 'likely' ? p.yellow('likely') : p.dim('possible');
}

function cut(text: string): string {
  // Of a frame the call site counts, not the columns before it.
  const plain = line(text).replace(/^[0-9a-f` :]{30,}: (?=\S+[!+]|0x)/i, '… ');
  return plain.length > QUOTE ? `${plain.slice(0, QUOTE - 1)}…` : plain;
}

function paragraph(text: string, indent: string): string {
  return wrapped(text, indent, WIDTH)
    .map((each, index) => `${index > 0 ? '  ' : ''}${each}\n`)
    .join('');
}
