/**
 * What a run has found so far, in the folder that its reports will be written to: a line a finished scenario, so that a run that
 * is interrupted can be taken up again. It is no result, and is gone when there is one.
 */
import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CannotJudge } from './cannot-judge';
import { sha256, type RunIdentity } from './identity';
import type { RunPart, ScenarioResult } from './results';
import { refuseFilesOfOthers } from './report-folder';
import { requireWritableFolder } from './selection';
import { whyNot, whyUnreadable } from './why-not';

const FILE = '.lwf-run.ndjson';
const LINE_FEED = 0x0a;

/** What must be the same for a run to be taken up again. */
export interface JournalHeader {
  readonly journal: 1;
  readonly identity: RunIdentity;
  /** Hash of the ids of the scenarios, in their order. */
  readonly plan: string;
  readonly part?: RunPart;
  readonly evidence: 'full' | 'violations';
}

export class Journal {
  private constructor(
    private readonly path: string,
    private readonly file: number,
  ) {}

  /**
   * Begins a journal; what an earlier run left is gone.
   * @throws CannotJudge when the folder cannot be made or written
   */
  static begin(folder: string, header: JournalHeader): Journal {
    const path = join(resolve(folder), FILE);
    requireWritableFolder(resolve(folder));
    refuseFilesOfOthers(resolve(folder));
    try {
      const journal = new Journal(path, openSync(path, 'w'));
      writeFileSync(journal.file, lineOf(header));
      return journal;
    } catch (failure) {
      throw new CannotJudge(
        `Reports cannot be written to ${folder} (${whyNot(failure)}). Choose another folder with --out.`,
        { cause: failure },
      );
    }
  }

  /**
   * Takes up the journal of an interrupted run.
   * @returns it, and what that run had found
   * @throws CannotJudge when there is none, or it belongs to another run
   */
  static resume(folder: string, header: JournalHeader): { journal: Journal; found: ScenarioResult[] } {
    const path = join(resolve(folder), FILE);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (failure) {
      throw new CannotJudge(
        `There is no interrupted run to resume in ${folder} (${whyUnreadable(failure)}). Leave out --resume to start one.`,
        { cause: failure },
      );
    }
    const { values, length } = soundLines(bytes);
    const [before, ...found] = values as [JournalHeader | undefined, ...ScenarioResult[]];
    if (before === undefined) {
      throw new CannotJudge(`${path} is damaged from its first line on. Leave out --resume to start again.`);
    }
    const change = differences(before, header);
    if (change.length > 0) {
      throw new CannotJudge(
        `The interrupted run in ${folder} was another one: it differs in ${change.join(', ')}. Give the same options and files, or leave out --resume to start again.`,
      );
    }
    try {
      // A line that was torn when the run ended would tear the next one.
      truncateSync(path, length);
      return { journal: new Journal(path, openSync(path, 'a')), found };
    } catch (failure) {
      throw new CannotJudge(`${path} cannot be continued (${whyNot(failure)}).`, { cause: failure });
    }
  }

  /** @throws CannotJudge when it cannot be written: the run can be resumed when there is room again */
  add(scenario: ScenarioResult): void {
    try {
      writeFileSync(this.file, lineOf(scenario));
    } catch (failure) {
      throw new CannotJudge(
        `${this.path} cannot be written (${whyNot(failure)}). Earlier results are untouched; make room and go on with --resume.`,
        { cause: failure },
      );
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The results are complete and in place. */
export function removeJournal(folder: string): void {
  rmSync(join(resolve(folder), FILE), { force: true });
}

function lineOf(value: JournalHeader | ScenarioResult): string {
  const text = JSON.stringify(value);
  return `{"sum":"${sum(text)}","value":${text}}\n`;
}

function sum(text: string): string {
  return sha256(text).slice(0, 16);
}

/** @returns what the lines say, up to the first that is torn or damaged, and how many bytes those are */
function soundLines(bytes: Buffer): { values: unknown[]; length: number } {
  const values: unknown[] = [];
  let length = 0;
  // Line by line: with long traces all of them are longer than one text may be.
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, length)) {
    const value = soundValue(bytes.toString('utf8', length, end));
    if (value === undefined) break;
    values.push(value);
    length = end + 1;
  }
  return { values, length };
}

function soundValue(line: string): unknown {
  try {
    const { sum: claimed, value } = JSON.parse(line) as { sum?: unknown; value?: unknown };
    return claimed === sum(JSON.stringify(value)) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @returns in what two runs differ, in words of a user */
function differences(before: JournalHeader, now: JournalHeader): string[] {
  const facts = (header: JournalHeader): Record<string, unknown> => ({
    'the version of the kit': header.identity.kit,
    'the specification': header.identity.specification,
    'the driver': header.identity.driver,
    'the profile': header.identity.profile,
    'the symbols': header.identity.symbols,
    'the adapter': header.identity.adapter,
    'the lab machine': header.identity.machine,
    'the seed': header.identity.seed,
    'the conformance profile': header.identity.conformance,
    'the selection': header.identity.selection,
    'the shard': header.part,
    'the scenarios': header.plan,
    'the evidence that is kept': header.evidence,
  });
  const present = facts(now);
  return Object.entries(facts(before)).flatMap(([what, value]) =>
    JSON.stringify(value) === JSON.stringify(present[what]) ? [] : [what],
  );
}
