/** `npm run test:target`: something goes wrong at each place of a scenario, one place after the other, and nobody is condemned or acquitted for it. */
import { expect } from 'chai';
import { counted, Plays, type Level } from './plays';
import type { FakeWindows } from './windows';

const SCENARIOS = [
  'features/pause/pends.feature:12',
  'features/pause/pends.feature:77',
  'features/pause/pends.feature:49',
];
/** A machine that moves on after each of its steps. */
const LIVELY = 'features/sequences/adapter-disabled.feature:119';
const BROKEN = 'pause-returns-success-with-sends-out';

/** What goes wrong when the n-th event is written. */
const FAULTS: Readonly<Record<string, (windows: FakeWindows, at: number) => void>> = {
  'an event is lost, and ETW says so': ({ etw }, at) => (etw.loses = nth(at)),
  'an event is lost, and nobody knows': ({ etw }, at) => (etw.forgets = nth(at)),
  'all events from then on are lost, and nobody knows': ({ etw }, at) => (etw.forgets = nth(at, Infinity)),
  'three events in a row are lost': ({ etw }, at) => (etw.loses = nth(at, 3)),
  'events are handed out in another order': ({ etw }, at) =>
    (etw.forgets = does(at, () => {
      etw.reorders = true;
    })),
  'the machine is turned off': (windows, at) => (windows.etw.forgets = does(at, () => windows.model.turnOff())),
  'the system stops': (windows, at) => (windows.etw.forgets = does(at, () => windows.crash('0x7C', ['0x25', '0x11']))),
  'the functional miniport gives up holding': (windows, at) =>
    (windows.etw.forgets = does(at, () => windows.giveUpHolding())),
};

function nth(at: number, count = 1): () => boolean {
  let written = 0;
  return () => {
    written += 1;
    return written >= at && written < at + count;
  };
}

function does(at: number, act: () => void): () => boolean {
  const is = nth(at);
  return () => {
    if (is()) act();
    return false;
  };
}

/** Events of a scenario, at most. */
const EVENTS: Readonly<Record<Level, number>> = { 'white box': 288, 'black box': 48 };
const EVERY: Readonly<Record<Level, number>> = { 'white box': 12, 'black box': 2 };

describe('The fake Windows machine, disturbed at each place', () => {
  let plays: Plays;

  before(async () => {
    plays = await Plays.prepare('features/pause/pends.feature', 'features/sequences/adapter-disabled.feature');
  });

  for (const [name, fault] of Object.entries(FAULTS)) {
    for (const level of ['white box', 'black box'] as const) {
      it(`condemns and acquits nobody wrongly when ${name}, in a ${level}`, async () => {
        for (let at = 1; at <= EVENTS[level]; at += EVERY[level]) {
          const disturb = (windows: FakeWindows): void => fault(windows, at);
          const good = await plays.play({ driver: 'reference', level, disturb }, [...SCENARIOS, LIVELY]);
          expect(counted(good)['fail'], `reference, at ${at}`).to.equal(undefined);
          const bad = await plays.play({ driver: BROKEN, level, disturb }, SCENARIOS);
          expect(counted(bad)['pass'], `${BROKEN}, at ${at}`).to.equal(undefined);
        }
      });
    }
  }
});
