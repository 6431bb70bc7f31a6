/** Runs of the specification on a machine in this process: the way of `lwf run --target`, without ssh. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../adapters/harness/protocol';
import { startLab } from '../../../src/conformance/run-on-lab';
import { runOnLab } from '../../../src/conformance/run';
import type { RunOptions, RunResult } from '../../../src/conformance';
import { kitVersion } from '../../../src/conformance/kit-root';
import { FakeClock } from '../link/fake-clock';
import { TestMachine } from '../link/in-process';

const PROFILE = `profile: 1
driver: mine
service: mine
image: mine.sys
`;

export const TARGET = `target: target/1
name: lab-1
ssh: { host: lab-1.example }
agent: { folder: /opt/lwf, node: /usr/bin/node }
adapter: { name: Ethernet 2, kind: fnmp }
driver: { component: ms_mine, service: mine, profile: mine.yaml, probe: true }
`;

/** @returns a folder with a target file and what it names */
export function labFolder(target = TARGET): string {
  const folder = mkdtempSync(join(tmpdir(), 'lwf-lab-'));
  writeFileSync(join(folder, 'lab.yaml'), target);
  writeFileSync(join(folder, 'mine.yaml'), PROFILE);
  return folder;
}

/** A clock on which every break is over at once, and nothing that happens again and again ever does. */
export const HASTY: Clock = {
  every: () => () => undefined,
  after(_, work) {
    const soon = setImmediate(work);
    return () => clearImmediate(soon);
  },
};

export function testMachine(): TestMachine {
  const machine = new TestMachine(new FakeClock());
  machine.said = { version: kitVersion };
  return machine;
}

export interface LabRun {
  readonly run: RunResult;
  /** What people were told. */
  readonly told: readonly string[];
}

/** @param folder see `labFolder`; the results go below it */
export async function runLab(machine: TestMachine, folder: string, options: Partial<RunOptions> = {}): Promise<LabRun> {
  const told: string[] = [];
  const all: RunOptions = {
    target: join(folder, 'lab.yaml'),
    driver: 'reference',
    seed: 1,
    evidence: 'full',
    journalFolder: join(folder, 'reports'),
    onMachine: (words) => told.push(words),
    ...options,
  };
  const lab = await startLab(all, { channel: machine.open, clock: HASTY });
  return { run: await runOnLab(lab, all), told };
}
