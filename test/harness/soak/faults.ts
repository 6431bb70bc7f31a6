/** What goes wrong in a play: which, when, and how badly, drawn from what the same play did when nothing went wrong. */
import { RigRefusal } from '../../../adapters/contract';
import type { Chance } from './chance';
import { AnswerLost } from './gate';
import type { SoakLab } from './lab';
import type { Moment, Moments } from './moments';

export interface Planned {
  readonly name: string;
  readonly moment: Moment;
  readonly at: number;
  /** How badly, 0 to 1. */
  readonly how: number;
}

export interface Fault extends Planned {
  readonly name: FaultName;
}

/** What the one who plays can do to himself. */
export interface Controller {
  kill(): void;
  interrupt(): void;
}

interface Kind {
  /** One of them. */
  readonly moments: readonly Moment[];
  readonly act: (lab: SoakLab, how: number, controller: Controller) => void;
  /** Only where the driver is wrong in something: it may be what stops the system. */
  readonly isOfTheDriver?: true;
}

const LINK: readonly Moment[] = ['reads', 'writes'];
const ANY: readonly Moment[] = ['reads', 'writes', 'event', 'shell', 'helper', 'journal'];

/** Not in the middle of what a process does: one thing happens to it after the other. */
const next = (act: () => void): void => void setImmediate(act);

const refusal = (words: string): never => {
  throw new RigRefusal('environment', words);
};

export const KINDS = {
  'the connection is cut': { moments: LINK, act: (lab, how) => lab.agent?.link.cut(how < 0.8) },
  'the connection is a black hole': { moments: LINK, act: (lab) => lab.agent?.link.swallow() },
  'the connection is slow from here on': {
    moments: LINK,
    act: (lab, how) => (lab.slowness = { delay: Math.round(600 * how), rate: 56_000 }),
  },
  'the agent is killed': { moments: ANY, act: (lab) => lab.killAgent() },
  'the agent is killed in the middle of a line of its journal': {
    moments: ['journal'],
    act: (lab) => (lab.tears = true),
  },
  'the agent is frozen': { moments: ANY, act: (lab, how) => lab.freezeAgent(Math.round(200 + how * how * 200_000)) },
  "the agent's timers are all due at once": { moments: ANY, act: (lab) => next(() => lab.agent?.gate.jump()) },
  'the machine is turned off': {
    moments: ANY,
    act(lab, how) {
      lab.bootTime = how < 0.9 ? 1000 + how * 60_000 : 400_000;
      lab.turnOff();
    },
  },
  'somebody else stops the system': {
    moments: ANY,
    act: (lab, how) => lab.windows.crash(how < 0.5 ? '0xD1' : '0x3B', ['0x28', '0x2', '0x0', '0xFFFFF80112345678']),
  },
  'the driver stops the system': {
    moments: ANY,
    act: (lab) => lab.windows.crash('0x7C', ['0x25', '0x11']),
    isOfTheDriver: true,
  },
  'ETW loses events and counts them': {
    moments: ['event'],
    act: (lab, how) => (lab.etw.loses = 1 + Math.floor(how * 4)),
  },
  'ETW loses events and does not know it': {
    moments: ['event'],
    act: (lab, how) => (lab.etw.forgets = 1 + Math.floor(how * 4)),
  },
  'ETW hands out events in another order': { moments: ['event'], act: (lab) => (lab.windows.etw.reorders = true) },
  'fnmp gives back what it holds': { moments: ANY, act: (lab) => next(() => lab.windows.giveUpHolding()) },
  'Windows refuses a command': { moments: ['shell'], act: () => refusal('Access is denied.') },
  'Windows does a command and does not say so': {
    moments: ['shell'],
    act() {
      throw new AnswerLost();
    },
  },
  'the helper refuses something': {
    moments: ['helper'],
    act: () => refusal('STATUS_INSUFFICIENT_RESOURCES (0xC000009A)'),
  },
  'the helper ends': { moments: ANY, act: (lab) => next(() => lab.agent?.ports.helper.close()) },
  'the disk of the machine is full for a while': {
    moments: ['journal'],
    act(lab, how) {
      lab.disk.full = true;
      lab.time.after(Math.round(how * 20_000), () => (lab.disk.full = false));
    },
  },
  'the controller is killed': { moments: [...LINK, 'scenario'], act: (_lab, _how, controller) => controller.kill() },
  'the run is interrupted': { moments: [...LINK, 'scenario'], act: (_lab, _how, controller) => controller.interrupt() },
} satisfies Readonly<Record<string, Kind>>;

export type FaultName = keyof typeof KINDS;

const MOST_FAULTS = 3;

/** @param counts moments of the play when nothing goes wrong @param isWrong the driver breaks something */
export function drawFaults(chance: Chance, counts: Moments['counts'], isWrong: boolean): Fault[] {
  const names = (Object.keys(KINDS) as FaultName[]).filter((name) => isWrong || !kindOf(name).isOfTheDriver);
  return Array.from({ length: chance.between(1, MOST_FAULTS) }, () => {
    const name = chance.pick(names);
    const moment = chance.pick(kindOf(name).moments);
    return {
      name,
      moment,
      at: chance.between(1, Math.max(1, counts[moment])),
      how: Math.round(chance.next() * 1000) / 1000,
    };
  });
}

/** @param happened told of each fault that came about */
export function arm(
  faults: readonly Fault[],
  lab: SoakLab,
  controller: Controller,
  happened: (fault: Fault) => void,
): void {
  for (const fault of faults) {
    lab.moments.at(fault.moment, fault.at, () => {
      happened(fault);
      kindOf(fault.name).act(lab, fault.how, controller);
    });
  }
}

function kindOf(name: FaultName): Kind {
  return KINDS[name];
}
