import { paint } from '../../reporting/terminal/paint';
import { CannotJudge } from '../../conformance';
import { examineLab } from '../../conformance/lab/doctor/examine';
import type { AddCommand } from '../command';
import { examine } from '../doctor/examine';
import { labText } from '../doctor/lab-text';
import { findingsText } from '../doctor/findings-text';
import { EXIT, type ExitCode } from '../exit-code';
import { watchForInterruption } from '../interruption';
import { samplesOption } from '../options';
import type { Terminal } from '../terminal';

/** How long a tool may take to say its version. */
const PATIENCE_MS = 5000;

interface Options {
  readonly out: string;
  readonly json: boolean;
  readonly target?: string;
  readonly samples: number;
  readonly look: boolean;
  readonly takeover: boolean;
}

/** `lwf doctor`: what this machine can do, or a lab machine, and what each missing thing costs. */
export const addDoctor: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('doctor')
    .description(
      'tell what this machine can do, or a lab machine (--target), and what each thing that is missing costs',
    )
    .option('--out <folder>', 'the folder for reports to look at', 'reports')
    .option('--target <file>', 'look at this lab machine, try known filters on it, and measure it (docs/lab.md)')
    .option('--samples <n>', 'with --target: how often each thing is measured', samplesOption, 5)
    .option('--look', 'with --target: only look, change nothing and play nothing there', false)
    .option('--takeover', 'with --target: end the run that another controller has going on there', false)
    .option('--json', 'write what was found as JSON', false)
    .addHelpText(
      'after',
      '\nExit code 0 when all is there that judging a .sys file needs, or judging on the lab machine, else 2.',
    )
    .action(async (options: Options) =>
      exitWith(
        await (options.target === undefined ? here(options, terminal) : there(options, options.target, terminal)),
      ),
    );
};

async function here({ out, json, look, takeover }: Options, terminal: Terminal): Promise<ExitCode> {
  if (look || takeover) throw new CannotJudge('--look and --takeover are for a lab machine: give it with --target.');
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
      : findingsText(findings, ready, terminal.colour),
  );
  return ready ? EXIT.conforms : EXIT.cannotJudge;
}

async function there(
  { json, samples, look: lookOnly, takeover }: Options,
  target: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const interruption = watchForInterruption();
  const p = paint(terminal.colour);
  try {
    const { ready, rows } = await examineLab({
      ...{ target, samples, lookOnly, takeover, signal: interruption.signal },
      tell: (words) => terminal.err(`${p.dim(words)}\n`),
      log: (text) => terminal.err(text),
    });
    if (interruption.signal.aborted) throw new CannotJudge('interrupted: the machine was not looked at to the end.');
    terminal.out(
      json
        ? `${JSON.stringify({ schema: 'doctor-target/1', ready, rows }, null, 2)}\n`
        : labText(rows, ready, terminal.colour),
    );
    return ready ? EXIT.conforms : EXIT.cannotJudge;
  } finally {
    interruption.over();
  }
}
