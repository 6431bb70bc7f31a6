import fc from 'fast-check';
import type { Ask, Rig } from '../../../adapters/contract';
import type { Stack, Story } from './story';

/** Where a history begins. The generator varies it, so that deep situations need no long history. */
export interface Opening {
  readonly stage: Stage;
  /** The first application has a handle on adapter "A". */
  readonly handle: boolean;
  /** Miniport and protocol keep what they get. */
  readonly keeping: boolean;
  /** Adapter "B" runs too. */
  readonly two: boolean;
  /** What is under way. Needs a running module and a handle. */
  readonly underWay: UnderWay;
}

type Stage = 'running' | 'attached' | 'paused' | 'restarting' | 'plugged' | 'plugged first';
type UnderWay = 'nothing' | keyof typeof UNDER_WAY;

interface Beginning {
  readonly sentence: string;
  readonly stack: Stack;
  /** From a loaded driver with adapter "A" plugged in. */
  readonly bring: (rig: Rig, story: Story) => Promise<unknown>;
}

const attach = (rig: Rig): Promise<unknown> => rig.attach('A');
const restart = (rig: Rig): Promise<unknown> => attach(rig).then(() => rig.restart('A'));

const STAGES: Readonly<Record<Stage, Beginning>> = {
  running: { sentence: 'Given a running filter module', stack: 'running', bring: restart },
  attached: { sentence: 'Given a newly attached filter module', stack: 'attached', bring: attach },
  paused: {
    sentence: 'Given a paused filter module',
    stack: 'paused',
    bring: (rig) => restart(rig).then(() => rig.pause('A')),
  },
  restarting: {
    sentence: 'Given a restarting filter module',
    stack: 'running',
    bring: async (rig, story) => {
      await rig.attach('A');
      story.stopped = true;
      await rig.stopBefore({ point: '*', inside: 'FilterRestart' });
      await rig.restart('A');
    },
  },
  plugged: {
    sentence: 'Given adapter "A" is plugged in',
    stack: 'detached',
    bring: () => Promise.resolve(),
  },
  'plugged first': {
    sentence: 'When adapter "A" is plugged in while the filter driver is loaded',
    stack: 'attached',
    bring: () => Promise.resolve(),
  },
};

interface Preparation {
  readonly sentences: readonly string[];
  readonly needs?: Ask;
  readonly prepare: (rig: Rig, story: Story) => Promise<unknown>;
}

const stopInside = async (rig: Rig, story: Story, inside: string): Promise<void> => {
  story.stopped = true;
  await rig.stopBefore({ point: 'NdisFSendNetBufferLists', inside });
};

const pauseAtTheDoor = async (rig: Rig, story: Story): Promise<void> => {
  story.stopped = true;
  story.stacks['A'] = 'paused';
  await rig.stopBefore({ point: '->FilterPause' });
  await rig.pause('A');
};

const UNDER_WAY = {
  'pause at the door': {
    sentences: ['Given the driver will stop before FilterPause is entered', 'When NDIS pauses the filter module'],
    prepare: pauseAtTheDoor,
  },
  'pause at the door of a queue': {
    sentences: [
      'Given the application asked the filter to hold sends',
      'Given the driver will stop before FilterPause is entered',
      'When NDIS pauses the filter module',
    ],
    needs: 'holdSends',
    prepare: async (rig, story) => {
      await rig.ask('first', 'holdSends', 1);
      await pauseAtTheDoor(rig, story);
    },
  },
  'work item in the queue': {
    sentences: [
      'Given the driver will stop before NdisIoWorkItemFunction is entered',
      'Given the application asked the filter to send a frame from a work item',
    ],
    needs: 'sendByWorkItem',
    prepare: async (rig, story) => {
      story.stopped = true;
      await rig.stopBefore({ point: '->NdisIoWorkItemFunction' });
      await rig.ask('first', 'sendByWorkItem', 1);
    },
  },
  'timer that is due': {
    sentences: [
      'Given the application asked the filter to send a frame from a timer',
      'Given the driver will stop before NdisTimerFunction is entered',
      'When 60 seconds pass',
    ],
    needs: 'sendByTimer',
    prepare: async (rig, story) => {
      await rig.ask('first', 'sendByTimer', 1);
      story.stopped = true;
      await rig.stopBefore({ point: '->NdisTimerFunction' });
      await rig.letTimePass(60_000);
    },
  },
  write: {
    sentences: ['Given a write of the application has stopped before NdisFSendNetBufferLists'],
    needs: 'send',
    prepare: async (rig, story) => {
      await stopInside(rig, story, 'IRP_MJ_WRITE');
      await rig.ask('first', 'send', 1);
    },
  },
  'work item': {
    sentences: ['Given a work item of the driver has stopped before NdisFSendNetBufferLists'],
    needs: 'sendByWorkItem',
    prepare: async (rig, story) => {
      await stopInside(rig, story, 'NdisIoWorkItemFunction');
      await rig.ask('first', 'sendByWorkItem', 1);
    },
  },
  timer: {
    sentences: ['Given the application asked the filter to send a frame from a timer'],
    needs: 'sendByTimer',
    prepare: (rig) => rig.ask('first', 'sendByTimer', 1),
  },
  'held sends': {
    sentences: ['Given the filter holds 2 sends from above with cancel id "c"'],
    needs: 'holdSends',
    prepare: async (rig) => {
      await rig.ask('first', 'holdSends', 1);
      await rig.sendFromAbove('A', { count: 2, cancelId: 'c' });
    },
  },
  'held receives': {
    sentences: ['Given the filter holds 2 receives from below'],
    needs: 'holdReceives',
    prepare: async (rig) => {
      await rig.ask('first', 'holdReceives', 1);
      await rig.receiveFromBelow('A', { count: 2 });
    },
  },
} satisfies Readonly<Record<string, Preparation>>;

const weighted = <T>(...choices: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

/** Shrinks towards a running module with nothing around it. */
export const arbitraryOpening: fc.Arbitrary<Opening> = fc.record({
  stage: weighted<Stage>(
    [8, 'running'],
    [1, 'attached'],
    [1, 'paused'],
    [1, 'restarting'],
    [1, 'plugged'],
    [1, 'plugged first'],
  ),
  handle: weighted([1, false], [4, true]),
  keeping: fc.boolean(),
  two: weighted([4, false], [1, true]),
  underWay: weighted<UnderWay>(
    [8, 'nothing'],
    [1, 'pause at the door'],
    [1, 'pause at the door of a queue'],
    [1, 'work item in the queue'],
    [1, 'timer that is due'],
    [1, 'write'],
    [1, 'work item'],
    [1, 'timer'],
    [1, 'held sends'],
    [1, 'held receives'],
  ),
});

/**
 * Brings rig and story to where the history begins.
 * @param told takes the sentences
 * @param judge throws when the driver breaks something on the way
 */
export async function open(
  rig: Rig,
  story: Story,
  opening: Opening,
  told: string[],
  judge: () => Promise<void>,
): Promise<void> {
  const stage = STAGES[opening.stage];
  told.push(stage.sentence);
  if (opening.stage === 'plugged first') await rig.addAdapter('A');
  await rig.load();
  if (opening.stage !== 'plugged first') await rig.addAdapter('A');
  story.stacks['A'] = stage.stack;
  await stage.bring(rig, story);
  await judge();
  if (opening.two) {
    told.push('Given a running filter module of adapter "B"');
    await rig.addAdapter('B');
    await rig.attach('B');
    await rig.restart('B');
    story.stacks['B'] = 'running';
  }
  if (opening.handle && story.profile.device) {
    told.push('Given application "first" has a handle on the filter');
    await rig.openHandle('first', 'A');
    story.handles['first'] = 'A';
    await prepare(rig, story, opening, told);
  }
  if (opening.keeping) {
    told.push('Given the miniport keeps the sends it gets', 'Given the protocol keeps the receives it gets');
    await rig.setNeighbours('A', { miniportSends: 'hold', protocolReceives: 'hold' });
  }
  await judge();
}

async function prepare(rig: Rig, story: Story, { stage, underWay }: Opening, told: string[]): Promise<void> {
  if (underWay === 'nothing' || stage !== 'running') return;
  const preparation: Preparation = UNDER_WAY[underWay];
  if (preparation.needs !== undefined && story.profile.requests[preparation.needs] === undefined) return;
  told.push(...preparation.sentences);
  await preparation.prepare(rig, story);
}
