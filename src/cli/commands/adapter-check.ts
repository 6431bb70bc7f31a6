import { startsProcess } from '../../../adapters/stdio';
import { CannotJudge } from '../../conformance';
import { ADAPTER_CHECKS, checkAdapter, type CheckResult } from '../../conformance/adapter-check';
import { nearest } from '../../conformance/nearest';
import { checkResultText, checksSummary } from '../adapter-check-text';
import type { AddCommand } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { listOption, secondsOption } from '../options';

interface Options {
  readonly json: boolean;
  readonly answerWithin: number;
  readonly only?: readonly string[];
}

/** Less than a run allows: nothing that is asked for here takes long. */
const ANSWER_WITHIN_S = 10;

/** `lwf adapter-check`: does a program speak the protocol? */
export const addAdapterCheck: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('adapter-check')
    .description('hold an adapter that is a program of its own against the protocol (docs/adapter-protocol.md)')
    .argument('<command...>', 'the program and its arguments; options of lwf come before it')
    .option('--answer-within <seconds>', 'how long an answer may take', secondsOption, ANSWER_WITHIN_S)
    .option('--only <checks>', 'only these checks (repeat, or separate with commas)', listOption)
    .option('--json', 'write the checks as JSON', false)
    .passThroughOptions()
    .action(async (command: string[], { json, answerWithin, only }: Options) => {
      only?.forEach(requireKnown);
      const [name = '', ...args] = command;
      const results = await checkAdapter(
        {
          channel: startsProcess({ program: name, args }),
          answerWithin: answerWithin * 1000,
          // With JSON on standard output, what adapters say for people still has a place.
          log: json ? terminal.err : () => undefined,
        },
        json ? undefined : (result) => terminal.out(checkResultText(result, terminal.colour)),
        only,
      );
      terminal.out(
        json ? `${JSON.stringify({ schema: 'adapter-check/1', command, results }, null, 2)}\n` : checksSummary(results),
      );
      exitWith(exitCodeOf(results));
    });
};

function requireKnown(id: string): void {
  const ids = ADAPTER_CHECKS.map((check) => check.id);
  if (ids.includes(id)) return;
  const near = nearest(id, ids);
  throw new CannotJudge(
    `There is no check "${id}".${near ? ` Did you mean "${near}"?` : ''} The checks are: ${ids.join(', ')}.`,
  );
}

/** Who does not answer at all is no adapter that could be judged, nor who has a driver with which hardly anything can be tried. */
function exitCodeOf(results: readonly CheckResult[]): ExitCode {
  if (results[0]?.id === 'hello.answers' && results[0].verdict === 'wrong') return EXIT.cannotJudge;
  if (results.some(({ verdict }) => verdict === 'wrong')) return EXIT.violations;
  if (results.some(({ blocked }) => blocked)) return EXIT.cannotJudge;
  return results.some(({ verdict }) => verdict === 'ok') ? EXIT.conforms : EXIT.cannotJudge;
}
