/** How a module attaches: ATT-01, ATT-03, ATT-04 and ATT-10. */
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import { resourceName } from './books/ledger';
import { Recent } from './books/recent';
import { FAILURE, isFailure, PENDING, RESOURCES, SUCCESS } from './books/statuses';
import type { Court, Hearing, Judge } from './court';
import { FILTER_CALL_KEYS } from './filter-calls';

export function judgeAttach(court: Court): Judge {
  const { books } = court;
  const tested = {
    status: court.tested('ATT-01'),
    attributes: court.tested('ATT-03'),
    cleanUp: court.tested('ATT-04'),
    independent: court.tested('ATT-10'),
  };
  /** Successful NdisFSetAttributes since FilterAttach was entered, by module. */
  const attributes = new Recent<Crossing[]>();
  const failedAttributes = new Recent<Crossing>();
  /** Modules with a call of NdisFSetAttributes whose result is not known. */
  const unanswered = new Set<string>();

  const left = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module?.attach || crossing.status === undefined) return;
    tested.status.count += 1;
    if (crossing.status === PENDING) {
      court.charge('ATT-01', {
        at: crossing,
        witnesses: [module.attach],
        message: `FilterAttach returned NDIS_STATUS_PENDING at #${crossing.seq}; an attach has no pending form`,
      });
    } else if (!LEGAL_RESULTS.has(crossing.status)) {
      court.charge('ATT-01', {
        at: crossing,
        reading: isFailure(crossing.status) ? 'strict' : 'default',
        witnesses: [module.attach],
        message: `FilterAttach returned ${crossing.status} at #${crossing.seq}, which it may not return`,
      });
    }
    if (crossing.status === SUCCESS) attached(module, crossing);
    else failed(module, crossing);
  };

  const attached = (module: ModuleBook, crossing: Crossing): void => {
    tested.attributes.count += 1;
    const set = attributes.get(module.name) ?? [];
    const refused = failedAttributes.get(module.name);
    if (set.length === 1 || (set.length === 0 && unanswered.has(module.name))) return;
    const why =
      set.length > 1
        ? `it had called NdisFSetAttributes ${set.length} times`
        : refused
          ? `NdisFSetAttributes had failed at #${refused.seq}`
          : 'it had not called NdisFSetAttributes';
    court.charge('ATT-03', {
      at: crossing,
      witnesses: [module.attach, ...set, refused],
      message: `FilterAttach returned NDIS_STATUS_SUCCESS at #${crossing.seq}, but ${why}`,
    });
  };

  const failed = (module: ModuleBook, crossing: Crossing): void => {
    tested.cleanUp.count += 1;
    const [left, ...more] = books.ledger.of(module.name);
    if (!left) return;
    court.charge('ATT-04', {
      at: crossing,
      witnesses: [module.attach, left.at],
      message: `FilterAttach failed at #${crossing.seq} and left ${resourceName(left)} behind, allocated at #${left.at.seq}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
    });
  };

  const setAttributes = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined) return;
    if (crossing.status === undefined) return;
    unanswered.delete(module.name);
    if (crossing.status !== SUCCESS) {
      failedAttributes.set(module.name, crossing);
      return;
    }
    attributes.set(module.name, [...(attributes.get(module.name) ?? []), crossing]);
    for (const other of books.modules.values()) {
      if (other === module || !isAttached(other)) continue;
      tested.independent.count += 1;
      if (other.context === undefined || other.context !== module.context) continue;
      court.charge('ATT-10', {
        at: crossing,
        witnesses: [other.attach, module.attach],
        message: `${module.name} and ${other.name} are attached at the same time and share the module context ${other.context}`,
      });
    }
  };

  const ownHandle = (module: ModuleBook, crossing: Crossing): void => {
    const handle = crossing.args?.['handle'];
    if (typeof handle !== 'string' || module.handle === undefined || handle === module.handle) return;
    court.charge('ATT-03', {
      at: crossing,
      witnesses: [module.attach],
      message: `The filter called NdisFSetAttributes for ${module.name} at #${crossing.seq} with the handle ${handle} instead of ${module.handle}`,
    });
  };

  const setsAttributes = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module) {
      unanswered.add(module.name);
      ownHandle(module, crossing);
    }
    if (!module?.known || module.state === 'Attaching') return;
    court.charge('ATT-03', {
      at: crossing,
      witnesses: [module.attach],
      message: `The filter called NdisFSetAttributes for ${module.name} at #${crossing.seq}, outside FilterAttach`,
    });
  };

  const calls: Hearing = (crossing, module) => {
    if (module === undefined) return;
    if (module.state === 'Detached' && module.detachEntry === undefined && module.attach) {
      court.charge('ATT-04', {
        at: crossing,
        witnesses: [module.attach, module.since],
        message: `The filter called ${crossing.ddi} for ${module.name} at #${crossing.seq} although its attach had failed at #${module.since.seq}`,
      });
    }
    if (books.modules.size > 1) forAnother(module, crossing);
  };

  /** Inside a data handler of one module, an NBL delivered there is handed over on another module's handle. */
  const forAnother = (module: ModuleBook, crossing: Crossing): void => {
    const handler = books.threads.handlerOf(crossing);
    if (handler?.module === undefined || handler.module === module.name) return;
    const delivered = books.modules.get(handler.module);
    if (delivered === undefined || crossing.nbls === undefined) return;
    for (const view of crossing.nbls) {
      const relation = delivered.nbls.get(view.nbl);
      if (relation?.place !== 'held' && relation?.place !== 'back') continue;
      if (relation.kind === 'own' || module.nbls.has(view.nbl)) continue;
      court.charge('ATT-10', {
        at: crossing,
        module: delivered.name,
        witnesses: [handler, relation.since],
        message: `${view.nbl} was handed to ${delivered.name} at #${relation.since.seq}, and the filter handed it on for ${module.name} at #${crossing.seq}`,
      });
      return;
    }
  };

  /** A timer or work item of a module whose attach failed. */
  const callback = (crossing: Crossing): void => {
    const module = crossing.module === undefined ? undefined : books.modules.get(crossing.module);
    if (module?.state !== 'Detached' || module.detachEntry || !module.attach) return;
    court.charge('ATT-04', {
      at: crossing,
      witnesses: [module.attach, module.since],
      message: `${crossing.ddi} was called for ${module.name} at #${crossing.seq} although its attach had failed at #${module.since.seq}`,
    });
  };

  const entered = (crossing: Crossing): void => {
    if (crossing.module === undefined) return;
    attributes.delete(crossing.module);
    failedAttributes.delete(crossing.module);
    unanswered.delete(crossing.module);
  };

  return {
    forget: () => {
      attributes.clear();
      failedAttributes.clear();
      unanswered.clear();
    },
    before: {
      '->FilterAttach': entered,
      '<-FilterAttach': left,
      '=>NdisFSetAttributes': setsAttributes,
      '->NdisTimerFunction': callback,
      '->NdisIoWorkItemFunction': callback,
    },
    beforeAny: [{ keys: FILTER_CALL_KEYS, hear: calls }],
    after: {
      '<=NdisFSetAttributes': setAttributes,
    },
  };
}

/** U13: samples also return INVALID_PARAMETER for media they do not serve. */
const LEGAL_RESULTS: ReadonlySet<string> = new Set([SUCCESS, RESOURCES, FAILURE, 'NDIS_STATUS_INVALID_PARAMETER']);

function isAttached({ state }: ModuleBook): boolean {
  return state !== 'Detached' && state !== 'Detaching' && state !== 'Unknown';
}
