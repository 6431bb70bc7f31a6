/** Machines that stop in the middle of a run. */
import { expect } from 'chai';
import { rmSync } from 'node:fs';
import type { RunResult } from '../../../src/conformance';
import type { Kill, TestMachine } from '../link/in-process';
import { labFolder, runLab, testMachine } from './lab';

export const WATCHDOG =
  'The computer has rebooted from a bugcheck.  The bugcheck was: 0x0000007c (0x0000000000000025, 0x0000000000000011, 0xffff8a0c6c2b1a20, 0x0000000000000000). A dump was saved in: C:\\Windows\\MEMORY.DMP.';

/**
 * The agent is killed at its n-th line of a kind from now on.
 * @param text what the machine has to say of it after its next start; undefined: only the agent dies
 */
export function stopAt(machine: TestMachine, { at, step }: Pick<Kill, 'at' | 'step'>, text?: string): void {
  machine.killAt({ at, step: machine.steps[at] + step, withMachine: text !== undefined });
  if (text === undefined) return;
  const before = machine.boots;
  machine.said = {
    ...machine.said,
    findCrashes: async (after) =>
      machine.boots > before && after < 7 ? [{ record: 7, time: '2026-11-23T08:00:00Z', text }] : [],
  };
}

export const verdicts = ({ scenarios }: RunResult): readonly string[] => scenarios.map(({ verdict }) => verdict);

/** @returns the scenarios in which the machine was lost */
export const stopped = ({ scenarios }: RunResult): RunResult['scenarios'] =>
  scenarios.filter(({ machine }) => machine?.stop);

/** Of a feature that the reference keeps. */
const SCENARIOS = ['features/pause/completing.feature:13', 'features/pause/completing.feature:25'];
/** Lines of the greeting. */
const GREETING = 7;

/**
 * Lets the machine stop at lines of a run, one run each: the scenario at that line fails or is in error, all others are as they were, and
 * the machine is left as it was found.
 * @param every how many lines are passed over between two
 */
export async function dieAtSteps(every: number): Promise<void> {
  const play = async (machine: TestMachine): Promise<RunResult> => {
    const folder = labFolder();
    try {
      return (await runLab(machine, folder, { paths: SCENARIOS })).run;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const undisturbed = testMachine();
  const expected = verdicts(await play(undisturbed));
  expect(new Set(expected)).to.deep.equal(new Set(['pass']));
  let deaths = 0;
  for (const at of ['reads', 'writes'] as const) {
    for (let step = GREETING; step <= undisturbed.steps[at]; step += every) {
      const machine = testMachine();
      stopAt(machine, { at, step }, WATCHDOG);
      const found = await play(machine);
      const [victim, ...others] = stopped(found);
      const told = `${at} ${step}: ${victim?.verdict} ${victim?.reason}`;
      expect([...machine.changed], told).to.deep.equal([]);
      // The words after the last scenario are nobody's.
      if (!victim) continue;
      deaths += 1;
      expect(others, told).to.deep.equal([]);
      expect(['fail', 'error'], told).to.include(victim.verdict);
      expect(
        verdicts(found).filter((verdict) => verdict !== 'pass'),
        told,
      ).to.have.length(1);
    }
  }
  expect(deaths).to.be.greaterThan(2);
}
