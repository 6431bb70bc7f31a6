/**
 * When a filter may originate: PAU-05 to PAU-08, RST-04, RST-05, RST-11, ATT-05, ATT-06, and their umbrellas SO-01 and RO-01.
 *
 * The hard line is the completion of the pause. Before it, in Pausing, only an attempt that began after the gate had to be
 * closed is condemned: a sender that was counted before may reach NDIS late, and the pause waits for it.
 */
import type { Crossing } from '../../trace';
import { ATTEMPT_ENTRIES } from './attempt-entries';
import type { ModuleBook } from './books/module-book';
import type { Court, Hearing, Judge } from './court';
import { Tentative } from './tentative';

interface Direction {
  readonly noun: 'send' | 'receive';
  /** In Pausing and Paused. */
  readonly pausing: string;
  readonly paused: string;
  readonly restarting: { readonly rule: string; readonly reading: 'default' | 'strict' };
  readonly umbrella: string;
}

const SEND: Direction = {
  noun: 'send',
  pausing: 'PAU-06',
  paused: 'PAU-07',
  restarting: { rule: 'RST-04', reading: 'default' },
  umbrella: 'SO-01',
};
/** Documentation contradicts itself on receives in Restarting (C4): only the strict reading condemns. */
const RECEIVE: Direction = {
  noun: 'receive',
  pausing: 'PAU-08',
  paused: 'PAU-08',
  restarting: { rule: 'RST-05', reading: 'strict' },
  umbrella: 'RO-01',
};

export function judgeOrigination(court: Court): Judge {
  const { books } = court;
  const restarts = new Tentative(court);
  const tests = testers(court);

  const handOver =
    (direction: Direction): Hearing =>
    (crossing, module) => {
      if (module === undefined || module.state === 'Unknown' || module.state === 'Detached') return;
      const own = firstOwn(court, module, crossing);
      if (own === undefined) return;
      if (module.state === 'Running') {
        tests.running(direction.umbrella);
        return;
      }
      judgeOriginationOf(direction, own, module, crossing);
    };

  const judgeOriginationOf = (direction: Direction, nbl: string, module: ModuleBook, crossing: Crossing): void => {
    const { noun, umbrella } = direction;
    const accuse = (rule: string, why: string, witnesses: readonly (Crossing | undefined)[]): void => {
      court.charge(rule, {
        at: crossing,
        witnesses,
        message: `The filter originated ${noun} ${nbl} at #${crossing.seq} ${why}`,
      });
      court.charge(umbrella, {
        at: crossing,
        witnesses,
        message: `The filter originated ${noun} ${nbl} at #${crossing.seq} ${why}`,
      });
    };
    switch (module.state) {
      case 'Attaching':
        // Paused follows, which forbids it as well: unlike at the end of a restart, no order of the threads makes it right.
        accuse('ATT-05', `while ${module.name} was Attaching (since #${module.since.seq})`, [module.attach]);
        return;
      case 'Restarting':
        judgeRestarting(direction, nbl, module, crossing);
        return;
      case 'Pausing':
        judgePausing(direction, nbl, module, crossing);
        return;
      case 'Paused':
      case 'Detaching':
        judgePaused(direction, module, crossing, accuse);
        return;
      default:
    }
  };

  const judgeRestarting = (direction: Direction, nbl: string, module: ModuleBook, crossing: Crossing): void => {
    const { rule, reading } = direction.restarting;
    const message = `The filter originated ${direction.noun} ${nbl} at #${crossing.seq} while ${module.name} was Restarting (since #${module.since.seq})`;
    const accuse = (): void => {
      court.charge(rule, { at: crossing, witnesses: [module.restartEntry], reading, message });
      court.charge(direction.umbrella, { at: crossing, witnesses: [module.restartEntry], reading, message });
    };
    const onItsThread = books.threads.inside(crossing, 'FilterRestart')?.module === module.name;
    if (onItsThread) accuse();
    else restarts.hold(module.name, crossing, accuse);
  };

  const judgePausing = (direction: Direction, nbl: string, module: ModuleBook, crossing: Crossing): void => {
    const { noun, pausing, umbrella } = direction;
    const { pauseEntry, pauseBarrier } = module;
    const said = `The filter originated ${noun} ${nbl} at #${crossing.seq} after FilterPause was entered at #${pauseEntry?.seq ?? 0}`;
    court.charge(pausing, { at: crossing, witnesses: [pauseEntry], reading: 'strict', message: said });
    const root = books.threads.rootOf(crossing);
    if (root === undefined || !pauseEntry) return;
    const began = root === pauseEntry || (pauseBarrier !== undefined && root.seq > pauseBarrier.seq);
    if (!began) return;
    const message = `${said}; the attempt began with ${root.ddi} at #${root.seq}, when ${module.name} was already Pausing`;
    const witnesses = [pauseEntry, root];
    court.charge(pausing, { at: crossing, witnesses, message });
    court.charge(umbrella, { at: crossing, witnesses, message });
  };

  const judgePaused = (
    { paused, noun }: Direction,
    module: ModuleBook,
    crossing: Crossing,
    accuse: (rule: string, why: string, witnesses: readonly (Crossing | undefined)[]) => void,
  ): void => {
    const { name, pausedBecause, pauseEnd, pauseEntry } = module;
    if (pausedBecause === 'attached') {
      accuse('ATT-06', `although ${name} had never been restarted since it attached at #${module.attach?.seq ?? 0}`, [
        module.attach,
      ]);
    } else if (pausedBecause === 'restart failed') {
      accuse('RST-11', `after the restart of ${name} had failed`, [
        module.restartEntry,
        module.restartComplete ?? module.restartExit,
      ]);
    } else if (pausedBecause === 'paused') {
      accuse(paused, `although the pause of ${name} had completed at #${pauseEnd?.seq ?? 0}`, [pauseEntry, pauseEnd]);
      const root = books.threads.rootOf(crossing);
      if (root && pauseEnd && root.seq < pauseEnd.seq) {
        court.charge('PAU-05', {
          at: crossing,
          witnesses: [root, pauseEnd],
          message: `The attempt that began with ${root.ddi} at #${root.seq} passed the gate before the pause of ${name} completed at #${pauseEnd.seq}, and its ${noun} reached NDIS at #${crossing.seq} after it`,
        });
      }
    }
  };

  return {
    forget: () => {
      restarts.forget();
    },
    before: {
      '=>NdisFSendNetBufferLists': handOver(SEND),
      '=>NdisFIndicateReceiveNetBufferLists': handOver(RECEIVE),
      '<-FilterRestart': (crossing) => restarts.returned(crossing),
      '=>NdisFRestartComplete': (crossing) => restarts.completed(crossing),
      '!!Quiescent': () => restarts.standAll(),
    },
    afterAny: [{ keys: ATTEMPT_ENTRIES, hear: (crossing) => tests.attempt(crossing), unlessRunning: true }],
    after: {
      '->FilterPause': (crossing) => tests.pause(crossing),
      '->FilterRestart': () => tests.restart(),
      '->FilterAttach': () => tests.attach(),
    },
  };
}

/** The first NBL of the chain that the module originated. */
function firstOwn(court: Court, module: ModuleBook, crossing: Crossing): string | undefined {
  for (const view of crossing.nbls ?? []) {
    if (court.books.nbls.relationAtHandOver(module, view, crossing)?.kind === 'own') return view.nbl;
  }
  return undefined;
}

/** When the rules are put to the test: something arrives that could make the driver originate. */
function testers(court: Court): {
  running(umbrella: string): void;
  attempt(crossing: Crossing): void;
  pause(crossing: Crossing): void;
  restart(): void;
  attach(): void;
} {
  const count = (rule: string): (() => void) => {
    const tested = court.tested(rule);
    return () => {
      tested.count += 1;
    };
  };
  const [pau05, pau06, pau07, pau08, att05, att06, rst04, rst11, so01, ro01] = (
    ['PAU-05', 'PAU-06', 'PAU-07', 'PAU-08', 'ATT-05', 'ATT-06', 'RST-04', 'RST-11', 'SO-01', 'RO-01'] as const
  ).map(count) as [
    () => void,
    () => void,
    () => void,
    () => void,
    () => void,
    () => void,
    () => void,
    () => void,
    () => void,
    () => void,
  ];
  const inState = (module: ModuleBook): void => {
    if (module.state === 'Pausing') {
      pau06();
      pau08();
    } else if (module.state === 'Paused' && module.pausedBecause === 'attached') {
      att06();
    } else if (module.state === 'Paused' && module.pausedBecause === 'restart failed') {
      rst11();
    } else if (module.state === 'Paused') {
      pau07();
      pau08();
    } else if (module.state === 'Restarting') {
      rst04();
    } else {
      return;
    }
    so01();
    ro01();
  };
  return {
    running: (umbrella) => (umbrella === 'SO-01' ? so01() : ro01()),
    attempt: (crossing) => {
      const named = court.books.moduleOf(crossing);
      if (named) inState(named);
      else for (const module of court.books.modules.values()) inState(module);
    },
    pause: (crossing) => {
      for (const open of court.books.threads.open()) {
        if (open !== crossing && (ATTEMPT_ENTRIES as readonly string[]).includes(`->${open.ddi}`)) return pau05();
      }
    },
    restart: rst04,
    attach: att05,
  };
}
