import { dirname, resolve } from 'node:path';
import { BadProfile, Problems, schemaProblemsOf, Source } from '../../emulator/profile';
import { BadTarget } from './bad-target';
import { readMachine, type RawMachine } from './machine';
import schema from './target-1.schema.json';
import type { SshTarget, Target, TargetDriver } from './target';

type RawDriver = Omit<TargetDriver, 'probe'> & { readonly probe?: boolean };

/** As the schema lets it through; limits in seconds. */
interface RawTarget {
  readonly name: string;
  readonly ssh: SshTarget;
  readonly agent: { readonly folder: string; readonly node?: string };
  readonly adapter: Target['adapter'];
  readonly driver: RawDriver;
  readonly calibration?: { readonly good?: RawDriver; readonly bad?: RawDriver };
  readonly originate?: { readonly program: string; readonly arguments?: readonly string[] };
  readonly verifier?: boolean;
  readonly machine?: RawMachine;
  readonly limits?: Partial<Target['limits']>;
}

const WHAT = 'a target file';
const problemsOfSchema = schemaProblemsOf(schema, WHAT);
/** Where Node's own installer puts it. */
const DEFAULT_NODE = 'C:\\Program Files\\nodejs\\node.exe';
/** Seconds. */
const DEFAULT_LIMITS = { lease: 15, boot: 300, answer: 60 };
/** Seconds that a machine may take to fall asleep and to be awake again. */
const AWAKE_AGAIN = 40;

/**
 * Reads a target file.
 * @param text YAML
 * @param file what messages call it; paths in it are beside it
 * @throws BadTarget, with every problem in it, when anything is not as it must be
 */
export function readTarget(text: string, file: string): Target {
  try {
    const source = Source.parse(text, file, WHAT);
    const problems = new Problems(source);
    problems.take(problemsOfSchema(source));
    problems.throwAny();
    const target = fromRaw(source.value as RawTarget, file, problems);
    problems.throwAny();
    return target;
  } catch (failure) {
    if (failure instanceof BadProfile) throw new BadTarget(failure.message, { cause: failure });
    throw failure;
  }
}

function fromRaw(raw: RawTarget, file: string, problems: Problems): Target {
  const { name, ssh, agent, adapter, driver, calibration = {}, originate } = raw;
  checkKnownHosts(ssh, problems);
  const beside = (path: string): string => resolve(dirname(file), path);
  const driverIn = (known: RawDriver): TargetDriver => ({
    ...known,
    profile: beside(known.profile),
    probe: known.probe ?? false,
  });
  const limits = { ...DEFAULT_LIMITS, ...raw.limits };
  if (limits.answer < limits.lease) {
    problems.add(
      ['limits'],
      `"limits.answer" (${limits.answer} s) must not be less than "limits.lease" (${limits.lease} s)`,
    );
  }
  const { sleep } = limits;
  if (sleep !== undefined && limits.answer < sleep + AWAKE_AGAIN) {
    problems.add(
      ['limits'],
      `"limits.answer" (${limits.answer} s) must be at least ${AWAKE_AGAIN} s more than "limits.sleep" (${sleep} s): the machine does not answer before it is awake again`,
    );
  }
  const machine = raw.machine && readMachine(raw.machine, problems);
  return {
    file,
    name,
    ssh: {
      ...ssh,
      ...(ssh.identity !== undefined && { identity: beside(ssh.identity) }),
      ...(ssh.knownHosts !== undefined && { knownHosts: beside(ssh.knownHosts) }),
      ...(ssh.config !== undefined && { config: ssh.config === 'none' ? 'none' : beside(ssh.config) }),
    },
    agent: { folder: agent.folder.replace(/[\\/]+$/, ''), node: agent.node ?? DEFAULT_NODE },
    adapter,
    driver: driverIn(driver),
    calibration: {
      ...(calibration.good && { good: driverIn(calibration.good) }),
      ...(calibration.bad && { bad: driverIn(calibration.bad) }),
    },
    ...(originate && { originate: { program: originate.program, arguments: originate.arguments ?? [] } }),
    verifier: raw.verifier ?? false,
    ...(machine && { machine }),
    limits: {
      ...{ lease: limits.lease * 1000, boot: limits.boot * 1000, answer: limits.answer * 1000 },
      ...(sleep !== undefined && { sleep: sleep * 1000 }),
    },
  };
}

/** Files that hold no keys, and take any. */
const NO_FILE = /^(none|nul|\/dev\/null)$/i;

function checkKnownHosts({ knownHosts }: SshTarget, problems: Problems): void {
  if (knownHosts === undefined || !NO_FILE.test(knownHosts)) return;
  problems.add(
    ['ssh', 'knownHosts'],
    'without known host keys nobody knows which machine answers: give a known_hosts file, or leave "knownHosts" out',
  );
}
