import type { Ask, GiveBack, Rig } from '../../adapters/contract';
import { randomFrom } from '../../src/kernel';
import { ORIGINATED_AT_ONCE, type Script } from './play';

const ASKS: readonly Ask[] = [
  ...ORIGINATED_AT_ONCE,
  'sendByTimer',
  'statusByTimer',
  'sendByWorkItem',
  'oidByWorkItem',
  'holdSends',
  'releaseSends',
  'holdReceives',
  'releaseReceives',
  'modifyData',
  'bypass',
];

const STOPS = [
  'NdisFSendNetBufferLists',
  'NdisFSendNetBufferListsComplete',
  'NdisFIndicateReceiveNetBufferLists',
  'NdisFReturnNetBufferLists',
  'NdisFOidRequest',
  'NdisFSynchronousOidRequest',
  'NdisFIndicateStatus',
  'NdisAcquireSpinLock',
  'NdisReleaseSpinLock',
  'ExAcquireRundownProtection',
  'ExReleaseRundownProtection',
  'NdisFPauseComplete',
  '->FilterPause',
  '<-FilterPause',
  '<-FilterRestart',
  '->FilterDetach',
  '<-FilterAttach',
];

const GIVE_BACK: readonly GiveBack[] = ['hold', 'inside-the-call', 'later'];
const ADAPTERS = ['A', 'B'];

/** A long life with two adapters, in which everything happens that is legal, in an order that the seed decides. */
export function randomLife(seed: number, length: number): Script {
  const random = randomFrom(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const oneOf = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T;

  const stimuli: readonly (readonly [weight: number, stimulus: (rig: Rig, adapter: string) => Promise<unknown>])[] = [
    [20, (rig, adapter) => rig.ask(appOf(adapter), oneOf(ASKS), 1 + below(3))],
    [
      10,
      (rig, adapter) => rig.sendFromAbove(adapter, { count: 1 + below(3), ...(random() < 0.5 && { cancelId: 'c' }) }),
    ],
    [8, (rig, adapter) => rig.receiveFromBelow(adapter, { count: 1 + below(3), lowResources: random() < 0.4 })],
    [8, (rig, adapter) => rig.completeSends(adapter, random() < 0.5 ? {} : { count: 1, oneChain: false })],
    [8, (rig, adapter) => rig.returnReceives(adapter, random() < 0.5 ? {} : { count: 1, order: 'newest-first' })],
    [4, (rig, adapter) => rig.completeOids(adapter)],
    [3, (rig, adapter) => rig.cancelSends(adapter, 'c')],
    [4, (rig, adapter) => rig.oidFromAbove(adapter, 'OID_GEN_STATISTICS', oneOf(['query', 'set']))],
    [2, (rig, adapter) => rig.cancelOidFromAbove(adapter)],
    [3, (rig, adapter) => rig.statusFromBelow(adapter, 'NDIS_STATUS_LINK_STATE')],
    [
      5,
      (rig, adapter) =>
        rig.setNeighbours(adapter, {
          miniportSends: oneOf(GIVE_BACK),
          protocolReceives: oneOf(GIVE_BACK),
          miniportOids: oneOf(GIVE_BACK),
        }),
    ],
    [4, (rig, adapter) => rig.pause(adapter)],
    [2, (rig, adapter) => rig.restart(adapter)],
    [2, (rig, adapter) => rig.disableAdapter(adapter)],
    [1, (rig, adapter) => rig.enableAdapter(adapter)],
    [1, (rig, adapter) => rig.surpriseRemove(adapter)],
    [2, (rig, adapter) => rig.suspend(adapter)],
    [1, (rig, adapter) => rig.resume(adapter)],
    [1, (rig, adapter) => rig.insertFilter(adapter, oneOf(['above', 'below']), 'neighbour')],
    [1, (rig, adapter) => rig.removeFilter(adapter, oneOf(['above', 'below']), 'neighbour')],
    [2, (rig, adapter) => rig.netPnPEvent(adapter, 'NetEventQueryPower')],
    [2, (rig) => rig.failAllocations(1 + below(2))],
    [3, (rig) => rig.letTimePass(oneOf([50, 150, 3_000]))],
    [8, (rig) => rig.stopBefore({ point: oneOf(STOPS) })],
    [1, (rig, adapter) => reopen(rig, adapter)],
  ];
  const total = stimuli.reduce((sum, [weight]) => sum + weight, 0);

  const pick = (): ((rig: Rig, adapter: string) => Promise<unknown>) => {
    let left = random() * total;
    for (const [weight, stimulus] of stimuli) {
      left -= weight;
      if (left < 0) return stimulus;
    }
    throw new Error('weights do not add up');
  };

  return async (rig) => {
    await rig.load();
    for (const adapter of ADAPTERS) {
      await rig.addAdapter(adapter, { noPauseOnSuspend: adapter === 'B' });
      await rig.enableAdapter(adapter);
    }
    for (const adapter of ADAPTERS) await rig.openHandle(appOf(adapter), adapter);
    for (let done = 0; done < length; done += 1) {
      const adapter = oneOf(ADAPTERS);
      if (random() < 0.4) await rig.letGo();
      if (random() < 0.6) await bringToLife(rig, adapter);
      await pick()(rig, adapter);
    }
    await end(rig);
  };
}

function appOf(adapter: string): string {
  return `app on ${adapter}`;
}

async function reopen(rig: Rig, adapter: string): Promise<void> {
  await rig.closeHandle(appOf(adapter));
  await rig.openHandle(appOf(adapter), adapter);
}

/** Most of a life is spent Running, because most can go wrong there. */
async function bringToLife(rig: Rig, adapter: string): Promise<void> {
  const module = (await rig.modules()).filter((candidate) => candidate.adapter === adapter).at(-1);
  if (module?.state === 'Running') return;
  await rig.resume(adapter);
  await rig.enableAdapter(adapter);
  await rig.restart(adapter);
}

/** Everything that is held back is let go, time passes, and all is shut down. */
async function end(rig: Rig): Promise<void> {
  await rig.failAllocations(0);
  await drain(rig);
  for (const adapter of ADAPTERS) await rig.disableAdapter(adapter);
  await drain(rig);
  for (const adapter of ADAPTERS) await rig.closeHandle(appOf(adapter));
  await rig.unload();
  await drain(rig);
}

/** Stop points that nobody came to yet stop someone now, so once is not enough. */
async function drain(rig: Rig): Promise<void> {
  let stopped: readonly string[];
  do {
    await rig.letGo();
    for (const adapter of ADAPTERS) {
      await rig.setNeighbours(adapter, { miniportSends: 'later', protocolReceives: 'later', miniportOids: 'later' });
      await rig.completeSends(adapter);
      await rig.returnReceives(adapter);
      await rig.completeOids(adapter);
    }
    await rig.letTimePass(5_000);
    stopped = await rig.stopped();
  } while (stopped.length > 0);
}
