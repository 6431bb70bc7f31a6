/** The stimuli that a random history is made of. Each is a sentence of the vocabulary and the rig call behind it. */
import type { AdapterName, AppName, Ask, NeighbourPolicy, Rig, Selection } from '../../../adapters/contract';
import type { Stack, Story } from './story';

export interface Stimulus {
  /** The sentence, with its keyword, as it stands in a scenario. */
  readonly sentence: string;
  /** May it happen now? */
  readonly legal: (story: Story) => boolean;
  readonly play: (rig: Rig, story: Story) => Promise<void>;
}

const on = (adapter: AdapterName): string => (adapter === 'A' ? '' : ` on adapter "${adapter}"`);
const isStack =
  (adapter: AdapterName, ...stacks: readonly Stack[]) =>
  (story: Story): boolean =>
    story.loaded && stacks.includes(story.stacks[adapter] ?? 'unplugged');

/** NDIS, PnP and the administrator. */
export function lifecycle(adapter: AdapterName): Stimulus[] {
  const to = (
    sentence: string,
    from: readonly Stack[],
    after: Stack,
    act: (rig: Rig) => Promise<unknown>,
  ): Stimulus => ({
    sentence,
    legal: isStack(adapter, ...from),
    play: async (rig, story) => {
      story.stacks[adapter] = after;
      await act(rig);
    },
  });
  const side = (where: 'above' | 'below'): Stimulus[] => [
    {
      sentence: `When a neighbour filter is inserted ${where} the filter module${on(adapter)}`,
      legal: (story) => isStack(adapter, 'running')(story) && story.neighbours[adapter]?.[where] === false,
      play: async (rig, story) => {
        (story.neighbours[adapter] as { above: boolean; below: boolean })[where] = true;
        await rig.insertFilter(adapter, where, 'neighbour');
      },
    },
    {
      sentence: `When the neighbour filter ${where} the filter module is removed${on(adapter)}`,
      legal: (story) => isStack(adapter, 'running')(story) && story.neighbours[adapter]?.[where] === true,
      play: async (rig, story) => {
        (story.neighbours[adapter] as { above: boolean; below: boolean })[where] = false;
        await rig.removeFilter(adapter, where, 'neighbour');
      },
    },
  ];
  return [
    {
      sentence: `Given adapter "${adapter}" is plugged in`,
      legal: isStack(adapter, 'unplugged'),
      play: async (rig, story) => {
        story.stacks[adapter] = 'detached';
        await rig.addAdapter(adapter);
      },
    },
    to(`When NDIS attaches the filter module${on(adapter)}`, ['detached'], 'attached', (rig) => rig.attach(adapter)),
    to(`When NDIS restarts the filter module${on(adapter)}`, ['attached', 'paused'], 'running', (rig) =>
      rig.restart(adapter),
    ),
    to(`When NDIS pauses the filter module${on(adapter)}`, ['running'], 'paused', (rig) => rig.pause(adapter)),
    to(`When NDIS detaches the filter module${on(adapter)}`, ['attached', 'paused'], 'detached', (rig) =>
      rig.detach(adapter),
    ),
    to(`When the user disables adapter "${adapter}"`, ['running'], 'detached', (rig) => rig.disableAdapter(adapter)),
    to(`When the user enables adapter "${adapter}"`, ['detached'], 'running', (rig) => rig.enableAdapter(adapter)),
    to(`When adapter "${adapter}" is surprise-removed`, ['running'], 'removed', (rig) => rig.surpriseRemove(adapter)),
    to(`When the system goes to sleep${on(adapter)}`, ['running'], 'asleep', (rig) => rig.suspend(adapter)),
    to(`When the system wakes up${on(adapter)}`, ['asleep'], 'running', (rig) => rig.resume(adapter)),
    ...side('above'),
    ...side('below'),
    {
      sentence: `When NDIS sends NetEventReconfigure${on(adapter)}`,
      legal: isStack(adapter, 'running', 'paused', 'attached'),
      play: async (rig) => void (await rig.netPnPEvent(adapter, 'NetEventReconfigure')),
    },
  ];
}

/** The driver as a whole. */
export function driverStimuli(): Stimulus[] {
  return [
    {
      sentence: 'When the filter driver is unloaded',
      legal: (story) => story.loaded,
      play: async (rig, story) => {
        story.loaded = false;
        await rig.unload();
      },
    },
  ];
}

// What originates and what holds stands first: those are what a pause has to deal with.
const ASKS: readonly (readonly [ask: Ask, count: number, sentence: (app: string) => string])[] = [
  ['send', 1, (app) => `${app} writes a frame to its handle`],
  ['send', 2, (app) => `${app} writes 2 frames to its handle`],
  ['sendChain', 3, (app) => `${app} writes 3 frames in one chain to its handle`],
  ['receive', 1, (app) => `${app} asks the filter to indicate 1 receive`],
  ['receive', 2, (app) => `${app} asks the filter to indicate 2 receives`],
  [
    'receiveLowResources',
    2,
    (app) => `${app} asks the filter to indicate 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES`,
  ],
  ['oid', 1, (app) => `${app} asks the filter to issue an OID request`],
  ['status', 1, (app) => `${app} asks the filter to indicate a status`],
  ['sendByTimer', 1, (app) => `${app} asks the filter to send a frame from a timer`],
  ['sendByWorkItem', 1, (app) => `${app} asks the filter to send a frame from a work item`],
  ['statusByTimer', 1, (app) => `${app} asks the filter to indicate a status from a timer`],
  ['oidByWorkItem', 1, (app) => `${app} asks the filter to issue an OID request from a work item`],
  ['synchronousOid', 1, (app) => `${app} asks the filter to issue a synchronous OID request`],
  ['holdSends', 1, (app) => `${app} asks the filter to hold sends`],
  ['releaseSends', 1, (app) => `${app} asks the filter to release the sends it holds`],
  ['holdReceives', 1, (app) => `${app} asks the filter to hold receives`],
  ['releaseReceives', 1, (app) => `${app} asks the filter to release the receives it holds`],
  ['modifyData', 1, (app) => `${app} asks the filter to modify the frames that pass`],
  ['bypass', 1, (app) => `${app} asks the filter to bypass the data path`],
];

/** What an application does with its handle, which may outlive every module. */
export function application(app: AppName): Stimulus[] {
  const name = `application "${app}"`;
  const hasHandle = (story: Story): boolean => story.loaded && story.handles[app] !== undefined;
  const opens = (adapter: AdapterName): Stimulus => ({
    sentence: `When ${name} opens a handle on the filter${on(adapter)}`,
    legal: (story) =>
      story.loaded &&
      story.handles[app] === undefined &&
      story.profile.device !== undefined &&
      story.stacks[adapter] !== 'unplugged',
    play: async (rig, story) => {
      story.handles[app] = adapter;
      await rig.openHandle(app, adapter);
    },
  });
  return [
    opens('A'),
    opens('B'),
    {
      sentence: `When ${name} closes its handle`,
      legal: hasHandle,
      play: async (rig, story) => {
        story.handles[app] = undefined;
        await rig.closeHandle(app);
      },
    },
    {
      sentence: `When ${name} cancels its requests`,
      legal: hasHandle,
      play: (rig) => rig.cancelRequests(app),
    },
    ...ASKS.map(([ask, count, sentence]): Stimulus => ({
      sentence: `When ${sentence(name)}`,
      legal: (story) => hasHandle(story) && story.profile.requests[ask] !== undefined,
      play: async (rig) => void (await rig.ask(app, ask, count)),
    })),
  ];
}

/** What neighbours do in general, and how they do it on one adapter. */
function around(adapter: AdapterName): {
  readonly policy: (sentence: string, set: NeighbourPolicy) => Stimulus;
  readonly act: (sentence: string, legal: (story: Story) => boolean, play: (rig: Rig) => Promise<unknown>) => Stimulus;
  readonly attached: (story: Story) => boolean;
} {
  const attached = isStack(adapter, 'attached', 'running', 'paused', 'asleep', 'removed');
  return {
    attached,
    policy: (sentence, set) => ({
      sentence: `Given ${sentence}${on(adapter)}`,
      legal: attached,
      play: (rig) => rig.setNeighbours(adapter, set),
    }),
    act: (sentence, legal, play) => ({
      sentence: `When ${sentence}${on(adapter)}`,
      legal,
      play: async (rig) => void (await play(rig)),
    }),
  };
}

const HAND_BACK: readonly (readonly [string, Selection])[] = [
  ['1 of them', { count: 1 }],
  ['all of them in one chain', { oneChain: true }],
  ['all of them one by one, newest first', { oneChain: false, order: 'newest-first' }],
];

/** Sends and receives of miniport and protocol: everything the documentation allows them. */
export function traffic(adapter: AdapterName): Stimulus[] {
  const { policy, act, attached } = around(adapter);
  const dataPath = isStack(adapter, 'attached', 'running', 'paused');
  return [
    policy('the miniport keeps the sends it gets', { miniportSends: 'hold' }),
    policy('the miniport completes sends inside the call', { miniportSends: 'inside-the-call' }),
    policy('the protocol keeps the receives it gets', { protocolReceives: 'hold' }),
    policy('the protocol returns receives inside the call', { protocolReceives: 'inside-the-call' }),
    act('the protocol sends a frame', dataPath, (rig) => rig.sendFromAbove(adapter, { count: 1 })),
    act('the protocol sends 3 frames', dataPath, (rig) => rig.sendFromAbove(adapter, { count: 3 })),
    act('the protocol sends 2 frames of 2 net buffers each', dataPath, (rig) =>
      rig.sendFromAbove(adapter, { count: 2, netBuffersEach: 2 }),
    ),
    act('the protocol sends 2 frames with cancel id "c"', dataPath, (rig) =>
      rig.sendFromAbove(adapter, { count: 2, cancelId: 'c' }),
    ),
    act('the protocol sends a frame at PASSIVE_LEVEL', dataPath, (rig) =>
      rig.sendFromAbove(adapter, { count: 1, passive: true }),
    ),
    act('the protocol cancels the sends with cancel id "c"', attached, (rig) => rig.cancelSends(adapter, 'c')),
    act('the miniport indicates a receive', dataPath, (rig) => rig.receiveFromBelow(adapter, { count: 1 })),
    act('the miniport indicates 3 receives', dataPath, (rig) => rig.receiveFromBelow(adapter, { count: 3 })),
    act('the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES', dataPath, (rig) =>
      rig.receiveFromBelow(adapter, { count: 2, lowResources: true }),
    ),
    ...HAND_BACK.map(([sentence, selection]) =>
      act(`the miniport completes ${sentence}`, attached, (rig) => rig.completeSends(adapter, selection)),
    ),
    ...HAND_BACK.map(([sentence, selection]) =>
      act(`the protocol returns ${sentence}`, attached, (rig) => rig.returnReceives(adapter, selection)),
    ),
  ];
}

/** OID requests and status indications of miniport and protocol. */
export function controlPath(adapter: AdapterName): Stimulus[] {
  const { policy, act, attached } = around(adapter);
  return [
    policy('the miniport keeps the OID requests it gets', { miniportOids: 'hold' }),
    policy('the miniport completes OID requests later', { miniportOids: 'later' }),
    act('the protocol queries OID_GEN_STATISTICS', attached, (rig) => rig.oidFromAbove(adapter, 'OID_GEN_STATISTICS')),
    act('the protocol sets OID_GEN_CURRENT_PACKET_FILTER', attached, (rig) =>
      rig.oidFromAbove(adapter, 'OID_GEN_CURRENT_PACKET_FILTER', 'set'),
    ),
    act('the protocol cancels its OID request', attached, (rig) => rig.cancelOidFromAbove(adapter)),
    act('the miniport completes the OID requests', attached, (rig) => rig.completeOids(adapter)),
    act('the miniport indicates NDIS_STATUS_LINK_STATE', attached, (rig) =>
      rig.statusFromBelow(adapter, 'NDIS_STATUS_LINK_STATE'),
    ),
  ];
}

const STOP_POINTS = [
  ['NdisFSendNetBufferLists', 'IRP_MJ_WRITE'],
  ['NdisFIndicateReceiveNetBufferLists', 'IRP_MJ_DEVICE_CONTROL'],
  ['NdisFSendNetBufferLists', 'NdisIoWorkItemFunction'],
] as const;

/** A stopped thread is in the way of much: it goes on often. */
export function goingOn(): Stimulus[] {
  return [
    {
      sentence: 'When the stopped thread goes on',
      legal: (story) => story.stopped,
      play: async (rig, story) => {
        story.stopped = false;
        await rig.letGo();
      },
    },
  ];
}

/** Order, time and memory. */
export function circumstances(): Stimulus[] {
  return [
    ...STOP_POINTS.map(([point, inside]): Stimulus => ({
      sentence: `Given the driver will stop before it calls ${point} inside ${inside}`,
      legal: (story) => story.loaded && !story.stopped,
      play: async (rig, story) => {
        story.stopped = true;
        await rig.stopBefore({ point, inside });
      },
    })),
    ...(['FilterRestart', 'FilterAttach'] as const).map((inside): Stimulus => ({
      sentence: `Given the driver will stop inside ${inside}`,
      legal: (story) => story.loaded && !story.stopped,
      play: async (rig, story) => {
        story.stopped = true;
        await rig.stopBefore({ point: '*', inside });
      },
    })),
    {
      sentence: 'Given the driver will stop before FilterPause returns',
      legal: (story) => story.loaded && !story.stopped,
      play: async (rig, story) => {
        story.stopped = true;
        await rig.stopBefore({ point: '<-FilterPause' });
      },
    },
    {
      sentence: 'When 60 seconds pass',
      // Nobody's thread stands still for a minute: a pause that takes too long would then be the scenario's doing.
      legal: (story) => !story.stopped,
      play: (rig) => rig.letTimePass(60_000),
    },
    {
      sentence: 'Given the next NBL allocation fails',
      legal: (story) => story.loaded,
      play: (rig) => rig.failAllocations(1, 'nbl'),
    },
    {
      sentence: 'Given the next OID clone allocation fails',
      legal: (story) => story.loaded,
      play: (rig) => rig.failAllocations(1, 'oid-clone'),
    },
    {
      sentence: 'Given the next pool allocation fails',
      legal: (story) => story.loaded,
      play: (rig) => rig.failAllocations(1, 'pool'),
    },
    {
      sentence: 'Given the next memory allocation fails',
      legal: (story) => story.loaded,
      play: (rig) => rig.failAllocations(1, 'memory'),
    },
  ];
}
