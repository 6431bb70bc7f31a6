/** Which control codes a driver's routine for IRP_MJ_DEVICE_CONTROL compares the request's with, read from its code. Nothing is run. */
import { createDecoder, type InstructionDecoder } from '../cpu/decode';
import type { Instruction, Operand } from '../cpu/instruction';
import type { Image } from '../image';
import { codeAt, Flow, type Known } from './control-flow';
import { storedFunctions } from './function-tables';

export interface ControlCode {
  readonly value: number;
  /** As a header would have it: `CTL_CODE(0x22, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)`; a number where there is no device type. */
  readonly spelt: string;
  /** It is compared in a function that the routine may call through a table, and may not. */
  readonly throughTable?: true;
}

const METHODS = ['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER'] as const;
const ACCESSES = ['FILE_ANY_ACCESS', 'FILE_READ_ACCESS', 'FILE_WRITE_ACCESS', 'FILE_READ_ACCESS | FILE_WRITE_ACCESS'];
/** A number below is a count or an offset rather than a code. */
const LEAST = 0x100;
/** Below it there is no device type in a code. */
const LEAST_CODE = 0x1_0000;
/** Of the stack location: IRP_MJ_CREATE, IRP_MJ_DEVICE_CONTROL. */
const MAJOR = { create: 0x00, deviceControl: 0x0e } as const;
const MAX_DEPTH = 6;
const MAX_STEPS = 60_000;
/** Conditions of jumps, as encoded. */
const IF = { below: 2, notBelow: 3, equal: 4, unequal: 5, notAbove: 6, above: 7 } as const;
/** More than any switch over control codes has. */
const MAX_ENTRIES = 1024;
const [RAX, RCX, RDX] = [0, 1, 2];
const VOLATILE = [RAX, RCX, RDX, 8, 9, 10, 11];
const ARGUMENTS = [RCX, RDX, 8, 9];

/**
 * @param image of any origin: nothing in it makes this fail
 * @param routine RVA of the dispatch routine
 * @returns the codes by rising value; none when the code does it in a way that this simple look does not understand
 */
export function controlCodes(image: Image, routine: number): ControlCode[] {
  const own = codesIn(image, routine, []);
  const more = codesIn(image, routine, storedFunctions(image)).filter(
    // A function that is called for something else may compare with small numbers; hardly with a code.
    (value) => value >= LEAST_CODE && !own.includes(value),
  );
  return [
    ...own.map((value) => ({ value, spelt: speltCode(value) })),
    ...more.map((value) => ({ value, spelt: speltCode(value), throughTable: true as const })),
  ].sort((a, b) => a.value - b.value);
}

function codesIn(image: Image, routine: number, tables: readonly number[]): number[] {
  const search = new Search(image, tables);
  search.walk(routine, new Flow([[RDX, { is: 'irp' }]], { major: MAJOR.deviceControl, readsAttribute: false }), 0);
  return [...search.found].filter((value) => value >= LEAST);
}

/**
 * @param image of any origin: nothing in it makes this fail
 * @param routine RVA of the dispatch routine for IRP_MJ_CREATE
 * @returns whether it looks at the extended attribute that an application may give when it opens
 */
export function readsAttribute(image: Image, routine: number): boolean {
  const request = { major: MAJOR.create, readsAttribute: false };
  new Search(image, storedFunctions(image)).walk(routine, new Flow([[RDX, { is: 'irp' }]], request), 0);
  return request.readsAttribute;
}

function speltCode(value: number): string {
  if (value < LEAST_CODE) return String(value);
  const device = `0x${(value >>> 16).toString(16).toUpperCase()}`;
  const what = `0x${((value >>> 2) & 0xfff).toString(16).toUpperCase()}`;
  return `CTL_CODE(${device}, ${what}, ${METHODS[value & 3] ?? ''}, ${ACCESSES[(value >>> 14) & 3] ?? ''})`;
}

/** Follows every path once, with what is known of registers and of the stack on the first way there. */
class Search {
  readonly found = new Set<number>();
  private readonly decoder: InstructionDecoder;
  private readonly entered = new Set<string>();
  private steps = 0;

  /** @param tables functions that any call through a pointer may go to */
  constructor(
    private readonly image: Image,
    private readonly tables: readonly number[],
  ) {
    this.decoder = createDecoder(image.contents);
  }

  /** @returns what the function returns, as far as it is known */
  walk(entry: number, start: Flow, depth: number): Known | undefined {
    const call = `${entry} ${ARGUMENTS.map((index) => start.get(index)?.is ?? '').join()}`;
    if (depth > MAX_DEPTH || this.entered.has(call)) return undefined;
    this.entered.add(call);
    let returned: Known | undefined;
    const seen = new Set<number>();
    const waiting: [number, Flow][] = [[entry, start]];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      let [at] = next;
      const [, flow] = next;
      while (!seen.has(at) && this.isCode(at) && this.steps < MAX_STEPS) {
        seen.add(at);
        this.steps += 1;
        const instruction = this.decoder.decode(at);
        if (instruction.mnemonic === 'invalid') break;
        const target = targetOf(instruction);
        at += instruction.length;
        if (instruction.flow === 'return') returned ??= flow.get(RAX);
        if (instruction.flow === 'branch') {
          const way = decided(instruction, flow);
          if (way !== 'on' && target !== undefined) waiting.push([target, this.branch(instruction, flow)]);
          if (way === 'away') break;
        } else if (instruction.flow === 'jump' && target !== undefined) at = target;
        else if (instruction.flow === 'call') this.call(target, flow, depth);
        else if (instruction.flow === 'indirect call') this.callThroughPointer(instruction, flow, depth);
        else if (instruction.flow === 'next') flow.take(instruction);
        else {
          if (instruction.flow === 'indirect jump') {
            for (const place of this.targetsOf(flow)) waiting.push([place, flow.copy()]);
            // The last call of a function may be one.
            if (!flow.switch) this.callThroughPointer(instruction, flow, depth);
          }
          break;
        }
      }
    }
    return returned;
  }

  /** @returns what is known where the jump goes; `flow` is what is known where it does not */
  private branch({ condition }: Instruction, flow: Flow): Flow {
    const taken = flow.copy();
    const { compared } = flow;
    if (!compared) return taken;
    const { code, with: bound } = compared;
    if (code.is === 'major') return taken;
    if (condition === IF.equal || condition === IF.unequal) this.found.add(codeAt(code, bound));
    if (condition === IF.above) flow.limit = bound + 1;
    if (condition === IF.notBelow) flow.limit = bound;
    if (condition === IF.notAbove) taken.limit = bound + 1;
    if (condition === IF.below) taken.limit = bound;
    return taken;
  }

  /** Every code of a switch that does not go where most do: those are the gaps between them. */
  private targetsOf({ switch: table, limit = 0 }: Flow): number[] {
    if (!table || limit > MAX_ENTRIES) return [];
    const { contents } = this.image;
    const { code } = table;
    const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
    const targets: number[] = [];
    const [from, to] = code.is === 'major' ? [code.value, code.value + 1] : [0, limit];
    for (let index = from; index < to; index += 1) {
      const entry = table.bytes === undefined ? index : (contents[table.bytes + index] ?? 0);
      const at = table.table + 4 * entry;
      if (at < 0 || at + 4 > view.byteLength) return [];
      targets.push((table.base + view.getInt32(at, true)) >>> 0);
    }
    const gap = mostOf(targets);
    if (code.is === 'code') {
      targets.forEach((target, index) => {
        if (target !== gap) this.found.add(codeAt(code, index));
      });
    }
    return [...new Set(targets)].filter((target) => this.isCode(target));
  }

  /** Where it goes is not known: what is handed over is looked for wherever it may. */
  private callThroughPointer({ operands }: Instruction, flow: Flow, depth: number): void {
    const slot = slotIn(operands);
    const { check, dispatch } = this.image.guardSlots ?? { check: [], dispatch: [] };
    // It looks at a target, and leaves the registers as they are.
    if (slot !== undefined && check.includes(slot)) return;
    const args = argumentsIn(flow);
    // A pointer at a place of its own is an import, or else one function.
    if (args.length > 0 && (slot === undefined || dispatch.includes(slot))) {
      for (const target of this.tables) this.walk(target, new Flow(args, flow.request), depth + 1);
    }
    forget(flow);
  }

  private call(target: number | undefined, flow: Flow, depth: number): void {
    const args = argumentsIn(flow);
    const isFollowed = target !== undefined && args.length > 0;
    const result = isFollowed ? this.walk(target, new Flow(args, flow.request), depth + 1) : undefined;
    forget(flow);
    if (result && result.is !== 'frame') flow.set(RAX, result);
  }

  private isCode(rva: number): boolean {
    return this.image.sections.some(
      (section) => section.execute && rva >= section.rva && rva < section.rva + section.size,
    );
  }
}

/** @returns the number that is there most often, when it is there more than once */
function mostOf(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first && first[1] > 1 ? first[0] : undefined;
}

/**
 * The kind of the request is given, so that one of two ways is never gone.
 * @returns where a branch leads; undefined where both ways are open
 */
function decided({ condition }: Instruction, { compared }: Flow): 'away' | 'on' | undefined {
  if (compared?.code.is !== 'major') return undefined;
  const { code, with: bound } = compared;
  const [value, other] = [code.value >>> 0, bound >>> 0];
  const ways: Readonly<Record<number, boolean>> = {
    [IF.equal]: value === other,
    [IF.unequal]: value !== other,
    [IF.above]: value > other,
    [IF.notAbove]: value <= other,
    [IF.below]: value < other,
    [IF.notBelow]: value >= other,
  };
  const isAway = ways[condition];
  return isAway === undefined ? undefined : isAway ? 'away' : 'on';
}

/** What a call hands over of the request. */
function argumentsIn(flow: Flow): [number, Known][] {
  return ARGUMENTS.flatMap((index): [number, Known][] => {
    const known = flow.get(index);
    return known && known.is !== 'frame' && known.is !== 'number' ? [[index, known]] : [];
  });
}

function forget(flow: Flow): void {
  for (const index of VOLATILE) flow.set(index, undefined);
}

/** @returns RVA of the pointer, where the instruction names it */
function slotIn(operands: readonly Operand[]): number | undefined {
  const slot = operands.find((operand) => operand.kind === 'memory' && operand.base < 0 && operand.index < 0);
  return slot?.kind === 'memory' ? slot.lo >>> 0 : undefined;
}

function targetOf({ operands }: Instruction): number | undefined {
  const target = operands.find((operand): operand is Operand & { kind: 'target' } => operand.kind === 'target');
  // The high half is where windows begin; the low half counts from there.
  return target && target.lo >>> 0;
}
