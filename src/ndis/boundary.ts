import type { Call, Kernel } from '../kernel';
import { Bugcheck, KitError } from '../kernel';
import type { ArgValue, CrossingDraft, Direction, NblView } from '../trace';
import { badPointer } from './faults';

/** What a crossing carries besides its direction and name. */
export interface Parts {
  readonly module?: string | undefined;
  readonly adapter?: string | undefined;
  readonly status?: string | undefined;
  readonly args?: Readonly<Record<string, ArgValue>> | undefined;
  readonly nbls?: readonly NblView[] | undefined;
}

const NOTHING: Parts = {};

/**
 * Member by member: this is done for every crossing of every scenario, and a spread costs several times as much.
 * @param around the parts of the crossing on the way in, whose module and adapter the way back has too
 * @param neighbour who enters or calls, when it is not the driver
 */
export function draftOf(dir: Direction, ddi: string, parts: Parts, around = parts, neighbour?: string): CrossingDraft {
  return {
    dir,
    ddi,
    neighbour,
    module: parts.module ?? around.module,
    adapter: parts.adapter ?? around.adapter,
    status: parts.status,
    args: parts.args,
    nbls: parts.nbls,
  };
}

/** A kernel stack has 24 KB; a driver and its neighbours that call each other this deep have used it up. */
const DEEPEST_STACK = 100;

/**
 * The border between the driver's code and the kit. It records what crosses, and keeps faults apart: what the driver's code
 * throws stops the simulated system (a bugcheck), what the kit's code throws is an error of the kit.
 */
export class Boundary {
  /** Set once DriverUnload has returned: code of the driver is no longer there to be called. */
  imageUnloaded = false;

  constructor(private readonly kernel: Kernel) {}

  /**
   * NDIS enters a handler of the driver.
   * @param ddi name of the entry point
   * @param entry what the crossing `->` carries
   * @param body calls the driver's code
   * @param exit what the crossing `<-` carries, given what the handler returned
   * @returns what the handler returned
   */
  *enter<T>(ddi: string, entry: Parts, body: () => Call<T>, exit?: (result: T) => Parts): Call<T> {
    const { kernel } = this;
    const thread = kernel.thread;
    if (this.imageUnloaded) throw kernel.stop(unloadedCode(ddi));
    if (thread.frames.length >= DEEPEST_STACK) throw kernel.stop(stackExhausted(ddi));
    thread.frames.push({ ddi, module: entry.module });
    if (kernel.interruptible) yield { point: `->${ddi}` };
    kernel.record(draftOf('->', ddi, entry));
    let result: T;
    thread.inDriver = true;
    try {
      result = yield* body();
    } catch (failure) {
      throw this.driverFailure(failure);
    }
    thread.inDriver = false;
    if (kernel.interruptible) yield { point: `<-${ddi}` };
    kernel.record(draftOf('<-', ddi, exit ? exit(result) : NOTHING, entry));
    thread.frames.pop();
    return result;
  }

  /**
   * The driver calls an export: a point of interruption in front, the kit's faults kept apart.
   * @param ddi name of the export
   * @param implementation its code
   * @param cx first argument of the implementation
   * @param parameters as the driver passed them
   */
  *call<C, R>(
    ddi: string,
    implementation: (cx: C, ...parameters: unknown[]) => Call<R>,
    cx: C,
    parameters: unknown[],
  ): Call<R> {
    const { kernel } = this;
    const { thread } = kernel;
    const wasInDriver = thread.inDriver;
    kernel.spend();
    if (kernel.interruptible) yield { point: ddi };
    thread.inDriver = false;
    try {
      const result = yield* implementation(cx, ...parameters);
      thread.inDriver = wasInDriver;
      return result;
    } catch (failure) {
      throw this.kitFailure(ddi, failure);
    }
  }

  private driverFailure(failure: unknown): Error {
    if (failure instanceof Bugcheck || failure instanceof KitError) return failure;
    const text = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
    return badPointer(this.kernel, `the driver raised an exception: ${text}`, 'unknown');
  }

  private kitFailure(ddi: string, failure: unknown): Error {
    if (failure instanceof Bugcheck) return failure;
    if (failure instanceof KitError) return this.kernel.fail(failure);
    const text = failure instanceof Error ? failure.message : String(failure);
    return this.kernel.fail(new KitError(`the model failed in ${ddi}: ${text}`, { cause: failure }));
  }
}

function unloadedCode(ddi: string): Bugcheck {
  return new Bugcheck(
    '0xCE',
    'DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS',
    `${ddi} of the driver was called after the driver had been unloaded`,
  );
}

function stackExhausted(ddi: string): Bugcheck {
  return new Bugcheck(
    '0x7F',
    'UNEXPECTED_KERNEL_MODE_TRAP',
    `the kernel stack was used up when ${ddi} was entered: the driver and its neighbours call each other without end`,
    ['0x8'],
  );
}
