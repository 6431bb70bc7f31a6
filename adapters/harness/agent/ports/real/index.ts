/** The ports of a real machine: programs of Windows by their paths, and those that came with the agent. */
import { join, win32 } from 'node:path';
import { realClock, type Clock } from '../../../protocol';
import type { Ports } from '..';
import type { Program } from '../programs';
import { realHelper } from './helper';
import { realOriginate, type OriginateCommand } from './originate';
import { realPrograms } from './programs';
import { realShell } from './shell';

export type { OriginateCommand } from './originate';

export interface RealPortsOptions {
  /**
   * Folder with netcfg, pnputil, sc, verifier, powershell and lwfio, in place of those of Windows and of the agent: for machines that
   * are none.
   */
  readonly programs?: string;
  /** %SystemRoot%. */
  readonly systemRoot: string;
  /** host.ps1. */
  readonly script: string;
  /** lwfio.exe. */
  readonly helper: string;
  readonly originate?: OriginateCommand;
  readonly clock?: Clock;
  /** Milliseconds that an answer of PowerShell or of the helper, or a program, may take. Default: a minute. */
  readonly patience?: number;
}

const MINUTE = 60_000;

/** @throws RigRefusal (environment) for a command of the target file that cannot be */
export function realPorts({
  programs,
  systemRoot,
  script,
  helper,
  originate,
  clock = realClock,
  patience = MINUTE,
}: RealPortsOptions): Ports {
  const system32 = win32.join(systemRoot, 'System32');
  const pathOf = (program: Program): string =>
    programs === undefined ? win32.join(system32, `${program}.exe`) : join(programs, program);
  return {
    clock,
    shell: realShell({
      program:
        programs === undefined
          ? win32.join(system32, 'WindowsPowerShell', 'v1.0', 'powershell.exe')
          : join(programs, 'powershell'),
      script,
      clock,
      patience,
    }),
    programs: realPrograms({ pathOf, clock, patience }),
    helper: realHelper({ program: programs === undefined ? helper : join(programs, 'lwfio'), clock, patience }),
    ...(originate && { originate: realOriginate(originate) }),
  };
}
