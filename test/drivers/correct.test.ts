import { expect } from 'chai';
import { referenceProfile, ReferenceFilter, registeredDrivers, simulate } from '../../adapters/simulator/drivers';
import { brokenRules, play, running } from './play';
import { randomLife } from './random-life';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const LENGTH = 80;

describe('correct drivers', () => {
  for (const [name, { kind, driver }] of registeredDrivers) {
    if (kind !== 'reference' && kind !== 'correct') continue;
    for (const schedule of ['run-to-block', 'random'] as const) {
      it(`${name} breaks no rule in random lives, ${schedule}`, async () => {
        for (const seed of SEEDS) {
          const { violations, bugcheck, trace } = await play(driver, randomLife(seed, LENGTH), { seed, schedule });
          expect(
            violations.map(({ message }) => message),
            `seed ${seed}`,
          ).to.deep.equal([]);
          expect(bugcheck, `seed ${seed}`).to.equal(undefined);
          expect(
            trace.some(({ dir, ddi }) => dir === '<-' && ddi === 'FilterDriverUnload'),
            `seed ${seed} ends`,
          ).to.equal(true);
        }
      });
    }

    it(`${name} leads the same life twice from the same seed`, async () => {
      const options = { seed: 3, schedule: 'random' } as const;
      const first = await play(driver, randomLife(3, LENGTH), options);
      const second = await play(driver, randomLife(3, LENGTH), options);
      expect(second.trace).to.deep.equal(first.trace);
    });
  }

  it('the reference puts the packet filter back before it is detached', async () => {
    const oid = {
      irp: 'IRP_MJ_DEVICE_CONTROL',
      ioControlCode: 'IOCTL_LWF_OID',
      input: { oid: 'OID_GEN_CURRENT_PACKET_FILTER', type: 'set', value: 'promiscuous' },
    } as const;
    const requests = { ...referenceProfile.requests, oid };
    const { violations, trace } = await play(
      simulate('promiscuous', ReferenceFilter, { ...referenceProfile, requests }),
      async (rig) => {
        await running(rig, { miniportOids: 'later' });
        await rig.ask('app', 'oid');
        await rig.disableAdapter('A');
      },
    );
    expect(violations.map(({ message }) => message)).to.deep.equal([]);
    const story = trace
      .filter(({ dir, ddi }) => `${dir}${ddi}` === '=>NdisFOidRequest' || `${dir}${ddi}` === '->FilterDetach')
      .map(({ ddi }) => ddi);
    expect(story).to.deep.equal(['NdisFOidRequest', 'NdisFOidRequest', 'NdisFOidRequest', 'FilterDetach']);
  });

  it('the reference holds nothing for longer than its limit, however much comes after it', async () => {
    const { trace } = await play(simulate('holding', ReferenceFilter), async (rig) => {
      await running(rig);
      await rig.ask('app', 'holdSends');
      for (const _second of [1, 2, 3]) {
        await rig.sendFromAbove('A', { count: 1 });
        await rig.letTimePass(900);
      }
    });
    const passed = trace.filter(({ dir, ddi }) => dir === '=>' && ddi === 'NdisFSendNetBufferLists');
    expect(passed).to.have.lengthOf(1);
  });

  it('a defective driver does not survive the same lives', async () => {
    const hasty = registeredDrivers.get('gate-stays-open-after-a-pause-that-succeeds');
    if (!hasty) throw new Error('the kit has no such driver');
    const found = new Set<string>();
    for (const seed of SEEDS) {
      const { violations } = await play(hasty.driver, randomLife(seed, LENGTH), { seed, schedule: 'random' });
      for (const rule of brokenRules(violations)) found.add(rule);
    }
    expect([...found]).to.not.deep.equal([]);
  });
});
