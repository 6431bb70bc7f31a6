import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { createSimulator, type SimulatedDriver } from '../../adapters/simulator';
import {
  ReferenceFilter,
  referenceProfile,
  registeredDriver,
  replacedMethods,
  simulate,
  watchedReference,
} from '../../adapters/simulator/drivers';
import { openAdapter } from '../../src/conformance/adapters';
import { defectiveDrivers } from '../../src/conformance/matrix-rows';
import { Player } from '../../src/conformance/player';
import { ReferencePlays } from '../../src/conformance/reference-plays';
import type { Call } from '../../src/kernel';
import type { Wdk } from '../../src/ndis';

const FEATURES = ['features/pause/held-nbls.feature', 'features/oid', 'features/unload'];
const SEED = 1;

function replacedBy(Filter: typeof ReferenceFilter): ReadonlySet<PropertyKey> | undefined {
  return replacedMethods(simulate('a variant', Filter));
}

describe('scenarios in which a defect is the reference filter', () => {
  let player: Player;
  let plays: ReferencePlays;

  before(async () => {
    player = await Player.prepare({ paths: FEATURES, tags: 'not @exhibit' });
    plays = new ReferencePlays(player, SEED);
  });

  it('come to the same when they are played', async () => {
    let shared = 0;
    for (const driver of defectiveDrivers()) {
      const known = [...(await plays.sharedWith(driver))];
      shared += known.length;
      // Three of each, those at the ends and the one in the middle.
      const some = new Map([known[0], known[known.length >> 1], known.at(-1)].filter((each) => each !== undefined));
      const adapter = openAdapter({ driver });
      const played = await player.playAll({ adapter, seed: SEED, evidence: 'violations' }, some.keys());
      expect(isDeepStrictEqual(played, [...some.values()]), driver).to.equal(true);
    }
    expect(shared).to.be.greaterThan((player.ids.length * defectiveDrivers().length) / 3);
  });

  it('are none in which it breaks a rule', async () => {
    for (const driver of ['held-sends-stay-queued-over-a-pause', 'globals-are-freed-before-deregistering']) {
      const known = await plays.sharedWith(driver);
      const adapter = openAdapter({ driver });
      const played = await player.playAll({ adapter, seed: SEED, evidence: 'violations' });
      const broken = played.filter(({ violations }) => violations.length > 0);
      expect(broken.length).to.be.greaterThan(0);
      expect(broken.filter(({ id }) => known.has(id))).to.deep.equal([]);
    }
  });

  it('are none for a driver that the kit does not have', async () => {
    expect((await plays.sharedWith('nobody')).size).to.equal(0);
  });
});

describe('what a driver replaces in the reference filter', () => {
  it('is what its class and the classes between have another version of', () => {
    class First extends ReferenceFilter {
      override *refuseHeldSends(): Call<void> {}
    }
    class Second extends First {
      readonly remembered = new Map<string, string>();
      override mayHold(): boolean {
        return false;
      }
    }
    expect([...(replacedBy(Second) ?? [])]).to.have.members(['remembered', 'mayHold', 'refuseHeldSends']);
    expect(replacedMethods(simulate('the same', ReferenceFilter))).to.deep.equal(new Set());
  });

  it('is a method that a field stands in front of', () => {
    class Shadowed extends ReferenceFilter {
      constructor(wdk: Wdk) {
        super(wdk);
        Object.assign(this, { mayHold: () => false });
      }
    }
    expect(replacedBy(Shadowed)).to.deep.equal(new Set(['mayHold']));
  });

  it('is not known of a driver that differs in more', () => {
    class Early extends ReferenceFilter {
      readonly gate = this.wdk.ExInitializeRundownProtection();
    }
    class Otherwise extends ReferenceFilter {
      protected override globals = { lock: undefined as never, modules: [], driverHandle: null, deviceHandle: null };
    }
    class Spelled extends ReferenceFilter {
      override toString(): string {
        return 'a filter';
      }
    }
    for (const Filter of [Early, Otherwise, Spelled]) expect(replacedBy(Filter), Filter.name).to.equal(undefined);
    const asked = simulate('asked in another way', ReferenceFilter, { ...referenceProfile });
    const copy: SimulatedDriver = { ...simulate('a copy', ReferenceFilter) };
    const own: SimulatedDriver = { name: 'own', profile: referenceProfile, load: (wdk) => copy.load(wdk) };
    for (const driver of [asked, copy, own]) expect(replacedMethods(driver), driver.name).to.equal(undefined);
  });

  it('is known of every defect of the kit', () => {
    const unknown = defectiveDrivers().filter((name) => {
      const driver = registeredDriver(name)?.driver;
      return !driver || !replacedMethods(driver)?.size;
    });
    expect(unknown).to.deep.equal([]);
  });
});

describe('the watched reference filter', () => {
  it('tells of methods that are asked for, called or not', async () => {
    const asked = new Set<PropertyKey>();
    const adapter = createSimulator(watchedReference('watched', (method) => asked.add(method)));
    const rig = await adapter.open({ seed: SEED });
    await rig.addAdapter('A');
    await rig.load();
    expect([...asked]).to.include.members(['DriverEntry', 'characteristics', 'FilterAttach', 'createModule']);
    expect([...asked]).to.not.include.members(['FilterPause']);
    await rig.close();
  });
});
