/** A rig on a machine that may go away: whoever plays on it learns what became of the machine, not only that nobody answers. */
import { RigRefusal, type Adapter, type Rig } from '../../../adapters/contract';
import { RIG_CALLS, type RigCall } from '../../../adapters/contract/protocol';
import type { Crossing } from '../../trace';

/** What is known of the machine when it was lost and looked for. */
export interface Inquest {
  /** In one sentence. */
  readonly words: string;
  /** Of the driver under test, as far as can be told. */
  readonly bugcheck?: string;
}

/** The machine, as long as one rig is open on it. */
export interface Watch {
  /** The conversation is the one that the rig was opened in. */
  isIntact(): boolean;
  /** Looks for the machine, and for what it knows of its end. Never throws. */
  inquest(): Promise<Inquest>;
}

export interface Guard {
  /** Called in front of each scenario. @throws RigRefusal when it cannot be played */
  ready(): Promise<void>;
  /** A rig is open. */
  watch(): Watch;
  /** Its scenario is over, and the rig is closed. @throws RigRefusal when the machine is lost */
  closed(): Promise<void>;
  /** @throws RigRefusal when the machine has told more than any honest one */
  received(crossings: readonly Crossing[]): void;
}

/** @returns the adapter, with rigs that know what became of their machine */
export function guarded(adapter: () => Adapter, guard: Guard): Adapter {
  return {
    get name() {
      return adapter().name;
    },
    get driver() {
      return adapter().driver;
    },
    capabilities: () => adapter().capabilities(),
    profile: () => adapter().profile(),
    async open(options) {
      await guard.ready();
      try {
        return guardedRig(await adapter().open(options), guard, guard.watch());
      } catch (failure) {
        const watch = guard.watch();
        if (watch.isIntact()) throw failure;
        throw new RigRefusal('environment', (await watch.inquest()).words, { cause: failure });
      }
    },
    // The kit's drivers are not on the machine.
    exhibit: () => undefined,
  };
}

type Call = (...values: readonly unknown[]) => Promise<unknown>;

function guardedRig(rig: Rig, guard: Guard, watch: Watch): Rig {
  const calls = rig as unknown as Readonly<Record<RigCall, Call>>;
  let found: Promise<Inquest> | undefined;
  let isTold = false;
  const inquest = (): Promise<Inquest> => (found ??= watch.inquest());

  /** @param instead what a call gives where there is a bugcheck to answer for: what is not known any more is nothing */
  const attempt = async <T>(call: () => Promise<T>, instead?: T): Promise<T> => {
    try {
      return await call();
    } catch (failure) {
      if (watch.isIntact()) throw failure;
      const { words, bugcheck } = await inquest();
      if (bugcheck !== undefined && instead !== undefined) return instead;
      throw new RigRefusal('environment', words, { cause: failure });
    }
  };
  const plain = Object.fromEntries(
    (Object.keys(RIG_CALLS) as RigCall[]).map((method) => [
      method,
      (...values: readonly unknown[]) => attempt(() => calls[method](...values)),
    ]),
  ) as unknown as Rig;
  return {
    ...plain,
    profile: rig.profile,
    stopped: () => attempt(() => rig.stopped(), []),
    async trace(after) {
      const crossings = await attempt(() => rig.trace(after), []);
      guard.received(crossings);
      return crossings;
    },
    async bugcheck() {
      if (watch.isIntact()) return attempt(() => rig.bugcheck());
      const { bugcheck } = await inquest();
      isTold = bugcheck !== undefined;
      return bugcheck;
    },
    async close() {
      await rig.close();
      await attempt(() => guard.closed(), undefined);
      if (watch.isIntact() || isTold) return;
      // Nobody has been told yet of what happened on the way out.
      throw new RigRefusal('environment', (await inquest()).words);
    },
  };
}
