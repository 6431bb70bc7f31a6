/** The options of commands that hold a run against a list of waivers. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { applyWaivers, CannotJudge, loadWaivers, type LoadedWaivers, type RunResult } from '../conformance';
import { driverVersionOf } from '../conformance/statement';
import { isDate, today } from '../conformance/waivers';
import type { ShownWaivers } from '../reporting';

export interface WaiverOptions {
  readonly waivers?: string;
  readonly today?: string;
  readonly allowStaleWaivers?: boolean;
}

/** A list of waivers, and how it is applied. */
export interface GivenWaivers {
  readonly list: LoadedWaivers;
  /** The day they are held against: YYYY-MM-DD. */
  readonly on: string;
  /** Waivers that nothing needs are pointed out, and do not fail the run. */
  readonly allowStale: boolean;
}

/** @param use `shown`: they do not decide how the command ends */
export function addWaiverOptions(command: Command, use: 'deciding' | 'shown' = 'deciding'): Command {
  command
    .option('--waivers <file>', 'a reviewed list of known violations (docs/waivers.md)')
    .addOption(
      new Option('--today <date>', 'the day on which waivers are looked at, YYYY-MM-DD (default: this day)').argParser(
        dayOption,
      ),
    );
  if (use === 'shown') return command;
  return command.option('--allow-stale-waivers', 'only point out waivers that nothing needs any more', false);
}

/**
 * Reads the list before any work, so that its faults are told first.
 * @throws CannotJudge when it cannot be read, or is not as it must be
 */
export function givenWaivers(options: WaiverOptions): GivenWaivers | undefined {
  if (options.waivers === undefined) {
    if (options.today === undefined && !options.allowStaleWaivers) return undefined;
    const alone = options.today === undefined ? '--allow-stale-waivers' : '--today';
    throw new CannotJudge(`${alone} is about waivers, and none are given: add --waivers FILE.`);
  }
  return {
    list: loadWaivers(options.waivers),
    on: options.today ?? today(),
    allowStale: options.allowStaleWaivers ?? false,
  };
}

/** What becomes of a list of waivers in a run. */
export function heldAgainst(
  run: Pick<RunResult, 'identity' | 'scenarios' | 'rules'>,
  { list, on }: GivenWaivers,
): ShownWaivers {
  const waived = applyWaivers(run, list.waivers, { today: on, driverVersion: driverVersionOf(run.identity) });
  return { ...waived, file: list.file.file, on };
}

/** Parser of `--today`. */
export function dayOption(text: string): string {
  if (isDate(text.trim())) return text.trim();
  throw new InvalidArgumentError('A day is written YYYY-MM-DD.');
}
