/**
 * The plain interpreter of x86-64: one instruction at a time, decoded once. It is the engine that the fast one is compared
 * with, so it never trades exactness for speed.
 *
 * `prepare` finds the room that an instruction is in (`arithmetic` over `alu` and `shift`, `multiply`, `bits`, `extensions`,
 * `moves`, `control`, `strings`, `system`, `float-state`, `vector-moves`, `vector-integer`, `vector-extensions`,
 * `vector-float` over `float`); `operands` and `vector` are how operands are reached,
 * `cpu` what all of them work on.
 */
import { PAGE_SIZE, type Engine, type Exit, type GuestMemory, type Registers } from '../contract';
import { createDecoder } from '../decode';
import { RegisterFile } from '../memory';
import { Cpu, Stop, WILD, type Execute } from './cpu';
import { prepare } from './prepare';

export { isSupported } from './prepare';

/** An instruction as it is kept. */
interface Kept {
  readonly offset: number;
  readonly length: number;
  readonly next: number;
  readonly execute: Execute;
  readonly bytes: Uint8Array;
  /**
   * The run in which it was last found to be there and executable: between runs the host may change contents and
   * protection, within one only the guest writes, and that is seen when it does.
   */
  checked: number;
}

const PAGE_SHIFT = 12;

class Interpreter implements Engine {
  readonly name = 'interpreter';
  irql = 0;
  private readonly cpu: Cpu;
  private readonly decoder;
  /** By page, then by offset in the page. */
  private readonly pages: ((Kept | undefined)[] | undefined)[] = [];
  private runs = 0;

  constructor(readonly memory: GuestMemory) {
    this.cpu = new Cpu(memory, (offset, length) => this.forget(offset, length));
    this.decoder = createDecoder(memory.bytes);
  }

  get instructions(): number {
    return this.cpu.count;
  }

  /** An engine that hands single instructions over says here how many it has executed itself: `rdtsc` tells. */
  set instructions(count: number) {
    this.cpu.count = count;
  }

  newRegisters(): RegisterFile {
    return new RegisterFile();
  }

  /** @throws TypeError for registers of another engine's making */
  run(registers: Registers, budget: number): Exit {
    if (!(registers instanceof RegisterFile)) throw new TypeError('These registers are not of this processor');
    const { cpu } = this;
    cpu.irql = this.irql;
    cpu.enter(registers);
    this.runs += 1;
    const exit = this.go(budget);
    cpu.leave(registers);
    return exit;
  }

  forget(offset: number, length: number): void {
    // An instruction of the page before may reach into the range.
    const first = Math.max(0, (offset >> PAGE_SHIFT) - 1);
    const last = (offset + Math.max(length, 1) - 1) >> PAGE_SHIFT;
    for (let page = first; page <= last; page++) {
      this.pages[page] = undefined;
      this.cpu.codePages[page] = 0;
    }
  }

  private go(budget: number): Exit {
    const { cpu } = this;
    const end = cpu.count + budget;
    let from = cpu.ip;
    try {
      while (cpu.count < end) {
        from = cpu.ip;
        const kept = this.fetch(from);
        if (kept === undefined) return { kind: 'fetch' };
        cpu.ip = kept.next;
        kept.execute(cpu);
        cpu.count += 1;
      }
      return { kind: 'budget' };
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
      // Behind an interrupt is where the processor is when it happens.
      if (stop.exit.kind !== 'interrupt') cpu.ip = from;
      return stop.exit;
    }
  }

  /** @returns the instruction at an offset, undefined when not all of it may be executed */
  private fetch(offset: number): Kept | undefined {
    if (offset === WILD) return undefined;
    let kept = this.pages[offset >> PAGE_SHIFT]?.[offset % PAGE_SIZE];
    if (kept !== undefined && kept.checked === this.runs) return kept;
    if (kept === undefined || !this.isThere(kept)) kept = this.keep(offset);
    if (kept === undefined) return undefined;
    if (this.memory.firstDenied('execute', offset, kept.length, this.irql) !== undefined) return undefined;
    kept.checked = this.runs;
    return kept;
  }

  private isThere({ offset, bytes }: Kept): boolean {
    const { memory } = this;
    for (let i = 0; i < bytes.length; i++) if (memory.bytes[offset + i] !== bytes[i]) return false;
    return true;
  }

  private keep(offset: number): Kept | undefined {
    if (this.memory.firstDenied('execute', offset, 1, this.irql) !== undefined) return undefined;
    const instruction = this.decoder.decode(offset);
    const next = offset + instruction.length;
    const bytes = this.memory.bytes.slice(offset, next);
    const kept = { offset, length: instruction.length, next, execute: prepare(instruction), bytes, checked: 0 };
    const page = offset >> PAGE_SHIFT;
    const slots = (this.pages[page] ??= new Array<Kept | undefined>(PAGE_SIZE));
    slots[offset % PAGE_SIZE] = kept;
    for (let touched = page; touched <= (next - 1) >> PAGE_SHIFT; touched++) this.cpu.codePages[touched] = 1;
    return kept;
  }
}

/** @param memory that it runs in; changes of it between runs need no `forget` */
export function createInterpreter(memory: GuestMemory): Engine & { instructions: number } {
  return new Interpreter(memory);
}
