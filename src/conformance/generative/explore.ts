/** Random legal life histories: fast-check makes them, the judges watch, and what breaks a rule is shrunk to a scenario. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Adapter, DriverProfile, Rig } from '../../../adapters/contract';
import { createJudges, type Judges, type Violation } from '../../rules';
import type { Crossing } from '../../trace';
import { CannotJudge } from '../cannot-judge';
import { Limits } from './limits';
import { arbitraryOpening, open, type Opening } from './opening';
import { application, circumstances, controlPath, driverStimuli, goingOn, lifecycle, traffic } from './stimuli';
import type { Stimulus } from './stimuli';
import { ADAPTER_NAMES, APP_NAMES, copyOf, newStory, type Stage, type Story } from './story';

export interface ExploreOptions {
  readonly adapter: Adapter;
  readonly seed: number;
  /** How many histories. */
  readonly runs: number;
  /** Longest history. Default 30 stimuli. */
  readonly length?: number;
  /** Only violations of these rules count (a bugcheck too, when empty). Default: any rule of the default reading. */
  readonly rules?: readonly string[];
  /** From an earlier find: plays that one history again. */
  readonly replay?: Replay;
}

/** Names one history of one property: the same on every machine. */
export interface Replay {
  readonly seed: number;
  readonly path: string;
  readonly commands: string;
}

export interface Find {
  readonly violations: readonly Violation[];
  readonly bugcheck?: string;
  /** The shortest history found, as the sentences of a scenario. */
  readonly sentences: readonly string[];
  readonly replay: Replay;
  /** Histories played until it was found. */
  readonly after: number;
}

export interface Exploration {
  readonly histories: number;
  /** A module of the driver was attached in one of them at least: without that there was nothing to break. */
  readonly attached: boolean;
  /** What the adapter cannot do, and the histories left out. */
  readonly limits: Limits;
  readonly find?: Find;
}

/** Thrown inside the property when a history breaks a rule. */
class Broken extends Error {
  constructor(
    readonly violations: readonly Violation[],
    readonly bugcheck: string | undefined,
    readonly sentences: readonly string[],
  ) {
    super(violations[0]?.message ?? bugcheck ?? 'broken');
  }
}

/** Thrown inside the property when the system stopped and the rules that count were not broken: nothing can follow. */
class Ended extends Error {}

/**
 * Plays random histories on an adapter until one breaks a rule, and shrinks that one.
 * @param options what to play on, how long, with which seed
 * @returns how many histories were played, and the find, if there is one
 * @throws CannotJudge when the adapter fails; and whatever else the rig throws: a failure of the kit, not of the driver
 */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const profile = await options.adapter.profile();
  const limits = new Limits();
  let histories = 0;
  let attached = false;
  const seen = (crossing: Crossing): void => {
    attached ||= crossing.neighbour === undefined && crossing.ddi === 'FilterAttach' && succeeds(crossing);
  };
  let end: CannotJudge | undefined;
  const property = fc.asyncProperty(
    arbitraryOpening,
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(0xffff) }),
    fc.commands(arbitraryStimuli(profile), {
      maxCommands: options.length ?? 30,
      size: 'max',
      ...(options.replay && { replayPath: options.replay.commands }),
    }),
    async (opening, schedule, history) => {
      // Nothing is to be learned from a shorter history when the adapter itself failed.
      if (end) return;
      histories += 1;
      // Between two histories the process is heard: whoever presses Ctrl-C is.
      await setImmediate();
      const play = { ...options, profile, seen, limits };
      await playHistory(play, opening, schedule, history).catch((failure: unknown) => {
        if (failure instanceof CannotJudge) end = failure;
        throw failure;
      });
    },
  );
  const details = await fc.check(property, {
    numRuns: options.runs,
    seed: options.replay?.seed ?? options.seed,
    ...(options.replay && { path: options.replay.path }),
    includeErrorInReport: false,
  });
  if (end) throw end;
  if (!details.failed) return { histories, attached, limits };
  const failure: unknown = details.errorInstance;
  if (!(failure instanceof Broken)) throw failure;
  return {
    histories,
    attached,
    limits,
    find: {
      violations: failure.violations,
      ...(failure.bugcheck !== undefined && { bugcheck: failure.bugcheck }),
      sentences: failure.sentences,
      replay: {
        seed: details.seed,
        path: details.counterexamplePath ?? '',
        commands: /replayPath="([^"]*)"/.exec(fc.stringify(details.counterexample?.[2]))?.[1] ?? '',
      },
      after: details.numRuns,
    },
  };
}

/**
 * A find as a scenario that can be pasted into a feature.
 * @param title name of the scenario
 */
export function findAsScenario(find: Find, title: string): string {
  let before = '';
  const lines = find.sentences.map((sentence) => {
    const [keyword = '', ...words] = sentence.split(' ');
    const shown = keyword === before ? 'And' : keyword;
    before = keyword;
    return `    ${shown} ${words.join(' ')}`;
  });
  const broken = [...new Set(find.violations.map((violation) => violation.rule))];
  const thens = broken.map((rule, index) => `    ${index === 0 ? 'Then' : 'And'} rule ${rule} is broken`);
  if (find.bugcheck !== undefined) {
    const name = find.bugcheck.split(' ')[0] ?? find.bugcheck;
    thens.push(`    ${thens.length === 0 ? 'Then' : 'And'} the system stops with ${name}`);
  }
  return [`  Scenario: ${title}`, ...lines, ...thens].join('\n');
}

function succeeds({ dir, status }: Crossing): boolean {
  return dir === '<-' && status === 'NDIS_STATUS_SUCCESS';
}

class StimulusCommand implements fc.AsyncCommand<Story, Stage> {
  constructor(private readonly stimulus: Stimulus) {}

  check(story: Readonly<Story>): boolean {
    return this.stimulus.legal(story);
  }

  async run(story: Story, stage: Stage): Promise<void> {
    const before = copyOf(story);
    stage.told.push(this.stimulus.sentence);
    if (await stage.limits.allow(() => this.stimulus.play(stage.rig, story))) return stage.judge();
    Object.assign(story, before);
    stage.told.pop();
  }

  toString(): string {
    return this.stimulus.sentence;
  }
}

/**
 * fc.commands picks evenly among its arbitraries, so what must meet often (adapter "A", the first application and the
 * neighbours) stands in more often than the rest.
 */
function arbitraryStimuli(profile: DriverProfile): fc.Arbitrary<StimulusCommand>[] {
  const from = (weight: number, stimuli: readonly Stimulus[]): fc.Arbitrary<StimulusCommand>[] =>
    Array.from({ length: stimuli.length === 0 ? 0 : weight }, () =>
      fc.constantFrom(...stimuli.map((stimulus) => new StimulusCommand(stimulus))),
    );
  const [first, second] = APP_NAMES.map((app) => (profile.device ? application(app) : []));
  return [
    ...from(6, first ?? []),
    ...from(1, second ?? []),
    ...from(5, traffic('A')),
    ...from(3, controlPath('A')),
    ...from(1, [...traffic('B'), ...controlPath('B')]),
    ...from(4, lifecycle('A')),
    ...from(1, lifecycle('B')),
    ...from(2, circumstances()),
    ...from(2, goingOn()),
    ...from(1, driverStimuli()),
  ];
}

interface Play extends ExploreOptions {
  readonly profile: DriverProfile;
  readonly seen: (crossing: Crossing) => void;
  readonly limits: Limits;
}

async function playHistory(
  options: Play,
  opening: Opening,
  schedule: number | undefined,
  history: Iterable<fc.AsyncCommand<Story, Stage>>,
): Promise<void> {
  const rig = await options.adapter.open(
    schedule === undefined ? { seed: options.seed } : { seed: schedule, schedule: 'random' },
  );
  try {
    const told: string[] = [];
    const judge = watcher(rig, told, options);
    const story = newStory(options.profile);
    const { limits } = options;
    if (!(await limits.allow(() => open(rig, story, opening, told, judge)))) return;
    const stage: Stage = { rig, told, judge, limits };
    await fc.asyncModelRun(() => ({ model: story, real: stage }), history as never);
    await conclude(stage, story);
  } catch (failure) {
    if (!(failure instanceof Ended)) throw failure;
  } finally {
    await rig.close();
  }
}

/** Gives everything back, takes everything down: what the driver still owes then, it owes for good. */
async function conclude(stage: Stage, story: Story): Promise<void> {
  const { rig, told, limits } = stage;
  const tell = async (sentence: string, act: () => Promise<unknown>): Promise<void> => {
    told.push(sentence);
    if (await limits.allow(act)) await stage.judge();
    else told.pop();
  };
  if (story.stopped) await tell('When the stopped thread goes on', () => rig.letGo());
  for (const adapter of ADAPTER_NAMES) {
    if (story.stacks[adapter] === 'unplugged') continue;
    const at = adapter === 'A' ? '' : ` on adapter "${adapter}"`;
    const books = await rig.neighbours(adapter);
    const policy = { miniportSends: 'later', protocolReceives: 'later', miniportOids: 'later' } as const;
    await limits.allow(() => rig.setNeighbours(adapter, policy));
    if (books.miniportSends.length > 0) {
      await tell(`When the miniport completes all of them${at}`, () => rig.completeSends(adapter));
    }
    if (books.protocolReceives.length > 0) {
      await tell(`When the protocol returns all of them${at}`, () => rig.returnReceives(adapter));
    }
    if (books.miniportOids.length > 0) {
      await tell(`When the miniport completes the OID requests${at}`, () => rig.completeOids(adapter));
    }
  }
  await tell('When 60 seconds pass', () => rig.letTimePass(60_000));
  if (story.loaded) await tell('When the filter driver is unloaded', () => rig.unload());
}

/** Feeds the judges with what is new in the trace and throws when a rule that counts is broken. */
function watcher(rig: Rig, told: readonly string[], { rules: wanted = [], seen: tell }: Play): () => Promise<void> {
  const judges: Judges = createJudges();
  let seen = 0;
  let judged = 0;
  return async () => {
    for (const crossing of await rig.trace(seen)) {
      judges.see(crossing);
      tell(crossing);
      seen = crossing.seq;
    }
    const fresh = judges.violations.slice(judged).filter((violation) => violation.reading === 'default');
    judged = judges.violations.length;
    const counting = wanted.length === 0 ? fresh : fresh.filter((violation) => wanted.includes(violation.rule));
    const bugcheck = await rig.bugcheck();
    if (counting.length > 0 || (bugcheck !== undefined && wanted.length === 0)) {
      throw new Broken(counting, bugcheck, [...told]);
    }
    if (bugcheck !== undefined) throw new Ended();
  };
}
