/**
 * A token names one case so that it can be played again elsewhere: which scenario, on which driver, asked how, with which seed, and
 * what was found. It is text that survives mails and tickets: `lwf1-`, base64url of compact JSON, `-`, a checksum.
 */
import { createHash } from 'node:crypto';
import { CannotJudge } from '../cannot-judge';
import { CONFORMANCE_PROFILES, type ConformanceProfile, type RunIdentity } from '../identity';
import type { ScenarioResult, Verdict } from '../results';
import { withoutPlaces } from '../symbol-names';

const PREFIX = 'lwf1-';
const SHAPE = /^lwf1-([A-Za-z0-9_-]+)-([0-9a-f]{8})$/;
/** Names and paths are short; whatever is longer is no token. */
const LONGEST = 4096;
/** Hexadecimal digits that a token keeps of the hash of a file, and of a text. */
const OF_A_FILE = 16;
const OF_A_TEXT = 8;

/** What a token says. */
export interface CaseToken {
  /** Versions of the kit and of the specification that made it. */
  readonly kit: string;
  readonly specification: string;
  /** File of the driver, or name of a driver of the kit. */
  readonly driver: string;
  /** First 16 hexadecimal digits of the SHA-256 of the driver's file; drivers of the kit in TypeScript have none. */
  readonly driverHash?: string;
  readonly profileHash?: string;
  readonly adapter: string;
  readonly engine?: string;
  readonly seed: number;
  readonly conformance: ConformanceProfile;
  /** `features/pause/pending.feature:12` */
  readonly scenario: string;
  /** See `textHash`. */
  readonly textHash: string;
  readonly verdict: Verdict;
  /** See `findingsHash`. */
  readonly findings: string;
}

/** As it is written; the order of the members is part of the format. */
interface Wire {
  readonly k: string;
  readonly s: string;
  readonly d: string;
  readonly h?: string;
  readonly p?: string;
  readonly a: string;
  readonly e?: string;
  readonly n: number;
  readonly o?: ConformanceProfile;
  readonly c: string;
  readonly t: string;
  readonly v: Verdict;
  readonly f: string;
}

/** What of a run a token needs. */
export type TokenIdentity = Pick<
  RunIdentity,
  'kit' | 'specification' | 'driver' | 'profile' | 'adapter' | 'seed' | 'conformance'
>;

/** What of a scenario a token needs. */
export type TokenScenario = Pick<ScenarioResult, 'id' | 'name' | 'steps' | 'verdict' | 'violations' | 'bugcheck'>;

/**
 * @param identity of the run
 * @param scenario of that run, whatever its verdict
 * @returns the token, one word of a few hundred characters; the same for the same case
 */
export function tokenOf(identity: TokenIdentity, scenario: TokenScenario): string {
  const { kit, specification, driver, driverHash, profileHash, adapter, engine, seed, conformance } = caseOf(identity);
  const wire: Wire = {
    k: kit,
    s: specification,
    d: driver,
    ...(driverHash !== undefined && { h: driverHash }),
    ...(profileHash !== undefined && { p: profileHash }),
    a: adapter,
    ...(engine !== undefined && { e: engine }),
    n: seed,
    ...(conformance !== 'full' && { o: conformance }),
    c: scenario.id,
    t: textHash(
      scenario.name,
      scenario.steps.map(({ text }) => text),
    ),
    v: scenario.verdict,
    f: findingsHash(scenario, identity.driver),
  };
  const head = `${PREFIX}${Buffer.from(JSON.stringify(wire), 'utf8').toString('base64url')}`;
  return `${head}-${hashOf(head)}`;
}

/** @returns what the tokens of all scenarios of a run say */
export function caseOf(identity: TokenIdentity): Omit<CaseToken, 'scenario' | 'textHash' | 'verdict' | 'findings'> {
  const { kit, specification, driver, profile, adapter, seed, conformance } = identity;
  const file = driver.image ?? driver.module;
  return {
    kit,
    specification: specification.version,
    driver: file?.file ?? driver.name,
    ...(file && { driverHash: shortHash(file.sha256) }),
    ...(profile && { profileHash: shortHash(profile.sha256) }),
    adapter: adapter.name,
    ...(adapter.engine !== undefined && { engine: adapter.engine }),
    seed,
    conformance,
  };
}

/** @returns whether a text is meant to be a token, right or wrong: no file that anybody has is called so */
export function looksLikeToken(text: string): boolean {
  return /^\s*lwf\d+-/.test(text);
}

/**
 * @param text a token; white space in it, which mails add, does no harm
 * @throws CannotJudge when it is none, was mistyped or cut off, or is of a later format
 */
export function readToken(text: string): CaseToken {
  const token = text.replaceAll(/\s+/g, '');
  const [, format] = /^lwf(\d+)-/.exec(token) ?? [];
  if (format === undefined) throw new CannotJudge(`"${shortened(token)}" is no token: those begin with ${PREFIX}.`);
  if (format !== '1') {
    throw new CannotJudge(`The token is of format ${format}, and this kit reads format 1: use a later kit.`);
  }
  const [, payload = '', checksum] = (token.length <= LONGEST && SHAPE.exec(token)) || [];
  if (checksum === undefined || hashOf(`${PREFIX}${payload}`) !== checksum) {
    throw new CannotJudge(
      `The token ${shortened(token)} was mistyped or cut off (its checksum is wrong): copy it whole, from ${PREFIX} to the last of its eight digits.`,
    );
  }
  return fromWire(Buffer.from(payload, 'base64url').toString('utf8'));
}

/** @returns what tells a scenario that has moved from one that has changed: 8 hexadecimal digits over its name and its steps */
export function textHash(name: string, steps: readonly string[]): string {
  return hashOf(JSON.stringify([name, ...steps]));
}

/**
 * @param driver that was run
 * @returns 8 hexadecimal digits over what a case came to: verdict, violations with their crossings, bugcheck; the same with symbols
 *   and without
 */
export function findingsHash(
  { verdict, violations, bugcheck }: Omit<TokenScenario, 'id' | 'name' | 'steps'>,
  driver: RunIdentity['driver'],
): string {
  const found = violations.map(({ rule, reading, at, witnesses }) => [rule, reading, at, witnesses]);
  return hashOf(JSON.stringify([verdict, found, bugcheck === undefined ? null : withoutPlaces(bugcheck, driver)]));
}

/** @returns what a token keeps of the hash of a file */
export function shortHash(sha256: string): string {
  return sha256.slice(0, OF_A_FILE);
}

function fromWire(json: string): CaseToken {
  let wire: Partial<Wire>;
  try {
    wire = JSON.parse(json) as Partial<Wire>;
  } catch (failure) {
    throw notOurs(failure);
  }
  const { k, s, d, h, p, a, e, n, o = 'full', c, t, v, f } = wire;
  const words = [k, s, d, a, c, t, v, f];
  if (words.some((word) => typeof word !== 'string') || !Number.isSafeInteger(n) || !CONFORMANCE_PROFILES.includes(o)) {
    throw notOurs();
  }
  const [kit, specification, driver, adapter, scenario, text, verdict, findings] = words as string[];
  return {
    kit: kit as string,
    specification: specification as string,
    driver: driver as string,
    ...(typeof h === 'string' && { driverHash: h }),
    ...(typeof p === 'string' && { profileHash: p }),
    adapter: adapter as string,
    ...(typeof e === 'string' && { engine: e }),
    seed: n as number,
    conformance: o,
    scenario: scenario as string,
    textHash: text as string,
    verdict: verdict as Verdict,
    findings: findings as string,
  };
}

function notOurs(cause?: unknown): CannotJudge {
  return new CannotJudge(
    'The token has a right checksum and a content that no kit writes: it was made by something else.',
    {
      cause,
    },
  );
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, OF_A_TEXT);
}

function shortened(token: string): string {
  return token.length <= 24 ? token : `${token.slice(0, 23)}…`;
}
