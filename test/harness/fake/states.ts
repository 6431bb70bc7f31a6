/** Which filter module comes into which state when, as NDIS tells it: before it calls a handler, or when the handler has returned. */
import type { FilterModule, ModuleState } from '../../../src/ndis';
import type { Crossing } from '../../../src/trace';

/** Nobody has documented which of the two it is. */
export type Telling = 'before the callback' | 'after the callback';

export interface ToldState {
  readonly state: string;
  /** The module, or the name of a neighbour. */
  readonly filter: string;
  readonly adapter: string;
  readonly isDriver: boolean;
}

const ENTERED: Readonly<Record<string, ModuleState>> = {
  FilterAttach: 'Attaching',
  FilterRestart: 'Restarting',
  FilterPause: 'Pausing',
  FilterDetach: 'Detaching',
};
const LEFT: Readonly<Record<string, ModuleState>> = {
  FilterAttach: 'Paused',
  FilterRestart: 'Running',
  FilterPause: 'Paused',
  FilterDetach: 'Detached',
};

export class States {
  private readonly watched = new Set<FilterModule>();
  /** What is not told before the handler has returned. */
  private readonly withheld = new Map<string, ToldState>();

  constructor(
    private readonly telling: Telling,
    private readonly tell: (told: ToldState) => void,
  ) {}

  /** @param modules all that there are */
  hear(crossing: Crossing, modules: readonly FilterModule[]): void {
    for (const module of modules) if (!this.watched.has(module)) this.watch(module);
    const { dir, ddi, module, neighbour, adapter = '' } = crossing;
    if (module !== undefined && dir === '<-' && ddi in ENTERED) this.release(module);
    if (neighbour?.startsWith('filter:') !== true) return;
    const state = dir === '->' ? ENTERED[ddi] : dir === '<-' ? LEFT[ddi] : undefined;
    if (state !== undefined) this.tell({ state, filter: neighbour, adapter, isDriver: false });
  }

  /** NDIS changes the state of a module by this one call. */
  private watch(module: FilterModule): void {
    this.watched.add(module);
    const { life } = module;
    const to = life.to.bind(life);
    // It was created a moment ago, and is on its way to its first state.
    this.changed(module, module.state);
    life.to = (next) => {
      to(next);
      this.changed(module, next);
    };
  }

  private changed({ name, adapter }: FilterModule, state: ModuleState): void {
    this.release(name);
    const told: ToldState = { state, filter: name, adapter: adapter.name, isDriver: true };
    const isWithheld = this.telling === 'after the callback' && Object.values(ENTERED).includes(state);
    if (isWithheld) this.withheld.set(name, told);
    else this.tell(told);
  }

  private release(name: string): void {
    const told = this.withheld.get(name);
    this.withheld.delete(name);
    if (told) this.tell(told);
  }
}
