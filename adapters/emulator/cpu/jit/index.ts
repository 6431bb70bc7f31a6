/**
 * The fast engine: x86-64 becomes WebAssembly. `region` finds the blocks of a region, `translate` makes a function of them
 * with `integer`, `multiply`, `shifts`, `vectors` and `control` for the instructions, `context` for operands, checks and exits,
 * `flags` for flags that are computed late, and `flow` and `transfers` for what is in locals; `runtime` is what all of it
 * calls; `regions` keeps what was translated. `code` and `module` write WebAssembly. What none of them translates is the interpreter's, one instruction at a time.
 */
import { createInterpreter } from '../interpreter';
import { DISPATCH_LEVEL, type Engine, type Exit, type Registers } from '../contract';
import { RegisterFile } from '../memory';
import type { WindowMemory } from '../memory';
import type { Layout } from '../memory/layout';
import { dispatchDistance } from './context';
import { LONGEST_BLOCK } from './region';
import { Regions, variantOf } from './regions';
import type { Variant } from './regions';
import { runtimeModule } from './runtime';
import { BASE_HIGH, registerViews } from '../memory/registers';
import type { RegisterViews } from '../memory/registers';
import { ARITHMETIC_FLAGS, STATE, STATE_SIZE, STATUS } from './state';

const LARGEST_BUDGET = 0x3fff_ffff;
const TABLE_START = 256;
/** No rip of a guest ever leads here: it is not canonical. */
const NOWHERE = 0x8000_0000_0000_0000n;

interface Runtime {
  dispatch(expected: bigint, depth: number): number;
  flush(): void;
}

class Jit implements Engine {
  readonly name = 'jit';
  irql = 0;
  instructions = 0;
  private readonly interpreter;
  private readonly regions: Regions;
  private readonly runtime: Runtime;
  private readonly view: DataView;
  private readonly file: RegisterViews;
  /** Whose registers are in the state. */
  private resident: RegisterFile | undefined;
  private codeChanges = 0;

  constructor(readonly memory: WindowMemory) {
    const { engine } = memory.layout;
    this.interpreter = createInterpreter(memory);
    this.view = new DataView(memory.wasm.buffer, engine, STATE_SIZE);
    this.file = registerViews(memory.wasm.buffer, engine);
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: TABLE_START });
    const host = { memory: memory.wasm, table };
    const { exports } = new WebAssembly.Instance(runtimeFor(memory.layout), { host });
    table.set(0, exports['miss']);
    this.runtime = {
      dispatch: exports['dispatch'] as Runtime['dispatch'],
      flush: exports['flush'] as Runtime['flush'],
    };
    this.regions = new Regions(memory, table, { ...host, ...exports });
  }

  newRegisters(): RegisterFile {
    return new RegisterFile();
  }

  /** @throws TypeError for registers of another engine's making */
  run(registers: Registers, budget: number, step = false): Exit {
    if (!(registers instanceof RegisterFile)) throw new TypeError('These registers are not of this processor');
    const dispatch = this.irql >= DISPATCH_LEVEL;
    // Whole blocks as long as they are sure to fit; only the end of the budget goes in steps.
    let variant = variantOf(step && budget <= LONGEST_BLOCK, dispatch);
    this.prepare(variant, step);
    this.load(registers);
    let left = budget;
    while (left > 0) {
      const given = Math.min(left, LARGEST_BUDGET);
      this.view.setInt32(STATE.budget, given, true);
      const status = this.runtime.dispatch(NOWHERE, 0);
      const used = given - this.view.getInt32(STATE.budget, true);
      this.instructions += used;
      left -= used;
      // Whether there is code at rip is the next run's question.
      if (left <= 0 && status === STATUS.miss) break;
      const here = status === STATUS.miss ? this.provide(variant) : undefined;
      if (here === 'nothing') {
        this.save();
        return { kind: 'fetch' };
      }
      if (status === STATUS.fallback || here === 'writable' || this.isElsewhere(status)) {
        const before = this.instructions;
        const exit = this.interpret(registers);
        left -= this.instructions - before;
        if (exit.kind !== 'budget') return exit;
        this.prepare(variant, step);
        this.load(registers);
      } else if (status === STATUS.read || status === STATUS.write) {
        this.save();
        return this.fault(status === STATUS.read ? 'read' : 'write');
      } else if (status === STATUS.budget && step && left <= LONGEST_BLOCK) {
        variant = variantOf(true, dispatch);
        this.prepare(variant, step);
      }
    }
    this.save();
    return { kind: 'budget' };
  }

  forget(offset: number, length: number): void {
    this.regions.forget(offset, length);
    this.interpreter.forget(offset, length);
  }

  /**
   * Drops code that has changed since the last look, and says what memory is asked with.
   * @param exact whether the budget must not be overrun
   */
  private prepare(variant: Variant, exact: boolean): void {
    const { memory, view } = this;
    if (memory.codeChanges !== this.codeChanges) {
      this.codeChanges = memory.codeChanges;
      this.regions.revalidate();
    }
    view.setUint32(STATE.planeOffset, variant.dispatch ? dispatchDistance(memory.layout) : 0, true);
    view.setInt32(STATE.exact, exact && !variant.stepping ? -1 : 0, true);
    view.setUint32(STATE.cache, this.regions.cacheOf(variant), true);
  }

  /** @returns what there is at rip now; what the guest may write is not translated */
  private provide(variant: Variant): 'translated' | 'writable' | 'nothing' {
    const { memory, view } = this;
    const offset = view.getUint32(STATE.rip, true);
    if (view.getInt32(STATE.rip + 4, true) !== BASE_HIGH || offset >= memory.size) return 'nothing';
    if (memory.firstDenied('execute', offset, 1, this.irql) !== undefined) return 'nothing';
    return this.regions.provide(offset, variant) ? 'translated' : 'writable';
  }

  /** Executes the instruction at rip with the registers as they are in the state; the interpreter looks at its bytes anew. */
  private interpret(registers: RegisterFile): Exit {
    this.save();
    const { interpreter } = this;
    interpreter.irql = this.irql;
    interpreter.instructions = this.instructions;
    const exit = interpreter.run(registers, 1, true);
    this.instructions = interpreter.instructions;
    return exit;
  }

  /** Translated code knows the window's own addresses only: what has others is for the interpreter. */
  private isElsewhere(status: number): boolean {
    if (status !== STATUS.read && status !== STATUS.write) return false;
    const { address, size } = this.fault('read');
    return this.memory.aliasOf(address, size) !== undefined;
  }

  private fault(access: 'read' | 'write'): Extract<Exit, { kind: 'fault' }> {
    const address = this.view.getBigUint64(STATE.faultAddress, true);
    return { kind: 'fault', access, address, size: this.view.getInt32(STATE.faultSize, true) };
  }

  /** Registers of another thread leave the state for these. */
  private load(registers: RegisterFile): void {
    const { view } = this;
    if (this.resident !== registers) {
      this.resident?.moveBack();
      registers.moveTo(this.file);
      this.resident = registers;
    }
    view.setInt32(STATE.flagKind, 0, true);
    view.setInt32(STATE.flagResult, registers.flags & ARITHMETIC_FLAGS, true);
    view.setInt32(STATE.flagResult + 4, 0, true);
  }

  /** The registers are where they should be, but for the flags. */
  private save(): void {
    this.runtime.flush();
  }
}

/** By size of the window, which the whole layout follows from: every boot would compile the same once more. */
const runtimes = new Map<number, WebAssembly.Module>();

function runtimeFor(layout: Layout): WebAssembly.Module {
  const known = runtimes.get(layout.size);
  if (known !== undefined) return known;
  const made = new WebAssembly.Module(runtimeModule(layout));
  runtimes.set(layout.size, made);
  return made;
}

/**
 * @param memory that it runs in; changes of it by the host are noticed where code was translated
 * @returns an engine that runs translated code, as the interpreter would
 */
export function createJit(memory: WindowMemory): Engine {
  return new Jit(memory);
}
