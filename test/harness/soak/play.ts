/** One play of the soak: scenarios on a machine with which things go wrong, from the first connection to a machine that is as it was. */
import { mkdtempSync, readFileSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import { realClock, type NumberedObservation } from '../../../adapters/harness/protocol';
import type { RunOptions, ScenarioResult } from '../../../src/conformance';
import { CannotJudge } from '../../../src/conformance/cannot-judge';
import { runOnLab } from '../../../src/conformance/run';
import { startLab } from '../../../src/conformance/run-on-lab';
import { profileTextOf } from '../fake/driver-profile';
import { shipped } from '../fake/target';
import { SERVICE } from '../fake/network';
import { FakeWindows } from '../fake/windows';
import type { Level } from '../fake/plays';
import type { Telling } from '../fake/states';
import { fakeLab } from '../run/fake-windows';
import { labFolder } from '../run/lab';
import { arm, type Fault, type Planned } from './faults';
import { SoakLab } from './lab';
import type { Moments } from './moments';
import { VirtualTime } from './time';

export interface Subject {
  readonly driver: string;
  readonly level: Level;
  readonly telling: Telling;
  /** The driver is bound to no adapter when the machine is found. */
  readonly unbound: boolean;
  /** Somebody else asks adapters for their statistics. */
  readonly isAsked: boolean;
  /** NDIS pauses the stack before the machine sleeps. */
  readonly pausesForSleep: boolean;
  readonly scenarios: readonly string[];
}

export interface Came {
  readonly scenarios: readonly ScenarioResult[];
  readonly counts: Moments['counts'];
  /** What a user was told, and when. */
  readonly told: readonly string[];
  /** Faults that came about, in their order. */
  readonly happened: readonly Planned[];
  /** In words: what must never happen, and did. */
  readonly broken: readonly string[];
}

/** A line of 56 kbit/s carries what a driver in a white box has to tell of it. */
const ASKED_EVERY_MS = 500;
/** As often as whoever leads a run takes it up again: a driver may stop a machine in each scenario that needs longer for its start than anybody waits. */
const MOST_RUNS = 40;
/** Attempts to begin after which a machine is turned off and on. */
const IN_VAIN = 3;

/** @returns the machine that the play is on */
export function machineOf({ driver, level, telling, unbound, isAsked, pausesForSleep }: Subject): FakeWindows {
  const sleep = pausesForSleep ? { sleep: 'with a pause' as const } : {};
  return new FakeWindows({
    ...{ driver: shipped(driver), probe: level === 'white box', telling, unbound },
    ...(isAsked && { askedEvery: ASKED_EVERY_MS }),
    ...sleep,
  });
}

/** @throws Hangs, and whatever must not be thrown */
export async function play(subject: Subject, faults: readonly Fault[] = []): Promise<Came> {
  const { driver, level } = subject;
  const probe = level === 'white box';
  const folder = labFolder(fakeLab(probe));
  writeFileSync(join(folder, 'mine.yaml'), profileTextOf(shipped(driver)) ?? plainProfile(driver));
  const agentFolder = mkdtempSync(join(folder, 'agent-'));
  const windows = machineOf(subject);
  const lab = new SoakLab(windows, agentFolder);
  const happened: Fault[] = [];
  const broken = lab.faults;
  try {
    return await lab.time.run(async () => {
      // Its services have come to their start.
      await later(lab);
      const before = portrait(windows);
      const run = new Run(lab, folder, subject);
      arm(faults, lab, run, (fault) => happened.push(fault));
      const scenarios = await run.toTheEnd();
      lab.moments.stop();
      const { counts } = lab.moments;
      broken.push(...run.broken, ...lostOrDoubled(lab, folder));
      broken.push(...(await leftChanged(lab, folder, before)));
      return { scenarios, counts, happened, told: lab.told, broken };
    });
  } catch (failure) {
    throw new Error(`${failure instanceof Error ? failure.message : String(failure)}; ${lab.told.join('; ')}`, {
      cause: failure,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of a driver that nobody can ask for anything. */
function plainProfile(driver: string): string {
  return `profile: 1\ndriver: ${driver}\nservice: ${SERVICE}\n`;
}

class Run {
  readonly broken: string[] = [];
  private readonly judged = new Map<string, string>();
  private runs = 0;
  private inVain = 0;
  private interrupting = new AbortController();
  private killed: () => void = () => undefined;

  constructor(
    private readonly lab: SoakLab,
    private readonly folder: string,
    private readonly subject: Subject,
  ) {}

  kill(): void {
    this.killed();
  }

  interrupt(): void {
    this.interrupting.abort();
  }

  /** Plays all scenarios, taken up again where that takes it. */
  async toTheEnd(): Promise<readonly ScenarioResult[]> {
    let resume = false;
    for (let runs = 0; runs < MOST_RUNS; runs += 1) {
      const found = await this.once(resume);
      resume = isCutShort(join(this.folder, 'reports'));
      if (!found) continue;
      this.compare(found.scenarios);
      if (!found.missing) return found.scenarios;
    }
    throw new Error(
      `after ${MOST_RUNS} runs there are still scenarios that were not played: ${this.lab.told.slice(-3).join('; ')}`,
    );
  }

  /** @returns undefined when the controller was killed, or could not begin */
  private async once(resume: boolean): Promise<{ scenarios: readonly ScenarioResult[]; missing: boolean } | undefined> {
    const { lab, folder, subject } = this;
    this.interrupting = new AbortController();
    const options: RunOptions = {
      ...{ target: join(folder, 'lab.yaml'), driver: 'reference', seed: 1, evidence: 'violations', resume },
      ...{ journalFolder: join(folder, 'reports'), paths: [...subject.scenarios], signal: this.interrupting.signal },
      onStart: () => lab.moments.happens('scenario'),
      onMachine: (words) => this.tell(words),
      onScenario: ({ id, verdict }) => void this.judged.set(id, verdict),
    };
    const controller = `controller ${(this.runs += 1)}`;
    const killed = new Promise<undefined>((resolve) => {
      this.killed = () => {
        lab.killController(controller);
        resolve(undefined);
      };
    });
    const ended = VirtualTime.ownedBy(controller, async () => {
      const opened = await startLab(options, { channel: lab.open, clock: realClock });
      const { scenarios, missing } = await runOnLab(opened, options);
      return { scenarios, missing: (missing?.length ?? 0) > 0 };
    });
    try {
      return await Promise.race([ended, killed]);
    } catch (failure) {
      if (!(failure instanceof CannotJudge)) throw failure;
      this.tell(failure.message);
      // Whoever is told that the machine is in use, or away, tries again later; at last somebody turns it off and on.
      this.inVain += 1;
      if (this.inVain % IN_VAIN === 0) lab.turnOffAndOn();
      await later(lab);
      return undefined;
    } finally {
      await turn();
    }
  }

  private tell(words: string): void {
    this.lab.told.push(`${(this.lab.time.now / 1000).toFixed(1)} s: ${words}`);
  }

  /** What was judged once stays, but for a machine that stops on the way out. */
  private compare(scenarios: readonly ScenarioResult[]): void {
    const found = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
    for (const [id, verdict] of this.judged) {
      const now = found.get(id);
      const isAmended = /^(?:After it, |the system stopped after it)/.test(now?.reason ?? '');
      if (now?.verdict !== verdict && !isAmended)
        this.broken.push(`${id} was judged ${verdict}, and is ${now?.verdict ?? 'not in the results'}`);
    }
  }
}

/** @returns whether a run that has its journal in that folder is there to be taken up again */
export function isCutShort(folder: string): boolean {
  return existsSync(join(folder, '.lwf-run.ndjson'));
}

/** What an administrator finds on a machine. */
export function portrait(windows: FakeWindows): string {
  const adapters = [...windows.network.adapters.values()].map(({ name, isEnabled, bindings }) => ({
    ...{ name, isEnabled, state: windows.stack(name).miniport.state },
    bindings: [...bindings].sort(),
  }));
  return JSON.stringify({
    ...{
      adapters,
      isRunning: windows.network.isRunning,
      isInstalled: windows.network.isInstalled,
      verifier: windows.verifier,
    },
    session: windows.etw.session?.name ?? 'none',
    held: [...windows.network.adapters.keys()].map((name) => windows.miniport(name).holdsAnything),
  });
}

/** A last agent takes back what is left; where the driver keeps Windows from it, after another start, and as often as it stops the machine. */
async function leftChanged(lab: SoakLab, folder: string, before: string): Promise<string[]> {
  lab.slowness = undefined;
  lab.disk.full = false;
  const { windows } = lab;
  lab.thawAll();
  await later(lab);
  if (!windows.isDown && portrait(windows) === before) return [];
  for (let tries = 0; tries < 2 || (windows.isDown && tries < MOST_RUNS); tries += 1) {
    if (windows.isDown || tries > 0) lab.turnOffAndOn();
    try {
      await nextRun(lab, join(folder, `after-${tries}`), join(folder, 'lab.yaml'));
    } catch (failure) {
      // A driver may keep Windows from all that it is asked, until it is started anew.
      if (!(failure instanceof CannotJudge) || (tries > 0 && !windows.isDown)) throw failure;
    }
    await later(lab);
    if (portrait(windows) === before) return [];
  }
  return [difference(before, portrait(windows))];
}

/** @returns in words what is not as it was */
export function difference(before: string, after: string): string {
  const [found, now] = [before, after].map((text) => text.split(/(?<=,)(?=")|(?<=[\]}],)/));
  const changes = now?.flatMap((part, index) =>
    part === found?.[index] ? [] : [`${part} instead of ${found?.[index]}`],
  );
  return `the machine is not as it was found: ${changes?.join('; ')}`;
}

/** Of somebody else, who plays nothing. @throws CannotJudge when the machine is not to be had */
async function nextRun(lab: SoakLab, journalFolder: string, target: string): Promise<void> {
  const options = {
    target,
    driver: 'reference',
    seed: 1,
    evidence: 'violations',
    journalFolder,
    takeover: true,
  } as const;
  const opened = await startLab(options, { channel: lab.open, clock: realClock });
  await opened.end();
}

function later(lab: SoakLab): Promise<void> {
  return new Promise((resolve) => lab.time.after(20_000, resolve));
}

/** Everything that was told was seen, once, and what is missing in between is known to be. */
function lostOrDoubled(lab: SoakLab, folder: string): string[] {
  const broken: string[] = [];
  const last = new Map<string, number>();
  const run = runIn(folder);
  for (const event of run === undefined ? [] : told(folder, run)) {
    const { boot, seq } = event;
    const seen = lab.seen.get(`${run} ${boot}`)?.get(seq);
    if (JSON.stringify(seen) !== JSON.stringify(event))
      broken.push(`observation ${seq} of boot ${boot} was told, and not seen`);
    if (seq <= (last.get(boot) ?? 0)) broken.push(`observation ${seq} of boot ${boot} was told again`);
    last.set(boot, seq);
  }
  return broken;
}

function runIn(folder: string): string | undefined {
  const path = join(folder, 'reports', '.lwf-machine-run');
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function told(folder: string, run: string): NumberedObservation[] {
  const path = join(folder, 'reports', 'machine', run, 'observations.ndjson');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as NumberedObservation);
}
