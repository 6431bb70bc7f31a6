/** What comes from the machine, in the folder of the run: `machine/RUN/…`, where nothing else is written. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import type { Cursor } from '../../../adapters/harness/protocol';
import { join, resolve } from 'node:path';
import { CannotJudge } from '../cannot-judge';
import { requireWritableFolder } from '../selection';
import { whyNot } from '../why-not';
import { beginMachineRun, machineRunIn } from './machine-run';
import { takeUpObservations } from './observations-file';

/** Below the folder of the run. */
const MACHINE = 'machine';
const OBSERVATIONS = 'observations.ndjson';
/** More than an honest machine tells in a run. */
const MOST_BYTES = 2 ** 30;

export class MachineFolder {
  private stops = 0;
  private bytes = 0;

  private constructor(
    private readonly folder: string,
    /** Name of the run, to the agent. */
    readonly run: string,
    /** The last observation that an interrupted run has kept. */
    readonly known?: Cursor,
  ) {}

  /**
   * @param folder of the run
   * @param resume the run has a name already: the agent of a run makes way for the next one of the same
   * @throws CannotJudge when it cannot be written
   */
  static open(folder: string, resume: boolean): MachineFolder {
    const path = resolve(folder);
    requireWritableFolder(path);
    const known = resume ? machineRunIn(path) : undefined;
    if (known !== undefined) {
      const file = join(path, MACHINE, known, OBSERVATIONS);
      return new MachineFolder(
        path,
        known,
        write(() => takeUpObservations(file), file),
      );
    }
    const run = randomUUID();
    write(() => beginMachineRun(path, run), path);
    return new MachineFolder(path, run);
  }

  /** @returns a place for what is known of one more stop of the machine: below the folder of the run, and as a path; nothing is there yet */
  nextStop(): { readonly name: string; readonly path: string } {
    for (;;) {
      this.stops += 1;
      const name = `${MACHINE}/${this.run}/${this.stops}`;
      const path = join(this.folder, name);
      try {
        mkdirSync(join(path, '..'), { recursive: true });
        mkdirSync(path);
        return { name, path };
      } catch (failure) {
        // Of the same run, before it was interrupted.
        if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(path, failure);
      }
    }
  }

  /** @param lines to be kept, an object each @throws CannotJudge when the disk does not take them, or the machine tells without end */
  add(lines: readonly object[]): void {
    if (lines.length === 0) return;
    const text = lines.map((each) => `${JSON.stringify(each)}\n`).join('');
    this.bytes += text.length;
    if (this.bytes > MOST_BYTES)
      throw new CannotJudge(`The machine tells more than ${MOST_BYTES} bytes of observations, which is no honest run.`);
    const path = join(this.folder, MACHINE, this.run);
    write(() => {
      mkdirSync(path, { recursive: true });
      appendFileSync(join(path, OBSERVATIONS), text);
    }, path);
  }
}

function write<T>(work: () => T, path: string): T {
  try {
    return work();
  } catch (failure) {
    throw unwritable(path, failure);
  }
}

function unwritable(path: string, failure: unknown): CannotJudge {
  return new CannotJudge(
    `${path} cannot be written (${whyNot(failure)}): make room, or choose another folder with --out.`,
    {
      cause: failure,
    },
  );
}
