/** Which control codes a driver's routine for IRP_MJ_DEVICE_CONTROL compares the request's with, read from its code. Nothing is run. */
import { createDecoder, type InstructionDecoder } from '../cpu/decode';
import type { Instruction, Operand } from '../cpu/instruction';
import type { Image } from '../image';
import { codeAt, Flow, type Known } from './control-flow';

export interface ControlCode {
  readonly value: number;
  /** As a header would have it: `CTL_CODE(0x22, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)`; a number where there is no device type. */
  readonly spelt: string;
}

const METHODS = ['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER'] as const;
const ACCESSES = ['FILE_ANY_ACCESS', 'FILE_READ_ACCESS', 'FILE_WRITE_ACCESS', 'FILE_READ_ACCESS | FILE_WRITE_ACCESS'];
/** A number below is a count or an offset rather than a code. */
const LEAST = 0x100;
const MAX_DEPTH = 6;
const MAX_STEPS = 20_000;
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
  const search = new Search(image);
  search.walk(routine, new Flow([[RDX, { is: 'irp' }]]), 0);
  return [...search.found]
    .filter((value) => value >= LEAST)
    .sort((a, b) => a - b)
    .map((value) => ({ value, spelt: speltCode(value) }));
}

function speltCode(value: number): string {
  if (value < 0x1_0000) return String(value);
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

  constructor(private readonly image: Image) {
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
          if (target !== undefined) waiting.push([target, this.branch(instruction, flow)]);
        } else if (instruction.flow === 'jump' && target !== undefined) at = target;
        else if (instruction.flow === 'call') this.call(target, flow, depth);
        else if (instruction.flow === 'indirect call') forget(flow);
        else if (instruction.flow === 'next') flow.take(instruction);
        else {
          if (instruction.flow === 'indirect jump') {
            for (const place of this.targetsOf(flow)) waiting.push([place, flow.copy()]);
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
    const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
    const targets: number[] = [];
    for (let index = 0; index < limit; index += 1) {
      const entry = table.bytes === undefined ? index : (contents[table.bytes + index] ?? 0);
      const at = table.table + 4 * entry;
      if (at + 4 > view.byteLength) return [];
      targets.push((table.base + view.getInt32(at, true)) >>> 0);
    }
    const gap = mostOf(targets);
    targets.forEach((target, index) => {
      if (target !== gap) this.found.add(codeAt(table.code, index));
    });
    return [...new Set(targets)].filter((target) => this.isCode(target));
  }

  private call(target: number | undefined, flow: Flow, depth: number): void {
    const args = ARGUMENTS.flatMap((index): [number, Known][] => {
      const known = flow.get(index);
      return known && known.is !== 'frame' && known.is !== 'number' ? [[index, known]] : [];
    });
    const result = target !== undefined && args.length > 0 ? this.walk(target, new Flow(args), depth + 1) : undefined;
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

function forget(flow: Flow): void {
  for (const index of VOLATILE) flow.set(index, undefined);
}

function targetOf({ operands }: Instruction): number | undefined {
  const target = operands.find((operand): operand is Operand & { kind: 'target' } => operand.kind === 'target');
  // The high half is where windows begin; the low half counts from there.
  return target && target.lo >>> 0;
}
