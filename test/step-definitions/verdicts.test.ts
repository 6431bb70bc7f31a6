import { join } from 'node:path';
import { expect } from 'chai';
import type { Adapter, Capabilities, DriverProfile, Rig } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { registeredDriver } from '../../adapters/simulator/drivers';
import { Player, type PlayedScenario } from '../../src/conformance/player';

const FIXTURE = join(__dirname, 'fixtures', 'verdicts.feature');

/** An adapter that differs from the simulator in what is given. */
interface Twist {
  readonly driver?: string;
  readonly capabilities?: (all: Capabilities) => Capabilities;
  readonly profile?: (whole: DriverProfile) => DriverProfile;
  readonly rig?: (rig: Rig) => Rig;
}

function adapterWith(twist: Twist): Adapter {
  const driver = registeredDriver(twist.driver ?? 'reference')?.driver;
  if (!driver) throw new Error(`there is no driver ${twist.driver}`);
  const simulator = createSimulator(driver, (name) => registeredDriver(name)?.driver);
  return {
    name: simulator.name,
    driver: simulator.driver,
    exhibit: (name) => simulator.exhibit(name),
    async capabilities() {
      const all = await simulator.capabilities();
      return twist.capabilities?.(all) ?? all;
    },
    async profile() {
      const whole = await simulator.profile();
      return twist.profile?.(whole) ?? whole;
    },
    async open(options) {
      const rig = await simulator.open(options);
      return twist.rig?.(rig) ?? rig;
    },
  };
}

async function play(name: string, twist: Twist = {}): Promise<PlayedScenario> {
  const player = await Player.prepare({ paths: [FIXTURE], tags: '' });
  const played = await player.playAll({ adapter: adapterWith(twist), seed: 1, evidence: 'full' });
  const result = played.find((scenario) => scenario.name === name);
  if (!result) throw new Error(`the fixture has no scenario "${name}"`);
  return result;
}

/** A rig on which one call behaves differently. */
function rigWith(rig: Rig, change: Partial<Rig>): Rig {
  return new Proxy(rig, {
    get: (target, key, receiver) =>
      key in change ? change[key as keyof Rig] : bound(Reflect.get(target, key, receiver) as unknown, target),
  });
}

function bound(member: unknown, target: object): unknown {
  return typeof member === 'function' ? (member.bind(target) as unknown) : member;
}

describe('the verdict on a scenario', () => {
  it('is pass when everything holds, with the trace as evidence', async () => {
    const { verdict, reason, trace, exercised } = await play('kept');
    expect(verdict).to.equal('pass');
    expect(reason).to.equal(undefined);
    expect(trace.some(({ ddi }) => ddi === 'FilterPause')).to.be.true;
    expect(exercised['PAU-01']).to.be.greaterThan(0);
  });

  it('is fail when an expectation is not met, and says so without a stack', async () => {
    const { verdict, reason, steps } = await play('contradicted');
    expect(verdict).to.equal('fail');
    expect(reason).to.match(/^expected the filter module \S+ to be Running; found Paused$/);
    const message = steps.find(({ status }) => status === 'failed')?.message ?? '';
    expect(message).to.match(/Expected: .*\n\s*Found: {4}Paused/);
    expect(message).not.to.match(/\bat \S+\.ts/);
  });

  it('is fail when a rule is broken that the scenario does not speak of', async () => {
    const { verdict, reason, violations } = await play('broken on the way', {
      driver: 'pause-succeeds-and-is-completed-too',
    });
    expect(verdict).to.equal('fail');
    expect(reason).to.match(/^PAU-03 is broken: /);
    expect(violations.map(({ rule }) => rule)).to.include('PAU-03');
  });

  it('is not applicable when the driver cannot do what the tags ask for', async () => {
    const { verdict, reason, steps } = await play('about sends', {
      profile: (whole) => ({ ...whole, capabilities: [] }),
    });
    expect(verdict).to.equal('not applicable');
    expect(reason).to.include('an application can make the driver originate sends');
    expect(steps.every(({ status }) => status === 'skipped')).to.be.true;
  });

  it('is not observed when the adapter cannot do it', async () => {
    const impatient: Twist = {
      capabilities: (all) => ({ ...all, adapter: all.adapter.filter((each) => each !== 'holdCompletions') }),
    };
    expect((await play('about a patient miniport', impatient)).verdict).to.equal('not observed');
    const late = await play('about a patient miniport, found out on the way', impatient);
    expect(late.verdict).to.equal('not observed');
    expect(late.reason).to.include('the neighbours can keep NBLs and OIDs back');
  });

  it('is not observed when the driver never comes to the place', async () => {
    expect((await play('about a place where the driver never comes')).verdict).to.equal('not observed');
  });

  it('is error when the rig breaks, and the rig is closed all the same', async () => {
    let closed = 0;
    const { verdict, reason } = await play('kept', {
      rig: (rig) =>
        rigWith(rig, {
          pause: async () => {
            throw new Error('the cable is unplugged');
          },
          close: async () => {
            closed += 1;
            await rig.close();
          },
        }),
    });
    expect(verdict).to.equal('error');
    expect(reason).to.equal('the cable is unplugged');
    expect(closed).to.be.greaterThan(0);
  });

  it('is error when a step means nothing', async () => {
    const { verdict, reason } = await play('about something that nobody has defined');
    expect(verdict).to.equal('error');
    expect(reason).to.equal('a step of it has no definition');
  });

  it('is error when the rig can say nothing any more', async () => {
    const { verdict } = await play('kept', {
      rig: (rig) =>
        rigWith(rig, {
          pause: async () => {
            throw new Error('no machine answers');
          },
          bugcheck: async () => {
            throw new Error('no machine answers');
          },
        }),
    });
    expect(verdict).to.equal('error');
  });

  it('is fail when the system has stopped, even when the rig then refuses to answer', async () => {
    const { verdict, reason, bugcheck } = await play('kept', {
      rig: (rig) =>
        rigWith(rig, {
          pause: async () => {
            throw new Error('no machine answers');
          },
          bugcheck: async () => 'SYSTEM_SERVICE_EXCEPTION (0x3B): it crashed',
        }),
    });
    expect(verdict).to.equal('fail');
    expect(reason).to.equal('the system stopped: SYSTEM_SERVICE_EXCEPTION (0x3B): it crashed');
    expect(bugcheck).to.include('0x3B');
  });

  it('is not applicable when nobody has the driver of an exhibit', async () => {
    const { verdict, reason } = await play('about a driver that nobody has');
    expect(verdict).to.equal('not applicable');
    expect(reason).to.include('no such driver');
  });

  it('is pass when an exhibit breaks the rule that it is shown for', async () => {
    const { verdict, violations } = await play('about a driver that breaks a rule');
    expect(violations.map(({ rule }) => rule)).to.include('PAU-07');
    expect(verdict).to.equal('pass');
  });
});
