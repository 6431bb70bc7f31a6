/** A lab machine, looked at from this side and measured, before a driver is judged on it. */
import { performance } from 'node:perf_hooks';
import { randomUUID } from 'node:crypto';
import { RigRefusal } from '../../../../adapters/contract';
import type { NumberedObservation } from '../../../../adapters/harness/protocol';
import { CannotJudge } from '../../cannot-judge';
import { kitVersion } from '../../kit-root';
import { openLab, type Lab, type LabOptions } from '../lab';
import { readLab, type LabDriver, type LabFiles } from '../read-lab';
import { judgeKnownFilters } from './known-filters';
import { playToMeasure } from './play';
import { fine, measured, missing, notMeasured, spread, wrong, type Row } from './row';

export interface ExamineOptions extends Pick<LabOptions, 'channel' | 'clock' | 'log' | 'signal'> {
  /** Path of the target file. */
  readonly target: string;
  /** How often each thing is measured. */
  readonly samples: number;
  readonly takeover: boolean;
  /** Only look: nothing is changed on the machine, and nothing played. */
  readonly lookOnly: boolean;
  readonly tell: (words: string) => void;
  /** What known filters are tried with; default: the features of pausing. */
  readonly paths?: readonly string[];
}

export interface Examination {
  /** A driver can be judged on it. */
  readonly ready: boolean;
  readonly rows: readonly Row[];
}

const NOT_REACHED = 'the machine was not reached';

/** @throws CannotJudge when the target file, or a profile, is not as it must be */
export async function examineLab(options: ExamineOptions): Promise<Examination> {
  const files = readLab(options.target);
  const seen: NumberedObservation[] = [];
  const rows: Row[] = [fine('target file', `${files.target.name}, ${files.targetFile.file}`), labCommands(files)];
  let lab: Lab;
  try {
    lab = await open(options, 'tested', (more) => seen.push(...more));
  } catch (failure) {
    if (!(failure instanceof CannotJudge)) throw failure;
    return summed([
      ...rows,
      wrong('connection and agent', failure.message),
      notMeasured('everything else', NOT_REACHED),
    ]);
  }
  try {
    rows.push(...(await lookedAt(lab, files)), ...(await answers(lab, options.samples)));
  } finally {
    await lab.end();
  }
  if (options.lookOnly)
    return summed([...rows, notMeasured('what must be played to be known', 'only looking was asked for')]);
  rows.push(
    ...(await judgeKnownFilters({
      ...options,
      open: (which) =>
        files.target.calibration[which as 'good' | 'bad'] ? open(options, which) : Promise.resolve(undefined),
    })),
  );
  if (rows.some(({ state }) => state === 'wrong')) return summed(rows);
  const again = await open(options, 'tested', (more) => seen.push(...more));
  try {
    rows.push(...(await playToMeasure(again, seen, options.samples)), lost(again, seen));
  } finally {
    await again.end();
  }
  return summed(rows);
}

function summed(rows: readonly Row[]): Examination {
  return { ready: rows.every(({ state }) => state !== 'wrong'), rows };
}

function open(
  { target, channel, clock, log, signal, takeover, tell }: ExamineOptions,
  which: LabDriver,
  onObservations?: LabOptions['onObservations'],
): Promise<Lab> {
  return openLab(readLab(target, which), {
    ...{ channel, clock, log, signal, takeover, tell, onObservations },
    run: `doctor-${randomUUID().slice(0, 8)}`,
  });
}

function labCommands({ target }: LabFiles): Row {
  if (target.machine)
    return fine("the lab's commands", `off: ${target.machine.powerOff.slice(0, 3).join(' ')} …; not tried`);
  return missing(
    "the lab's commands",
    'none',
    'a machine that hangs, or does not start any more, ends the run: add "machine" to the target file',
  );
}

async function lookedAt(lab: Lab, { target, offered }: LabFiles): Promise<Row[]> {
  const { os, agent, levels, driver, boot, limits } = lab.facts;
  const { adapter: can, observation } = await lab.adapter.capabilities();
  return [
    fine('connection', `${os.name}, build ${os.build}, ${os.arch}; boot ${boot}`),
    fine('agent', `${agent}, as this kit (${kitVersion})`),
    levels.white || levels.black
      ? fine('level of observation', observation)
      : wrong('level of observation', 'none', 'lwfio does not work on the machine: see docs/harness-native.md'),
    driver
      ? fine('image of the driver', `${driver.file}, ${driver.bytes} bytes, SHA-256 ${driver.sha256}`)
      : missing('image of the driver', 'not found in System32\\drivers', 'reports cannot say which build it was'),
    can.includes('holdCompletions')
      ? fine('holding frames below', `up to ${limits.hold} ms`)
      : missing(
          'holding frames below',
          'not possible',
          'rules on sends that are out cannot be judged: install fnmp of win-net-test, and name its adapter with "kind: fnmp"',
        ),
    howItSends({ target, offered }),
  ];
}

function howItSends({ target: { originate }, offered: { driver } }: Pick<LabFiles, 'target' | 'offered'>): Row {
  const what = 'originating sends';
  if (driver.profileText !== undefined && driver.profile.requests.send) return fine(what, 'by requests of the profile');
  if (originate) return fine(what, originate.program);
  return missing(
    what,
    'nobody says how',
    'rules on sends of the driver itself cannot be judged: say in the profile how it is opened ("open") and asked ("asks.send"), or add "originate" to the target file',
  );
}

async function answers(lab: Lab, samples: number): Promise<Row[]> {
  const took: number[] = [];
  try {
    for (let sample = 0; sample < samples; sample += 1) {
      const start = performance.now();
      await lab.keepObservations();
      took.push(performance.now() - start);
    }
    const measurements = await lab.calibrate(samples);
    return [
      measured('the agent answers, over the network', spread(took, 'ms'), took),
      ...measurements.map((each) => {
        if ('samples' in each) return measured(each.name, spread(each.samples, each.unit), each.samples);
        return 'told' in each ? measured(each.name, each.told) : notMeasured(each.name, each.notMeasured);
      }),
    ];
  } catch (failure) {
    if (!(failure instanceof RigRefusal)) throw failure;
    return [notMeasured('how fast the machine answers', failure.message)];
  }
}

function lost(lab: Lab, seen: readonly NumberedObservation[]): Row {
  return measured(
    'observations that were lost on the way',
    `${lab.lostObservations} of ${seen.length + lab.lostObservations}`,
  );
}
