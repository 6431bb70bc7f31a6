/** Takes the token of one scenario out of what a run left: `run.json` or `statement.json`. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotJudge } from '../cannot-judge';
import { whyUnreadable } from '../why-not';
import { nearest } from '../nearest';
import type { RunResult } from '../results';
import { readToken, tokenOf, type CaseToken } from './token';

/** No run comes near it, and what does is not read into memory. */
const LARGEST = 400 * 1024 * 1024;
/** How many scenarios a complaint names. */
const NAMED = 5;

interface Case {
  readonly id: string;
  readonly verdict: string;
  readonly token: () => CaseToken;
}

/**
 * @param file `run.json` or `statement.json`
 * @param scenario id of the scenario; without it, the one that failed, if only one did
 * @throws CannotJudge when the file is not what a run leaves, or does not tell which scenario is meant
 */
export function readCase(file: string, scenario: string | undefined): CaseToken {
  const cases = casesIn(file);
  return (scenario === undefined ? onlyFailure(file, cases) : named(file, cases, scenario)).token();
}

function named(file: string, cases: readonly Case[], scenario: string): Case {
  const id = scenario.replaceAll('\\', '/').replace(/^\.\//, '');
  const found = cases.find((one) => one.id === id);
  if (found) return found;
  const near = nearest(
    id,
    cases.map((one) => one.id),
  );
  throw new CannotJudge(`${file} has no scenario ${id}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
}

function onlyFailure(file: string, cases: readonly Case[]): Case {
  const failed = cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  const [only, another] = failed;
  if (only && !another) return only;
  if (!only) throw new CannotJudge(`Nothing failed in ${file}: name the scenario with --scenario ID.`);
  const names = failed.slice(0, NAMED).map(({ id }) => id);
  const more = failed.length > NAMED ? ` and ${failed.length - NAMED} more` : '';
  throw new CannotJudge(
    `${failed.length} scenarios failed in ${file}: name one with --scenario ID (${names.join(', ')}${more}).`,
  );
}

function casesIn(file: string): Case[] {
  const data = jsonIn(file);
  const { schema, scenarios } = data as { schema?: unknown; scenarios?: unknown };
  if (schema !== 'run/1' && schema !== 'statement/1') {
    throw new CannotJudge(
      `${file} is neither a run.json nor a statement.json (its schema is ${told(schema)}): \`lwf run\` leaves both.`,
    );
  }
  if (!Array.isArray(scenarios)) throw new CannotJudge(`${file} has no list "scenarios": \`lwf run\` writes one.`);
  return schema === 'run/1' ? casesOfRun(file, data) : casesOfStatement(file, scenarios as Partial<StatedScenario>[]);
}

function casesOfRun(file: string, { identity, scenarios }: Partial<RunResult>): Case[] {
  if (identity === undefined) {
    throw new CannotJudge(`${file} does not say what its run was made of: an older kit wrote it; run again.`);
  }
  return (scenarios ?? []).map((scenario) => ({
    id: scenario.id,
    verdict: scenario.verdict,
    token: () => readToken(tokenOf(identity, scenario)),
  }));
}

interface StatedScenario {
  readonly id: string;
  readonly verdict: string;
  readonly replay: string;
}

function casesOfStatement(file: string, scenarios: readonly Partial<StatedScenario>[]): Case[] {
  return scenarios.map(({ id = '', verdict = '', replay }) => ({
    id,
    verdict,
    token: () => {
      if (typeof replay === 'string') return readToken(replay);
      throw new CannotJudge(`${file} has no token of ${id}: \`lwf verify ${file}\` tells whether it was edited.`);
    },
  }));
}

function jsonIn(file: string): object {
  const path = resolve(file);
  let text: string;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new CannotJudge(`${file} is a folder: give its run.json or its statement.json.`);
    if (stat.size > LARGEST)
      throw new CannotJudge(`${file} is larger than any run: give a run.json or statement.json.`);
    text = readFileSync(path, 'utf8');
  } catch (failure) {
    if (failure instanceof CannotJudge) throw failure;
    const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
    const why = code === 'ENOENT' ? 'there is no such file, and a token begins with lwf1-' : whyUnreadable(failure);
    throw new CannotJudge(`Cannot read ${file} (${why}): give a token, a run.json or a statement.json.`, {
      cause: failure,
    });
  }
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null) return data;
  } catch (failure) {
    const what = text === '' ? 'it is empty' : 'it is no JSON, or cut off';
    throw new CannotJudge(`Cannot read ${file} (${what}): \`lwf run\` writes it again.`, { cause: failure });
  }
  throw new CannotJudge(`${file} is neither a run.json nor a statement.json: \`lwf run\` leaves both.`);
}

function told(schema: unknown): string {
  return typeof schema === 'string' ? `"${schema.slice(0, 40)}"` : 'missing';
}
