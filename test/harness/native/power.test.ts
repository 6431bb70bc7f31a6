/** Sleep of the machine, as lwfio.exe brings it about: its machine code runs in the kit's interpreter. */
import { expect } from 'chai';
import { useHelper } from './process/built';
import { Lwfio } from './process/lwfio';
import type { PowerOptions } from './process/power';

const HIBERNATES = { sleeps: ['S4', 'hiberfile'], rtcWake: 5 } as const;

/** Why the machine does not sleep. */
const NOT: readonly (readonly [why: RegExp, power: PowerOptions])[] = [
  [/Modern Standby/, { sleeps: ['AoAc', 'S4'] }],
  [/neither S1 to S3 nor hibernation/, { sleeps: [] }],
  [/clock does not reach/, { rtcWake: 0 }],
  [/clock does not reach/, { ...HIBERNATES, rtcWake: 4 }],
  [/powercfg/, { timers: [2, 1] }],
  [/powercfg/, { timers: [1, 0], onBattery: true }],
];

describe('Sleep, by lwfio', () => {
  useHelper();

  it('is put to the machine with a timer that wakes it up, and measured', () => {
    const lwfio = new Lwfio();
    // Awake while it is there: ES_CONTINUOUS and ES_SYSTEM_REQUIRED.
    expect(lwfio.power.told.splice(0)).to.deep.equal(['execution state 0x80000001']);
    expect(lwfio.ask('power.look')).to.deep.equal({ state: 'S3', why: null });
    expect(lwfio.ask('power.sleep', { seconds: 20 })).to.deep.equal({ asleep: 20_000 });
    expect(lwfio.power.told).to.deep.equal(['SeShutdownPrivilege', 'timer 20 s, wakes', 'sleep']);
  });

  it('is hibernation where there is nothing else', () => {
    const lwfio = new Lwfio({ power: HIBERNATES });
    expect(lwfio.ask('power.look')).to.deep.equal({ state: 'S4', why: null });
    expect(lwfio.ask('power.sleep', { seconds: 5 })).to.deep.equal({ asleep: 5000 });
    expect(lwfio.power.told.at(-1)).to.equal('hibernate');
  });

  it('is refused where the machine would not sleep, or not wake up', () => {
    for (const [why, power] of NOT) {
      const lwfio = new Lwfio({ power });
      const looked = lwfio.ask('power.look');
      expect(looked['state'], String(why)).to.equal(null);
      expect(looked['why']).to.match(why);
      expect(lwfio.ask('power.sleep', { seconds: 20 })['error']).to.match(why);
      expect(lwfio.power.told).to.not.include('sleep');
    }
    const plain = new Lwfio({ power: { isAdministrator: false } });
    expect(plain.ask('power.sleep', { seconds: 20 })['error']).to.match(/administrator/);
    const deaf = new Lwfio({ power: { timersWake: false } });
    expect(deaf.ask('power.sleep', { seconds: 20 })['error']).to.match(/no timer that wakes/);
    for (const seconds of [4, 601, -1, 'x'])
      expect(new Lwfio().ask('power.sleep', { seconds })['error'], String(seconds)).to.be.a('string');
  });

  it('that did not come about is no sleep', () => {
    const lwfio = new Lwfio({ power: { staysAwake: true } });
    expect(lwfio.ask('power.sleep', { seconds: 20 })['error']).to.equal('the machine was told to sleep, and did not');
  });
});
