/** One boot of the fake machine: the kit's kernel and NDIS, with network adapters on them. */
import { Kernel, type Call, type Thread } from '../../../src/kernel';
import { Chance, Machine, type Adapter as Stack, type FilterModule } from '../../../src/ndis';
import { DISPATCH_LEVEL, PASSIVE_LEVEL, type Crossing } from '../../../src/trace';

/** The system has stopped, or was turned off: nothing answers any more. */
export class MachineIsDown extends Error {}

interface Waiting {
  readonly isDone: () => boolean;
  readonly resolve: () => void;
  readonly reject: (why: Error) => void;
}

export class Model {
  readonly kernel = new Kernel();
  readonly machine = new Machine(this.kernel, new Chance(undefined));
  private readonly waiting = new Set<Waiting>();
  private isOff = false;

  /**
   * @param heard told of each crossing, as it happens
   * @param moved called when something may be otherwise
   */
  constructor(
    heard: (crossing: Crossing) => void,
    private readonly moved: () => void,
  ) {
    this.kernel.recorder.listener = heard;
  }

  get isDown(): boolean {
    return this.isOff || this.kernel.bugcheck !== undefined;
  }

  plugIn(name: string, noPauseOnSuspend: boolean): Stack {
    return this.machine.ndis.newAdapter(name, {
      layers: [],
      mandatory: false,
      noPauseOnSuspend,
    });
  }

  get modules(): readonly FilterModule[] {
    return this.machine.ndis.modules;
  }

  /**
   * Does something on a thread of its own.
   * @returns what it returns, when it is done @throws MachineIsDown
   */
  do<T>(name: string, body: () => Call<T>, irql = PASSIVE_LEVEL): Promise<T> {
    return this.start(name, body, irql).ended;
  }

  /** The same, with the thread. */
  start<T>(
    name: string,
    body: () => Call<T>,
    irql = PASSIVE_LEVEL,
    began: (thread: Thread) => void = () => undefined,
  ): { readonly ended: Promise<T> } {
    if (this.isDown) return { ended: heardBy(Promise.reject(new MachineIsDown('the machine is down'))) };
    const result: { value?: { readonly is: T } } = {};
    began(this.kernel.spawn(name, run(body, result), irql));
    const ended = new Promise<void>((resolve, reject) => {
      this.waiting.add({ isDone: () => result.value !== undefined, resolve, reject });
    });
    this.go();
    return { ended: heardBy(ended.then(() => (result.value as { readonly is: T }).is)) };
  }

  /** From a timer or an interrupt of a device. */
  interrupt(name: string, body: () => Call<unknown>): void {
    this.do(name, body, DISPATCH_LEVEL).catch(() => undefined);
  }

  /** Time passes. */
  pass(milliseconds: number): void {
    if (this.isDown) return;
    this.kernel.advance(milliseconds);
    this.settled();
  }

  /** Off, in the middle of whatever it does. */
  turnOff(): void {
    this.isOff = true;
    this.kernel.abandon();
    this.settled();
  }

  private go(): void {
    this.kernel.settle();
    this.settled();
  }

  private settled(): void {
    if (!this.isDown) this.moved();
    for (const waiting of [...this.waiting]) {
      if (waiting.isDone()) waiting.resolve();
      else if (this.isDown) waiting.reject(new MachineIsDown('the machine went down'));
      else continue;
      this.waiting.delete(waiting);
    }
  }
}

function* run<T>(body: () => Call<T>, result: { value?: { readonly is: T } }): Call<void> {
  result.value = { is: yield* body() };
}

/** Whoever waits for it hears of its end; nobody has to. */
function heardBy<T>(ended: Promise<T>): Promise<T> {
  ended.catch(() => undefined);
  return ended;
}
