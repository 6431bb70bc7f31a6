/** What a driver registers: REG-05, REG-07, REG-09 and REG-13. */
import type { Crossing } from '../../trace';
import { DRIVER_SCOPE } from './books/ledger';
import type { Court, Hearing, Judge } from './court';
import { callsOf } from './filter-calls';

const MANDATORY = ['FilterAttach', 'FilterDetach', 'FilterRestart', 'FilterPause'] as const;

const PAIRS = [
  ['FilterOidRequest', 'FilterOidRequestComplete'],
  ['FilterDirectOidRequest', 'FilterDirectOidRequestComplete'],
] as const;

/** A call whose work is finished through a callback, and that callback. */
const CALLBACKS: ReadonlyMap<string, string> = new Map([
  ['NdisFSendNetBufferLists', 'FilterSendNetBufferListsComplete'],
  ['NdisFIndicateReceiveNetBufferLists', 'FilterReturnNetBufferLists'],
  ['NdisFOidRequest', 'FilterOidRequestComplete'],
  ['NdisFDirectOidRequest', 'FilterDirectOidRequestComplete'],
]);
const FINISHED_THROUGH_A_CALLBACK = callsOf([...CALLBACKS.keys()]);

export function judgeRegistration(court: Court): Judge {
  const { books } = court;
  const mandatory = court.tested('REG-05');
  const pairs = court.tested('REG-07');
  const callbacks = court.tested('REG-09');
  const early = court.tested('REG-13');

  const registers = (crossing: Crossing): void => {
    const handlers = crossing.args?.['handlers'];
    if (!Array.isArray(handlers)) return;
    const given = new Set(handlers as readonly string[]);
    mandatory.count += 1;
    pairs.count += 1;
    const missing = MANDATORY.filter((handler) => !given.has(handler));
    if (missing.length > 0) {
      court.charge('REG-05', {
        at: crossing,
        message: `The driver registered without ${missing.join(', ')} at #${crossing.seq}; all of FilterAttach, FilterDetach, FilterRestart and FilterPause are needed`,
      });
    }
    for (const [main, complete] of PAIRS) {
      if (given.has(main) === given.has(complete)) continue;
      const [has, lacks] = given.has(main) ? [main, complete] : [complete, main];
      court.charge('REG-07', {
        at: crossing,
        message: `The driver registered ${has} without ${lacks} at #${crossing.seq}; they come together or not at all`,
      });
    }
  };

  const calls: Hearing = (crossing, module) => {
    if (module?.handlers === undefined) return;
    const callback = CALLBACKS.get(crossing.ddi);
    if (callback === undefined) return;
    // Passing a neighbour's receive up needs no return handler: NDIS skips the module on the way back.
    if (callback === 'FilterReturnNetBufferLists' && !originates(crossing)) return;
    callbacks.count += 1;
    if (module.handlers.has(callback)) return;
    court.charge('REG-09', {
      at: crossing,
      witnesses: [module.attach],
      message: `The filter called ${crossing.ddi} at #${crossing.seq}, but ${module.name} has no ${callback} through which it could be finished`,
    });
  };

  const originates = (crossing: Crossing): boolean => {
    const module = books.moduleOf(crossing);
    return (
      module !== undefined &&
      (crossing.nbls ?? []).some((view) => books.nbls.relationAtHandOver(module, view, crossing)?.kind === 'own')
    );
  };

  let registering: Crossing | undefined;

  /** A fault inside FilterAttach while NdisFRegisterFilterDriver has not returned: something was not ready yet. */
  const brokenEarly = (crossing: Crossing): void => {
    const attach = registering && books.threads.inside(crossing, 'FilterAttach');
    if (!registering || !attach || attach.seq < registering.seq) return;
    const fault =
      crossing.ddi === 'Bugcheck'
        ? String(crossing.args?.['reason'] ?? 'the system stopped')
        : 'it touched memory that was not there';
    court.charge('REG-13', {
      at: crossing,
      module: attach.module,
      witnesses: [registering, attach],
      message: `NDIS attached ${attach.module ?? 'a module'} at #${attach.seq}, before NdisFRegisterFilterDriver (#${registering.seq}) had returned, and the driver was not ready: ${fault}`,
    });
  };

  const touchedEarly = (crossing: Crossing): void => {
    const { args } = crossing;
    if (args?.['what'] === 'memory' && (args['scope'] === undefined || args['scope'] === DRIVER_SCOPE))
      brokenEarly(crossing);
  };

  const over = (): void => {
    registering = undefined;
  };

  return {
    forget: over,
    before: {
      '=>NdisFRegisterFilterDriver': (crossing) => {
        registering = crossing;
        registers(crossing);
      },
      '<=NdisFRegisterFilterDriver': over,
      // The return of the call may have been left out.
      '<-DriverEntry': over,
      '->FilterAttach': () => {
        if (registering) early.count += 1;
      },
      '!!Bugcheck': brokenEarly,
      '!!Access': touchedEarly,
    },
    beforeAny: [{ keys: FINISHED_THROUGH_A_CALLBACK, hear: calls }],
  };
}
