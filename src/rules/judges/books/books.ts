import type { Crossing } from '../../../trace';
import { Asked } from './asked';
import { Ledger } from './ledger';
import { LifeBook } from './life-book';
import { LowPower } from './low-power';
import { newModuleBook, type ModuleBook } from './module-book';
import { NblBook } from './nbl-book';
import { OidBook } from './oid-book';
import { Registrations } from './registrations';
import type { SharedBooks } from './shared';
import { Stopping } from './stopping';
import { ThreadBook } from './thread-book';

/**
 * The independent bookkeeping that all judges share: module states from lifecycle crossings only, who has which NBL and
 * OID request, what each thread is inside of. Judges look before and after a crossing is entered.
 */
export class Books implements SharedBooks {
  readonly threads = new ThreadBook();
  readonly registrations = new Registrations();
  /** Memory, pools, timers, work items and handles not given back. */
  readonly ledger = new Ledger();
  /** Modules that were told to stop or to sleep. */
  readonly stopping = new Stopping();
  readonly lowPower = new LowPower(this.threads);
  readonly modules = new Asked<ModuleBook>();
  readonly life = new LifeBook(this);
  readonly nbls = new NblBook(this);
  readonly oids = new OidBook(this);
  /** The trace shows the driver from DriverEntry on, without a gap. */
  wholeStory = false;
  /** The crossings were lost before this one. */
  gap = false;
  /** Somebody will look again at the crossing that is being heard. */
  isKept = false;
  /** Every module there is is Running. Known before anybody asks: V8 would have to compile whoever asks again when the first one pauses. */
  everyoneIsRunning = true;
  private lastSeq = 0;

  /** @param toldComplete the trace says of itself that it starts before DriverEntry */
  constructor(private readonly toldComplete = false) {}

  /** The book of the module that a crossing names; undefined for driver-wide crossings. */
  moduleOf(crossing: Crossing): ModuleBook | undefined {
    const { module } = crossing;
    return module === undefined ? undefined : (this.modules.get(module) ?? this.newModule(module, crossing));
  }

  private doesEveryoneRun(): boolean {
    for (const { state } of this.modules.values()) if (state !== 'Running') return false;
    return true;
  }

  stateChanged(): void {
    this.everyoneIsRunning = this.doesEveryoneRun();
  }

  private newModule(name: string, crossing: Crossing): ModuleBook {
    if (this.modules.size >= MANY_MODULES) this.forgetDetached();
    this.keep();
    const book = newModuleBook(name, crossing);
    this.modules.set(name, book);
    this.stateChanged();
    return book;
  }

  /**
   * Modules that an access to an NBL may be held against: the one that made it, if it ever had the NBL in its hands, and then no other one
   * that had it too; otherwise every one.
   */
  answerableFor(access: Crossing, nbl: string): Iterable<ModuleBook> {
    const module = this.moduleOf(access);
    return module?.nbls.has(nbl) ? [module] : this.modules.values();
  }

  /**
   * The module that a crossing without a name must be about: its handle says it, the handler or call that it belongs to, or that
   * there is no other.
   * @returns undefined when it may be one of several
   */
  moduleMeantBy(crossing: Crossing): string | undefined {
    const { dir, ddi, seq } = crossing;
    const handle = crossing.args?.['handle'];
    if (dir === '->' && ddi === 'FilterAttach') return typeof handle === 'string' ? handle : `module of #${seq}`;
    if (dir === '<-' || dir === '<=') {
      const opener = this.threads.openerOf(crossing);
      if (opener?.module !== undefined) return opener.module;
    }
    const alive: string[] = [];
    for (const module of this.modules.values()) {
      if (handle !== undefined && module.handle === handle) return module.name;
      if (module.state !== 'Detached') alive.push(module.name);
    }
    const handler = this.threads
      .framesOf(crossing)
      .findLast((frame) => frame.dir === '->' && frame.module !== undefined);
    if (dir === '=>' && handler) return handler.module;
    if (this.modules.size === 0) return 'module';
    return alive.length === 1 ? alive[0] : undefined;
  }

  /** Whoever hears a crossing and keeps it says so, if it is of a kind that is hardly ever kept (see `Plan`). */
  keep(): void {
    this.isKept = true;
  }

  /** Before judges look: notices lost crossings. */
  beginning(crossing: Crossing): void {
    this.isKept = false;
    this.gap = this.lastSeq !== 0 && crossing.seq !== this.lastSeq + 1;
    if (this.lastSeq === 0) {
      this.wholeStory = crossing.seq === 1 && (this.toldComplete || BEGINNINGS.has(crossing.ddi));
    }
    this.lastSeq = crossing.seq;
    if (this.gap) this.forget(crossing);
    this.nbls.prune();
    this.oids.prune();
  }

  /** Of modules that are gone for long, only what comes soon after them is judged. */
  private forgetDetached(): void {
    for (const [name, { state }] of this.modules) {
      if (this.modules.size <= MANY_MODULES / 2) return;
      if (state === 'Detached') this.modules.delete(name);
    }
  }

  /** Nothing is known any more of what the crossings told so far. */
  forget(crossing: Crossing): void {
    this.keep();
    this.wholeStory = false;
    this.ledger.forget();
    this.registrations.forget();
    this.threads.forget();
    this.stopping.forget();
    this.lowPower.forget();
    this.nbls.allocations.clear();
    for (const module of this.modules.values()) {
      // What a module is does not come back by itself, except that a detached one stays detached.
      const { handle, state } = module;
      Object.assign(module, newModuleBook(module.name, crossing), { handle });
      if (state === 'Detached') module.state = state;
    }
    this.stateChanged();
  }
}

/** A trace that begins with one of these shows the driver from its beginning. */
const BEGINNINGS: ReadonlySet<string> = new Set(['DriverEntry', 'NdisFRegisterFilterDriver']);

/** No machine has so many at a time. */
const MANY_MODULES = 512;
