import { expect } from 'chai';
import type { GiveBack, Rig } from '../../adapters/contract';
import { reference } from '../../adapters/simulator/drivers/reference';
import { randomFrom } from '../../src/kernel';
import { outcome, rigOf } from '../ndis/play';

const GIVE_BACK: readonly GiveBack[] = ['inside-the-call', 'later'];

/**
 * A stack of several modules and neighbours that changes all the time while data flows: modules come and go, protocols are
 * bound and unbound, the system sleeps. Neighbours give back what they get, so every operation must end.
 */
async function change(rig: Rig, seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  await rig.load();
  await rig.addAdapter('A', { layers: ['dut', 'neighbour', 'dut'], mandatory: random() < 0.3 });
  await rig.enableAdapter('A');
  await rig.openHandle('app', 'A');
  const acts: readonly (() => Promise<unknown>)[] = [
    () => rig.insertFilter('A', oneOf(['above', 'below']), oneOf(['dut', 'neighbour'])),
    () => rig.removeFilter('A', oneOf(['above', 'below']), oneOf(['dut', 'neighbour'])),
    () => rig.unbindProtocol('A'),
    () => rig.bindProtocol('A'),
    () => rig.suspend('A'),
    () => rig.resume('A'),
    () => rig.pause('A'),
    () => rig.restart('A'),
    () => rig.detach('A'),
    () => rig.enableAdapter('A'),
    () => rig.surpriseRemove('A'),
    () => rig.sendFromAbove('A', { count: 2, netBuffersEach: 2 }),
    () => rig.receiveFromBelow('A', { count: 2, lowResources: random() < 0.5 }),
    () => rig.ask('app', oneOf(['send', 'receive', 'receiveLowResources', 'oid', 'status', 'modifyData', 'bypass'])),
    () => rig.oidFromAbove('A', 'OID_GEN_CURRENT_PACKET_FILTER', 'set'),
    () => rig.failAllocations(1, oneOf(['memory', 'oid-clone', 'nbl'])),
    () =>
      rig.setNeighbours('A', {
        miniportSends: oneOf(GIVE_BACK),
        protocolReceives: oneOf(GIVE_BACK),
        miniportOids: oneOf(GIVE_BACK),
      }),
  ];
  const pending: string[] = [];
  for (let i = 0; i < 40; i += 1) {
    const operation = await oneOf(acts)();
    const isOperation = typeof operation === 'object' && operation !== null && !('items' in operation);
    if (isOperation) pending.push(await outcome(rig, operation as { id: number }));
  }
  await rig.failAllocations(0);
  for (const last of [await rig.disableAdapter('A'), await rig.closeHandle('app'), await rig.unload()]) {
    pending.push(await outcome(rig, last));
  }
  return pending;
}

describe('A stack that changes while data flows', () => {
  for (const schedule of ['run-to-block', 'random'] as const) {
    it(`brings every operation to its end and gives everything back, ${schedule}`, async () => {
      for (let seed = 1; seed <= 25; seed += 1) {
        const rig = await rigOf(reference, schedule, seed);
        const outcomes = await change(rig, seed);
        const place = `seed ${seed}`;
        expect(await rig.bugcheck(), place).to.equal(undefined);
        expect(outcomes, place).not.to.include('pending');
        const observations = (await rig.trace()).filter(({ ddi }) => ddi === 'Access' || ddi === 'Hang');
        expect(observations, place).to.deep.equal([]);
        const books = await rig.neighbours('A');
        expect([books.miniportSends, books.protocolReceives, books.miniportOids], place).to.deep.equal([[], [], []]);
        expect(new Set((await rig.modules()).map(({ state }) => state)), place).to.deep.equal(new Set(['Detached']));
      }
    });
  }
});
