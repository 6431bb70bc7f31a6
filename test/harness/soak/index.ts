/**
 * `npm run test:soak`: random faults for LWF_SOAK_MINUTES (default 1), from LWF_SOAK_SEED (default 1) on; LWF_SOAK_PLAY plays one of them alone.
 * Prints what must never happen, with the command that plays it again, and ends with exit code 1 then.
 */
import { performance } from 'node:perf_hooks';
import { startSshd } from '../link/sshd';
import type { Came } from './play';
import { Soak, type Outcome } from './soak';

const { LWF_SOAK_MINUTES: minutes = '1', LWF_SOAK_SEED: seed = '1', LWF_SOAK_PLAY: only } = process.env;

interface Tally {
  plays: number;
  findings: number;
  readonly faults: Map<string, number>;
  readonly verdicts: Map<string, number>;
}

async function main(): Promise<void> {
  const sshd = await startSshd();
  if (!sshd) process.stdout.write('no play goes through ssh: no OpenSSH server starts here\n');
  const soak = await Soak.prepare(seed, sshd);
  const tally: Tally = { plays: 0, findings: 0, faults: new Map(), verdicts: new Map() };
  const start = performance.now();
  const isOver = (): boolean =>
    only === undefined ? performance.now() - start > Number(minutes) * 60_000 : tally.plays > 0;
  for (let number = Number(only ?? 1); !isOver(); number += 1) {
    const outcome = await soak.play(number);
    add(tally, outcome);
    if (outcome.broken.length > 0 || only !== undefined) tell(number, outcome);
    if (tally.plays % 1000 === 0) sumUp(tally, start);
  }
  sumUp(tally, start);
  sshd?.stop();
  process.exitCode = tally.findings > 0 ? 1 : 0;
}

function add(tally: Tally, { came, broken }: Outcome): void {
  tally.plays += 1;
  if (broken.length > 0) tally.findings += 1;
  for (const { name } of came?.happened ?? []) count(tally.faults, name);
  for (const { verdict } of came?.scenarios ?? []) count(tally.verdicts, verdict);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function tell(number: number, { subject, faults, calm, came, broken }: Outcome): void {
  const verdictOf = (play: Came | undefined, id: string): string => {
    const found = play?.scenarios.find((each) => each.id === id);
    return found ? `${found.verdict}${found.reason === undefined ? '' : ` (${found.reason})`}` : 'nothing';
  };
  const { driver, level, telling, unbound, isAsked, pausesForSleep, scenarios } = subject;
  const more = [...(isAsked ? ['others ask for OIDs'] : []), ...(pausesForSleep ? ['sleep pauses the stack'] : [])];
  const lines = [
    `play ${number} of seed ${seed}: ${driver}, ${level}, states are told ${telling}, ${[unbound ? 'bound to nothing' : 'bound to all', ...more].join(', ')}`,
    ...scenarios.map((id) => `  ${id}: ${verdictOf(came, id)}; undisturbed: ${verdictOf(calm, id)}`),
    ...faults.map((fault) => {
      const { name, moment, at, how } = fault;
      return `  ${name}: ${moment} ${at}, ${how}${came?.happened.includes(fault) === false ? ' (did not come about)' : ''}`;
    }),
    ...(only === undefined ? [] : (came?.told ?? []).map((words) => `  ${words}`)),
    ...broken.map((words) => `  BROKEN: ${words}`),
    `  again: LWF_SOAK_SEED=${seed} LWF_SOAK_PLAY=${number} npm run test:soak`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function sumUp({ plays, findings, faults, verdicts }: Tally, start: number): void {
  const list = (counts: Map<string, number>): string =>
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([name, times]) => `${times} ${name}`)
      .join(', ');
  const total = [...faults.values()].reduce((sum, times) => sum + times, 0);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(
    `${plays} plays, ${total} faults, ${findings} findings in ${seconds} s (seed ${seed})\n  verdicts: ${list(verdicts)}\n  faults: ${list(faults)}\n`,
  );
}

void main();
