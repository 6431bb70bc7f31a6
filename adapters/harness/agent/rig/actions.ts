/** What one scenario has changed on the machine, and how the stack is moved by it. */
import { RigRefusal } from '../../../contract';
import type { AgentConfig } from '../ports';
import type { Changed, Machine } from './machine';
import type { Preparation } from './prepare';
import { refuse } from './refusals';

type What = 'service' | 'binding' | 'toggle' | 'adapter';

/** In this order they are taken back: what is not bound is not paused and restarted by what comes after. */
const TAKEN_BACK: readonly What[] = ['binding', 'toggle', 'adapter', 'service'];

/** Something under way on the machine. */
export interface Doing {
  /** When Windows says so. */
  readonly done: Promise<void>;
}

export class Actions {
  private readonly made = new Map<What, Changed>();

  constructor(
    private readonly machine: Machine,
    private readonly config: AgentConfig,
    private readonly preparation: Preparation,
  ) {}

  is(what: What): boolean {
    return this.made.has(what);
  }

  /** Starts the driver's service. */
  startService(): Promise<Doing> {
    return this.make('service', () => this.machine.setService(this.config.driver.service, true));
  }

  /** Binds the driver to the adapter. */
  bind(): Promise<Doing> {
    const { adapter, driver } = this.config;
    return this.make('binding', () => this.machine.setBinding(adapter.name, driver.component, true));
  }

  disableAdapter(): Promise<Doing> {
    return this.make('adapter', () => this.machine.setAdapter(this.config.adapter.name, false));
  }

  /** Has Windows pause and restart the stack: another component comes or goes. @throws RigRefusal (notSupported) when there is none */
  async toggle(): Promise<Doing> {
    if (this.is('toggle')) return { done: this.takeBack('toggle') };
    const { toggled } = this.preparation;
    if (!toggled)
      refuse(
        'No other component can be bound to the adapter, so the stack cannot be paused without detaching the filter.',
      );
    return this.make('toggle', () =>
      this.machine.setBinding(this.config.adapter.name, toggled.component, !toggled.enabled),
    );
  }

  /** Takes a change back that was made. @returns when that is done */
  takeBack(what: What): Promise<void> {
    const changed = this.made.get(what);
    this.made.delete(what);
    // Windows does one after the other, and what has failed may have been half done.
    return changed ? changed.done.catch(() => undefined).then(() => changed.undo()) : Promise.resolve();
  }

  /** @throws RigRefusal (environment) when something could not be taken back; it is tried again at the end of the run */
  async takeBackAll(): Promise<void> {
    const failed: string[] = [];
    for (const what of TAKEN_BACK) {
      await this.takeBack(what).catch((failure: unknown) =>
        failed.push(failure instanceof Error ? failure.message : String(failure)),
      );
    }
    if (failed.length > 0)
      throw new RigRefusal('environment', `Not everything could be taken back: ${failed.join('; ')}.`);
  }

  private async make(what: What, change: () => Promise<Changed>): Promise<Doing> {
    const changed = await change();
    this.made.set(what, changed);
    return changed;
  }
}
