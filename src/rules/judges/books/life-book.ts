import type { Crossing } from '../../../trace';
import { newModuleBook, type ModuleBook } from './module-book';
import type { SharedBooks } from './shared';
import { PENDING, SUCCESS } from './statuses';

/** NULL, as traces may write it. */
const NO_POINTER = /^(?:0x0*|0+|null)$/i;

/** The states of modules, from lifecycle crossings only, and the handlers that they have. */
export class LifeBook {
  constructor(private readonly shared: SharedBooks) {}

  private enter(module: ModuleBook | undefined, state: ModuleBook['state'], crossing: Crossing): void {
    if (!module) return;
    module.state = state;
    module.since = crossing;
    this.shared.stateChanged();
  }

  attachEntered(crossing: Crossing): void {
    this.shared.lowPower.attached(crossing);
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    // The same name for another life: the trace says that it begins anew.
    Object.assign(module, newModuleBook(module.name, crossing));
    module.known = true;
    module.epochKnown = true;
    module.attach = crossing;
    const handle = crossing.args?.['handle'];
    module.handle = typeof handle === 'string' ? handle : undefined;
    module.handlers = this.shared.registrations.handlersOfANewModule;
    this.enter(module, 'Attaching', crossing);
  }

  attachLeft(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    if (crossing.status === SUCCESS) module.pausedBecause = 'attached';
    this.enter(module, stateAfterAttach(crossing.status), crossing);
  }

  restartEntered(crossing: Crossing): void {
    this.shared.stopping.goesOn(crossing);
    this.shared.lowPower.restarted(crossing);
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.restartEntry = crossing;
    module.epochKnown = true;
    module.restartExit = undefined;
    module.restartComplete = undefined;
    this.enter(module, 'Restarting', crossing);
  }

  restartLeft(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.restartExit = crossing;
    // Its entry may have been left out.
    const isShown =
      module.state === 'Restarting' || (this.shared.threads.opener === undefined && module.state === 'Paused');
    if (isShown && crossing.status !== PENDING) this.restartEnded(module, crossing.status, crossing);
  }

  restartCompleted(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.restartComplete ??= crossing;
    const status = crossing.args?.['status'];
    if (module.state === 'Restarting')
      this.restartEnded(module, typeof status === 'string' ? status : undefined, crossing);
  }

  private restartEnded(module: ModuleBook, status: string | undefined, crossing: Crossing): void {
    if (status === SUCCESS) {
      module.restarts += 1;
      this.enter(module, 'Running', crossing);
    } else if (status === undefined) {
      this.enter(module, 'Unknown', crossing);
    } else {
      module.pausedBecause = 'restart failed';
      this.enter(module, 'Paused', crossing);
    }
  }

  netPnPEvent(crossing: Crossing): void {
    this.shared.stopping.told(crossing);
    this.shared.lowPower.told(crossing);
  }

  pauseEntered(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.pauseEntry = crossing;
    module.pauseExit = undefined;
    module.pauseBarrier = undefined;
    module.pauseComplete = undefined;
    module.pauseEnd = undefined;
    this.enter(module, 'Pausing', crossing);
  }

  pauseLeft(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.pauseExit = crossing;
    module.pauseBarrier ??= crossing;
    if (module.state === 'Pausing' && crossing.status !== PENDING && crossing.status !== undefined)
      this.pauseEnded(module, crossing);
  }

  pauseCompleted(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.pauseComplete ??= crossing;
    module.pauseBarrier ??= crossing;
    if (module.state === 'Pausing') this.pauseEnded(module, crossing);
  }

  private pauseEnded(module: ModuleBook, crossing: Crossing): void {
    module.pauseEnd = crossing;
    module.pausedBecause = 'paused';
    this.enter(module, 'Paused', crossing);
  }

  /** The pausing thread waits or gives something back: from here on the gate must be closed. */
  drains(crossing: Crossing): void {
    const entry = this.shared.threads.inside(crossing, 'FilterPause');
    const module = entry && this.shared.moduleOf(entry);
    if (module && module.pauseEntry === entry) module.pauseBarrier ??= crossing;
  }

  waits(crossing: Crossing): void {
    this.drains(crossing);
    const entry = this.shared.threads.inside(crossing, 'FilterDetach');
    const module = entry && this.shared.moduleOf(entry);
    if (module && module.detachEntry === entry) module.detachBarrier ??= crossing;
  }

  detachEntered(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.detachEntry = crossing;
    this.enter(module, 'Detaching', crossing);
  }

  detachLeft(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module) return;
    module.detachExit = crossing;
    this.enter(module, 'Detached', crossing);
  }

  attributesSet(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const context = crossing.args?.['context'];
    // A driver that gives NULL keeps nothing there that modules could share.
    if (module && typeof context === 'string' && !NO_POINTER.test(context)) module.context = context;
  }

  handlersChanged(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const handlers = crossing.args?.['handlers'];
    if (!module || !Array.isArray(handlers) || !module.handlers) return;
    module.handlersBefore = module.handlers;
    const kept = [...module.handlers].filter((handler) => !CHANGEABLE.has(handler));
    module.handlers = new Set([...kept, ...(handlers as readonly string[])]);
  }

  /** A change that NDIS refuses changes nothing. */
  handlersAnswered(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    if (!module?.handlersBefore) return;
    if (crossing.status !== undefined && crossing.status !== SUCCESS) module.handlers = module.handlersBefore;
    module.handlersBefore = undefined;
  }
}

/** A return that does not say what it returned tells nothing. */
function stateAfterAttach(status: string | undefined): ModuleBook['state'] {
  if (status === undefined) return 'Unknown';
  return status === SUCCESS ? 'Paused' : 'Detached';
}

/** Entry points that NdisSetOptionalHandlers may change for a module. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'FilterSendNetBufferLists',
  'FilterSendNetBufferListsComplete',
  'FilterCancelSendNetBufferLists',
  'FilterReceiveNetBufferLists',
  'FilterReturnNetBufferLists',
]);
