import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Option } from 'commander';
import type * as Sites from '../../../adapters/emulator/sites';
import { ADAPTERS, CannotJudge, ENGINES, type EngineName } from '../../conformance';
import { looksLikeToken, readCase, readToken, replayCase } from '../../conformance/replay';
import type { ScenarioResult } from '../../conformance/results';
import { traceFileOf } from '../../conformance/trace-files';
import { sequenceSvg } from '../../reporting';
import { sequenceText } from '../../trace';
import type { AddCommand } from '../command';
import type * as DisassemblyText from '../disassembly-text';
import { EXIT, type ExitCode } from '../exit-code';
import { watchForInterruption } from '../interruption';
import { replayText } from '../replay-text';
import { refuseAmong, writeWhole } from '../write-whole';

/** Decoder and formatter are for those who want machine code. */
const load = createRequire(__filename);

interface Options {
  readonly scenario?: string;
  readonly driver?: string;
  readonly profile?: string;
  readonly adapter?: string;
  readonly engine?: EngineName;
  readonly command?: string;
  readonly trace?: string;
  readonly diagram?: string;
  readonly disassemble: boolean;
}

/** `lwf replay`: one case again, here. */
export const addReplay: AddCommand = (program, { terminal, exitWith }) => {
  program
    .command('replay')
    .description('play one case again: the scenario of a failure, on the same driver, with the same seed')
    .argument('<case>', 'the token that a failure shows (lwf1-…), or a run.json or statement.json')
    .option('--scenario <id>', 'which scenario of a run.json or statement.json (default: the one that failed)')
    .option('--driver <name-or-path>', 'the driver; also another version of it (default: searched by its hash)')
    .option('--profile <file>', 'its profile (default: searched by its hash)')
    .addOption(new Option('--engine <name>', 'how a .sys driver is executed').choices(ENGINES))
    .option('--adapter <name>', `where the driver runs: ${ADAPTERS.join(', ')} (default: as the driver asks for)`)
    .option('--command <line>', 'the program of the adapter, where the driver is behind one (--adapter stdio)')
    .option('--trace <file>', 'write the trace of the case (trace/1)')
    .option('--diagram <file>', 'write the case as a sequence diagram: FILE.svg or FILE.txt')
    .option('--disassemble', 'show the machine code of a .sys driver around each violation and bugcheck', false)
    .addHelpText(
      'after',
      '\nExit codes: 1 the driver fails (again), 0 it passes, 2 neither could be said. The same on every system.',
    )
    .action(async (text: string, { scenario: id, trace, diagram, disassemble, ...given }: Options) => {
      const draw = diagram === undefined ? undefined : drawingFor(diagram);
      const isToken = looksLikeToken(text);
      if (isToken && id !== undefined) {
        throw new CannotJudge(
          'A token names its scenario: leave out --scenario, or give a run.json instead of the token.',
        );
      }
      const token = isToken ? readToken(text) : readCase(text, id);
      const needed = [text, given.driver, given.profile].flatMap((file) => file ?? []);
      if (trace !== undefined) refuseAmong(trace, needed);
      if (diagram !== undefined) refuseAmong(diagram, trace === undefined ? needed : [...needed, trace]);
      const sites = disassemble ? newSiteLog() : undefined;
      const { signal, over } = watchForInterruption();
      const folders = isToken ? [] : [dirname(text)];
      const replayed = await replayCase(token, { ...given, sites, folders, signal }).finally(over);
      const { run, scenario } = replayed;
      for (const difference of replayed.differences) terminal.err(`lwf: note: ${difference}.\n`);
      if (trace !== undefined) writeWhole(trace, traceFileOf(run, scenario).bytes);
      if (diagram !== undefined && draw) writeWhole(diagram, draw(scenario));
      terminal.out(replayText(token, replayed, terminal.colour));
      exitWith(exitCodeOf(scenario));
      if (!sites) return;
      if (run.identity.driver.kind === 'image') {
        terminal.out(`\n${disassembly(scenario, sites)}`);
        return;
      }
      terminal.err(`lwf: ${run.driver} is no .sys image: it has no machine code that --disassemble could show.\n`);
      if (trace === undefined && diagram === undefined) exitWith(EXIT.cannotJudge);
    });
};

function newSiteLog(): Sites.SiteLog {
  const { SiteLog } = load('../../../adapters/emulator/sites') as typeof Sites;
  return new SiteLog();
}

function disassembly(scenario: ScenarioResult, sites: Sites.SiteLog): string {
  const { disassemblyText } = load('../disassembly-text') as typeof DisassemblyText;
  return disassemblyText(scenario, (seq) => sites.at(seq));
}

function drawingFor(file: string): (scenario: ScenarioResult) => string {
  if (/\.svg$/i.test(file)) {
    return ({ trace, violations, name }) => sequenceSvg(trace, { violations, title: name });
  }
  if (/\.txt$/i.test(file)) return diagramText;
  throw new CannotJudge(`--diagram ${file}: the name has to end in .svg or .txt, which says how it is drawn.`);
}

function diagramText({ id, name, trace, violations }: ScenarioResult): string {
  const marks = new Map<number, string>();
  for (const { at, rule } of violations) marks.set(at, [marks.get(at), rule].filter(Boolean).join(' '));
  return `${name}\n${id}\n\n${sequenceText(trace, { marks })}\n`;
}

function exitCodeOf({ verdict }: ScenarioResult): ExitCode {
  if (verdict === 'fail') return EXIT.violations;
  return verdict === 'pass' ? EXIT.conforms : EXIT.cannotJudge;
}
