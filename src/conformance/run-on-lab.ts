/** From the options of a run to the lab machine that it is made on. */
import { randomUUID } from 'node:crypto';
import type { RunOptions } from './api';
import { CannotJudge } from './cannot-judge';
import { KIT_DRIVER } from './kit-image';
import { openLab, readLab, type Lab, type LabOptions } from './lab';
import { MachineFolder } from './lab/machine-folder';
import { removeMachineRun } from './lab/machine-run';

/**
 * @param way to the machine, where it is not the system's ssh
 * @throws CannotJudge when the options do not fit a lab machine, its target file is wrong, or it cannot be reached
 */
export async function startLab(options: RunOptions, way: Pick<LabOptions, 'channel' | 'clock'> = {}): Promise<Lab> {
  const { target, journalFolder: folder, resume = false, takeover, signal, onMachine } = options;
  if (target === undefined) throw new CannotJudge('--adapter harness needs the lab machine: --target lab.yaml.');
  requireFit(options);
  const files = readLab(target);
  const machineFolder = folder === undefined ? undefined : MachineFolder.open(folder, resume);
  const lab = openLab(files, {
    ...way,
    run: machineFolder?.run ?? randomUUID(),
    folder: machineFolder,
    takeover,
    verifies: true,
    advice: `\`lwf doctor --target ${target}\` looks closer.`,
    signal,
    tell: onMachine ?? (() => undefined),
    log: (text) => void process.stderr.write(text.replace(/[^\P{Cc}\n\t]/gu, '')),
  });
  return lab.catch((failure: unknown) => {
    // Nothing has begun that could be taken up again.
    if (folder !== undefined && !resume) removeMachineRun(folder);
    throw failure;
  });
}

/** What a lab machine has no use for is not passed over in silence. */
function requireFit({ adapter, driver, profile, engine, command, answerWithin, workers = 1 }: RunOptions): void {
  if (adapter !== undefined && adapter !== 'harness')
    throw new CannotJudge(
      `--target is a lab machine (--adapter harness), and not for ${adapter}: leave one of them out.`,
    );
  const inTheFile = [
    ['--driver', driver === KIT_DRIVER ? undefined : driver, 'driver'],
    ['--profile', profile, 'driver.profile'],
    ['--answer-within', answerWithin, 'limits.answer'],
  ] as const;
  for (const [option, value, key] of inTheFile) {
    if (value !== undefined) throw new CannotJudge(`The target file says it ("${key}"): leave ${option} out.`);
  }
  if (engine !== undefined) throw new CannotJudge('A lab machine runs the driver itself: leave --engine out.');
  if (command !== undefined) throw new CannotJudge('The lab machine is reached by ssh: leave --command out.');
  if (workers > 1) throw new CannotJudge('A lab machine plays one scenario at a time: leave --workers out.');
}
