import { execFile } from 'node:child_process';
import { RigRefusal } from '../../../../contract';
import type { Clock } from '../../../protocol';
import type { Ended, Program, Programs } from '../programs';

export interface ProgramsOptions {
  /** @returns absolute path */
  readonly pathOf: (program: Program) => string;
  readonly clock: Clock;
  /** Milliseconds that a program may take. */
  readonly patience: number;
}

/** Of standard output, and of standard error. */
const LONGEST_OUTPUT = 1024 * 1024;

export function realPrograms({ pathOf, clock, patience }: ProgramsOptions): Programs {
  return {
    run: (program, args) =>
      new Promise<Ended>((resolve, reject) => {
        let isLate = false;
        const options = { maxBuffer: LONGEST_OUTPUT, windowsHide: true, shell: false } as const;
        const child = execFile(pathOf(program), [...args], options, (failure, stdout, stderr) => {
          stop();
          const code: unknown = failure ? failure.code : 0;
          if (isLate) reject(new RigRefusal('timeout', `${program} did not end within ${patience / 1000} s.`));
          else if (typeof code === 'number') resolve({ code, stdout, stderr });
          else if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ code: -1, stdout, stderr });
          else
            reject(new RigRefusal('environment', `${program} could not be run: ${failure?.message ?? 'no reason'}.`));
        });
        const stop = clock.after(patience, () => {
          isLate = true;
          child.kill('SIGKILL');
        });
      }),
  };
}
