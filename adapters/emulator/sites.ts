/**
 * Where in a driver's machine code its crossings happen. Watching costs time, so that only a replay which shows machine code asks
 * for it: without a log, nothing of this runs.
 */
import type { Thread } from '../../src/kernel';
import type { Crossing } from '../../src/trace';
import { GENERAL_REGISTERS, type Engine, type GeneralRegister, type Registers } from './cpu/contract';
import { listing, type ListedInstruction } from './cpu/listing';
import { followed, Trail } from './cpu/trail';
import type { Image } from './image';
import { addressOfImage, isReturnToSystem, stackOf, whereIs, type Guest, type StackFrame } from './machine';

/** Instructions that are remembered, and shown, before and after. */
const BEFORE = 10;
const AFTER = 5;
/** Longest instruction. */
const LONGEST = 15;
/** Arguments on the stack that are kept. */
const STACK_ARGUMENTS = 8;
const HOME_SPACE = 32n;

export interface SiteInstruction {
  readonly address: bigint;
  /** `mydriver.sys!NpfWrite+0x9a`, where it is the first of its function's or of a stretch. */
  readonly where: string;
  readonly text: string;
  /** What an address in it is: `ndis!NdisFSendNetBufferLists`, `mydriver.sys!FilterAttach`. */
  readonly names?: string;
}

/** What the machine code was doing at a crossing. */
export interface Site {
  /**
   * `call`: it called an export. `return`: a function of it returned to the system. `instruction`: one of its own instructions was
   * at work. `entry`: the system was about to call it.
   */
  readonly kind: 'call' | 'return' | 'instruction' | 'entry';
  /** Of a call: the export, as it is imported. */
  readonly called?: string;
  /** Executed last, oldest first; the last of them called or returned. */
  readonly before: readonly SiteInstruction[];
  /** What would be executed next: behind the call, or the instruction that was at work first. */
  readonly after: readonly SiteInstruction[];
  readonly registers: Readonly<Partial<Record<GeneralRegister, bigint>>>;
  /** Fifth argument and the following ones of a call, as they are on the stack. */
  readonly stackArguments: readonly bigint[];
  /** Innermost first. */
  readonly stack: readonly StackFrame[];
}

/** What is kept at each crossing; text is made of it when somebody asks. */
interface Moment {
  readonly guest: Guest;
  readonly kind: Site['kind'];
  readonly called?: string;
  readonly trail: readonly bigint[];
  readonly next: bigint | undefined;
  readonly registers: Site['registers'];
  readonly stackArguments: readonly bigint[];
  readonly stack: readonly StackFrame[];
}

/** How a function of the guest came back. */
interface Return {
  readonly trail: readonly bigint[];
  readonly rax: bigint;
}

export class SiteLog {
  private readonly moments = new Map<number, Moment>();
  private readonly trail = new Trail(BEFORE);
  private readonly returns = new WeakMap<Thread, Return>();
  private guest: Guest | undefined;

  /** @returns an engine that does the same as the given one, and is watched */
  watch(engine: Engine): Engine {
    return followed(engine, this.trail, (registers) => this.noteReturn(registers));
  }

  /** A crossing is recorded while the guest is as it is now. */
  take({ seq, dir, neighbour }: Crossing, guest: Guest): void {
    if (seq === 1) this.moments.clear();
    this.guest = guest;
    const { running } = guest.kernel;
    if (neighbour !== undefined || !running) return;
    const activations = guest.threads.of(running)?.activations ?? [];
    const common = { guest, stack: stackOf(guest, activations) };
    const own = activations.at(-1)?.registers;
    if (dir === '->') this.moments.set(seq, { ...common, ...NOTHING_YET, kind: 'entry' });
    else if (dir === '<-') this.takeReturn(seq, running, common);
    else if (own) this.moments.set(seq, { ...common, ...workOf(guest, own), trail: [...this.trail.of(own)] });
  }

  /** @returns what the machine code was doing at a crossing; undefined when none of it was under way */
  at(seq: number): Site | undefined {
    const moment = this.moments.get(seq);
    if (!moment) return undefined;
    const { kind, called, registers, stackArguments, stack } = moment;
    const name = called === undefined ? {} : { called };
    return { kind, ...name, before: executed(moment), after: following(moment), registers, stackArguments, stack };
  }

  /** A run of the processor has ended; it may be that a function has returned to the system. */
  private noteReturn(registers: Registers): void {
    const running = this.guest?.kernel.running;
    if (!running || !isReturnToSystem(registers)) return;
    this.returns.set(running, { trail: [...this.trail.of(registers)], rax: registers.get('rax') });
    this.trail.forget(registers);
  }

  /** The call that has just ended is no longer among those that are under way. */
  private takeReturn(seq: number, running: Thread, common: Pick<Moment, 'guest' | 'stack'>): void {
    const last = this.returns.get(running);
    if (!last) return;
    this.returns.delete(running);
    const { trail, rax } = last;
    this.moments.set(seq, { ...common, ...NOTHING_YET, kind: 'return', trail, registers: { rax } });
  }
}

const NOTHING_YET = { trail: [], next: undefined, registers: {}, stackArguments: [] } as const;

/** What a thread is about: the call of an export, or an instruction of its own. */
function workOf(
  guest: Guest,
  registers: Registers,
): Pick<Moment, 'kind' | 'called' | 'next' | 'registers' | 'stackArguments'> {
  const kept = copyOf(registers);
  const target = guest.imports.targetAt(registers.ripOffset);
  if (!target) {
    return { kind: 'instruction', next: registers.rip, registers: kept, stackArguments: [] };
  }
  const top = registers.get('rsp');
  return {
    kind: 'call',
    called: target.name,
    next: stackWords(guest, top, 1)[0],
    registers: kept,
    stackArguments: stackWords(guest, top + 8n + HOME_SPACE, STACK_ARGUMENTS),
  };
}

function copyOf(registers: Registers): Site['registers'] {
  return Object.fromEntries(GENERAL_REGISTERS.map((name) => [name, registers.get(name)]));
}

function stackWords(guest: Guest, address: bigint, count: number): bigint[] {
  const words: bigint[] = [];
  for (let index = 0; index < count; index += 1) {
    const offset = guest.memory.offsetOf(address + 8n * BigInt(index));
    if (offset === undefined || offset + 8 > guest.memory.size) break;
    words.push(guest.memory.u64(offset));
  }
  return words;
}

function executed(moment: Moment): SiteInstruction[] {
  return moment.trail.flatMap((address) => instructionsAt(moment, address, 1));
}

function following(moment: Moment): SiteInstruction[] {
  return moment.next === undefined ? [] : instructionsAt(moment, moment.next, AFTER);
}

/** Of the image as it is mapped: code that was thrown away since then is still told. */
function instructionsAt({ guest }: Moment, address: bigint, most: number): SiteInstruction[] {
  const { image } = guest;
  const rva = Number(address - addressOfImage());
  if (rva < 0 || rva >= image.sizeOfImage) return [];
  const code = mapped(image).subarray(rva, rva + most * LONGEST);
  return listing(code, address, most).map((instruction) => ({
    address: instruction.address,
    where: whereIs(guest, instruction.address),
    text: instruction.text,
    ...namesIn(guest, instruction),
  }));
}

const mappings = new WeakMap<Image, Uint8Array>();

function mapped(image: Image): Uint8Array {
  const known = mappings.get(image) ?? image.mapAt(addressOfImage());
  mappings.set(image, known);
  return known;
}

function namesIn(guest: Guest, { target, memory }: ListedInstruction): { readonly names?: string } {
  if (target !== undefined) return { names: whereIs(guest, target) };
  if (memory === undefined) return {};
  const slot = Number(memory - addressOfImage());
  const { image } = guest;
  const imported = [...image.imports, ...image.delayImports].find((one) => one.slot === slot);
  return { names: imported ? `${imported.module.replace(/\.[a-z]+$/, '')}!${imported.name}` : whereIs(guest, memory) };
}
