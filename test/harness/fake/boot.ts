/** What is on the fake machine from one start to the next: nothing of it is left after that. */
import type { EtwEvent } from '../../../adapters/harness/agent/ports';
import type { Adapter as Stack } from '../../../src/ndis';
import type { Crossing } from '../../../src/trace';
import type { Fnlwf } from './fnlwf';
import { Frames } from './frames';
import type { Miniport } from './miniport';
import { Model } from './model';
import { ProbeEvents } from './probe-events';
import { States, type Telling, type ToldState } from './states';

export interface BootOptions {
  /** The driver is built with the probe header. */
  readonly probe?: boolean;
  readonly telling?: Telling;
}

export class Boot {
  readonly model: Model;
  readonly frames = new Frames();
  readonly miniports = new Map<string, Miniport>();
  readonly fnlwfs = new Map<string, Fnlwf>();
  readonly stacks = new Map<string, Stack>();
  readonly services = new Set<string>();
  private readonly states: States;
  private readonly probe: ProbeEvents | undefined;

  constructor(
    readonly id: string,
    { probe = false, telling = 'before the callback' }: BootOptions,
    write: (event: Omit<EtwEvent, 't'>) => void,
    private readonly isHeard: (provider: string) => boolean,
    stateTold: (told: ToldState) => void,
  ) {
    this.model = new Model(
      (crossing) => this.heard(crossing),
      () => this.moved(),
    );
    this.states = new States(telling, stateTold);
    this.probe = probe
      ? new ProbeEvents(({ provider, metadata, payload, cpu }) =>
          write({
            ...{ provider, id: 0, version: 0, cpu },
            metadata: Buffer.from(metadata).toString('base64'),
            payload: Buffer.from(payload).toString('base64'),
          }),
        )
      : undefined;
  }

  stack(adapter: string): Stack {
    const stack = this.stacks.get(adapter);
    if (!stack) throw new Error(`There is no adapter ${adapter}.`);
    return stack;
  }

  miniport(adapter: string): Miniport {
    const miniport = this.miniports.get(adapter);
    if (!miniport) throw new Error(`There is no fnmp on ${adapter}.`);
    return miniport;
  }

  fnlwf(adapter: string): Fnlwf {
    const fnlwf = this.fnlwfs.get(adapter);
    if (!fnlwf) throw new Error(`There is no fnlwf on ${adapter}.`);
    return fnlwf;
  }

  /** The driver's probe is asked for its state. */
  captureState(): void {
    this.probe?.mark(this.isHeard);
  }

  /** Time has passed for the drivers that hold something. @param now ms */
  passed(now: number): void {
    for (const holder of [...this.miniports.values(), ...this.fnlwfs.values()]) holder.passed(now);
  }

  moved(): void {
    for (const miniport of this.miniports.values()) miniport.moved();
    for (const fnlwf of this.fnlwfs.values()) fnlwf.moved();
  }

  private heard(crossing: Crossing): void {
    this.frames.hear(crossing);
    this.states.hear(crossing, this.model.modules);
    this.probe?.hear(crossing, this.isHeard);
  }
}
