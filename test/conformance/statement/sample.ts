/** A statement of a real run, in a folder, to be checked and to be tampered with. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runSpecification, type RunResult } from '../../../src/conformance';
import { makeStatement, statementText, type Statement, type StatementFacts } from '../../../src/conformance/statement';
import { digestOf } from '../../../src/conformance/statement/canonical';
import { sha256 } from '../../../src/conformance/identity';
import { traceFileOf } from '../../../src/conformance/trace-files';
import { readWaivers, type LoadedWaivers } from '../../../src/conformance/waivers';
import { verifyStatement, type Verification, type VerifyOptions } from '../../../src/conformance/statement';

export const FACTS: StatementFacts = {
  environment: { platform: 'linux', arch: 'x64', node: '20.19.0' },
  time: { started: '2026-01-02T03:04:05.000Z', finished: '2026-01-02T03:05:06.000Z' },
};

let ran: Promise<RunResult> | undefined;

/** A driver that breaks PAU-07, with full evidence. */
export function brokenRun(): Promise<RunResult> {
  ran ??= runSpecification({ driver: 'answers-sketch', seed: 1, rules: ['PAU-07'], evidence: 'full' });
  return ran;
}

export function waiversOf(text: string): LoadedWaivers {
  const bytes = Buffer.from(text, 'utf8');
  const file = { file: 'waivers.yaml', sha256: sha256(bytes), size: bytes.length };
  return { waivers: readWaivers(text, 'waivers.yaml'), file, bytes };
}

/** Writes what `lwf run` leaves of it. */
export function writeStatement(folder: string, run: RunResult, facts: StatementFacts = FACTS): Statement {
  const { statement, files } = makeStatement(run, facts);
  const traces = run.scenarios.map((scenario) => traceFileOf(run, scenario));
  for (const [path, content] of [...traces.map(({ path, bytes }) => [path, bytes] as const), ...files]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return statement;
}

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
/** A statement, as a forger's editor sees it. */
export type Editable = Mutable<Statement>;

/** Folders with a copy of one statement each; all go in the end. */
export class Copies {
  private readonly root = mkdtempSync(join(tmpdir(), 'lwf-statement-'));
  private count = 0;

  constructor(private readonly original: string) {}

  /** @returns a folder with a copy, changed by `tamper` */
  make(tamper: (folder: string) => void = () => undefined): string {
    const folder = join(this.root, String((this.count += 1)));
    cpSync(this.original, folder, { recursive: true });
    tamper(folder);
    return folder;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Edits the statement in a folder as a forger does who makes the digest anew. */
export function forge(folder: string, edit: (statement: Editable) => void): void {
  change(folder, (statement) => {
    edit(statement);
    statement.digest = digestOf(statement);
  });
}

/** Edits the statement in a folder and nothing else. */
export function change(folder: string, edit: (statement: Editable) => void): void {
  const path = join(folder, 'statement.json');
  const statement = JSON.parse(readFileSync(path, 'utf8')) as Editable;
  edit(statement);
  writeFileSync(path, statementText(statement));
}

/** Without playing anything again. */
export function verify(folder: string, options: Partial<VerifyOptions> = {}): Promise<Verification> {
  return verifyStatement(folder, { rerun: 'none', sample: 20, draw: '', today: '2026-01-02', ...options });
}

/** Names of the checks that found a contradiction. */
export function contradicted({ findings }: Verification): string[] {
  return [...new Set(findings.filter(({ kind }) => kind === 'contradicts').map(({ check }) => check))];
}
