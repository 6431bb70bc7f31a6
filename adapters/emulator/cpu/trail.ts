/** Which instructions were executed last: for a replay that shows machine code, at the price of going one instruction at a time. */
import type { Engine, Exit, Registers } from './contract';

/** Addresses of the instructions that were executed last, one list for each register file. */
export class Trail {
  private readonly lists = new WeakMap<Registers, bigint[]>();

  /** @param length how many instructions are remembered */
  constructor(private readonly length: number) {}

  /** @returns addresses, the latest last */
  of(registers: Registers): readonly bigint[] {
    return this.lists.get(registers) ?? [];
  }

  note(registers: Registers, address: bigint): void {
    const list = this.lists.get(registers);
    if (!list) this.lists.set(registers, [address]);
    else if (list.push(address) > this.length) list.shift();
  }

  /** The registers will serve another call: what was executed with them has nothing to do with it. */
  forget(registers: Registers): void {
    this.lists.delete(registers);
  }
}

/**
 * @param engine that executes
 * @param trail what remembers
 * @param onStop called when something else than the budget has ended a run
 * @returns an engine that does the same, one instruction at a time
 */
export function followed(engine: Engine, trail: Trail, onStop: (registers: Registers) => void): Engine {
  return {
    name: engine.name,
    memory: engine.memory,
    get irql() {
      return engine.irql;
    },
    set irql(irql) {
      engine.irql = irql;
    },
    get instructions() {
      return engine.instructions;
    },
    newRegisters: () => engine.newRegisters(),
    forget: (offset, length) => engine.forget(offset, length),
    run(registers, budget): Exit {
      const end = engine.instructions + budget;
      while (engine.instructions < end) {
        const { rip } = registers;
        const before = engine.instructions;
        const exit = engine.run(registers, 1, true);
        if (engine.instructions > before) trail.note(registers, rip);
        if (exit.kind === 'budget') continue;
        onStop(registers);
        return exit;
      }
      return { kind: 'budget' };
    },
  };
}
