/** What became of waivers, on the terminal. */
import { plural } from '../plural';
import { answerText, isTrouble, type ShownWaivers } from '../waived';
import { line, wrapped, type Paint } from './paint';

/** Those that are as they should be need a line; the others say what to do. */
export function waiverLines(p: Paint, { entries, file, on }: ShownWaivers): string[] {
  return [
    `  ${plural(entries.length, 'waiver')} in ${line(file)}, on ${on}`,
    ...entries.flatMap((entry) => {
      const { rule, state, explanation, scenario, line: at } = entry;
      const where = scenario === undefined ? '' : ` in ${line(scenario)}`;
      const remedy = entry.stale ? `; strike out line ${at}` : '';
      const head = `${state === 'used' ? '~' : isTrouble(entry) ? '✗' : '○'} ${rule}${where}: ${state}`;
      const colour = state === 'used' ? p.yellow : isTrouble(entry) ? p.red : p.dim;
      return [
        `  ${colour(head)}, ${line(explanation)}${remedy}`,
        ...wrapped(answerText(entry), '      ').map((each) => p.dim(each)),
      ];
    }),
  ];
}
