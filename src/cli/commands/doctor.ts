import { line, paint } from '../../reporting/terminal/paint';
import type { AddCommand } from '../command';
import { examine, type Finding } from '../doctor/examine';
import { EXIT } from '../exit-code';

/** How long a tool may take to say its version. */
const PATIENCE_MS = 5000;

/** `lwf doctor`: what this machine can do, and what each missing thing costs. */
export const addDoctor: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('doctor')
    .description('tell what this machine can do, and what each thing that is missing costs')
    .option('--out <folder>', 'the folder for reports to look at', 'reports')
    .option('--json', 'write what was found as JSON', false)
    .addHelpText('after', '\nExit code 0 when all is there that judging a .sys file needs, else 2.')
    .action(async ({ out, json }: { readonly out: string; readonly json: boolean }) => {
      const findings = await examine({
        environment: process.env,
        node: process.versions.node,
        folder: out,
        interactive: terminal.interactive,
        colour: terminal.colour,
        patience: PATIENCE_MS,
      });
      const ready = findings.every(({ needed, fine }) => fine || !needed);
      terminal.out(
        json
          ? `${JSON.stringify({ schema: 'doctor/1', ready, findings }, null, 2)}\n`
          : text(findings, ready, terminal.colour),
      );
      exitWith(ready ? EXIT.conforms : EXIT.cannotJudge);
    });
};

function text(findings: readonly Finding[], ready: boolean, colour: boolean): string {
  const p = paint(colour);
  const width = Math.max(...findings.map(({ name }) => name.length));
  const rows = findings.map(({ name, needed, fine, found, costs }) => {
    const mark = fine ? '✓' : needed ? '✗' : '–';
    const rest = costs === undefined ? '' : `\n    ${' '.repeat(width)}  ${line(costs)}`;
    return `  ${mark} ${name.padEnd(width)}  ${line(found)}${rest}\n`;
  });
  const verdict = ready
    ? 'Everything is there to judge a .sys file.'
    : 'A .sys file cannot be judged on this machine: see ✗.';
  return `${rows.join('')}\n${p.bold(verdict)}\n`;
}
