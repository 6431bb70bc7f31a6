/** Filters that are known to be right and wrong, found to be that on this machine, before anybody believes what it says of another. */
import type { RunOptions } from '../../api';
import { CannotJudge } from '../../cannot-judge';
import { runOnLab } from '../../run';
import type { RunResult } from '../../results';
import type { Lab } from '../lab';
import type { LabDriver } from '../read-lab';
import { fine, missing, notMeasured, wrong, type Row } from './row';

/** What they are tried with: what a machine decides from outside is about pauses. */
const FEATURES = ['features/pause'];

export interface Calibration {
  /** @returns the machine, opened for that driver; undefined where the target file names none */
  readonly open: (which: LabDriver) => Promise<Lab | undefined>;
  /** A scenario is over. */
  readonly tell: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Feature files or folders. */
  readonly paths?: readonly string[];
}

/** @returns a row for each, whether the target file names them or not */
export async function judgeKnownFilters(calibration: Calibration): Promise<Row[]> {
  return [await judge('good', calibration, judgedGood), await judge('bad', calibration, judgedBad)];
}

async function judge(
  which: 'good' | 'bad',
  { open, tell, signal, paths = FEATURES }: Calibration,
  row: (name: string, run: RunResult) => Row,
): Promise<Row> {
  const name = `a filter that is known to be ${which === 'good' ? 'right' : 'wrong'}`;
  try {
    const lab = await open(which);
    if (!lab) return notMeasured(name, `the target file names none ("calibration.${which}")`);
    const options: RunOptions = {
      // Which driver it is has been settled by opening the machine.
      ...{ driver: 'reference', target: which, seed: 1, evidence: 'violations', paths, signal },
      onScenario: ({ id, verdict }, finished, total) => tell(`${name}: ${finished}/${total} ${verdict} ${id}`),
    };
    return row(`${name} (${lab.adapter.driver})`, await runOnLab(lab, options));
  } catch (failure) {
    if (failure instanceof CannotJudge) return notMeasured(name, failure.message);
    throw failure;
  }
}

function judgedGood(name: string, run: RunResult): Row {
  const broken = brokenIn(run);
  if (broken.length > 0)
    return wrong(
      name,
      `is found to break ${broken.join(', ')}`,
      'nothing that this machine says against a driver can be believed: send this table back',
    );
  const { pass, told } = counted(run);
  if (pass === 0)
    return missing(name, `nothing of it could be judged: ${told}`, 'no driver will be seen to keep a rule here');
  return fine(name, `breaks no rule: ${told}`);
}

function judgedBad(name: string, run: RunResult): Row {
  const broken = brokenIn(run);
  const { told } = counted(run);
  if (broken.length > 0) return fine(name, `is found to break ${broken.join(', ')}: ${told}`);
  return missing(
    name,
    `is not found out: ${told}`,
    'with what this machine sees, a driver that does the same will not be found out either',
  );
}

function brokenIn({ rules }: RunResult): string[] {
  return rules.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule);
}

function counted({ scenarios }: RunResult): { readonly pass: number; readonly told: string } {
  const counts = new Map<string, number>();
  for (const { verdict } of scenarios) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return {
    pass: counts.get('pass') ?? 0,
    told: [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', '),
  };
}
