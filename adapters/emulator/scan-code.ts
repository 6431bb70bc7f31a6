/** Which instructions an image contains, and which of them the processor of the emulator cannot execute. */
import { createDecoder, type InstructionDecoder } from './cpu/decode';
import { type Instruction } from './cpu/instruction';
import { isSupported } from './cpu/interpreter';
import type { Image, RuntimeFunction } from './image';

export interface UnsupportedInstruction {
  readonly mnemonic: string;
  /** The encoding, such as `Mov_r64_cr`: other forms of the mnemonic may be supported. */
  readonly form: string;
  /** RVA of the first one. */
  readonly rva: number;
  /** `FilterPause+0x12`; undefined without symbols. */
  readonly symbol?: string;
  readonly count: number;
}

export interface ScannedCode {
  readonly instructions: number;
  /** How often each mnemonic occurs; sorted. */
  readonly mnemonics: Readonly<Record<string, number>>;
  /** By the RVA of their first. */
  readonly unsupported: readonly UnsupportedInstruction[];
  /** Bytes behind the code of functions that were taken for the tables of their switches. */
  readonly tableBytes: number;
}

/**
 * Decodes every function of .pdata from its first byte to its last. Leaf functions have no entry there and are not seen.
 * @param image of any origin: nothing in it makes this fail
 */
export function scanCode(image: Image): ScannedCode {
  const decoder = createDecoder(image.contents);
  const mnemonics = new Map<string, number>();
  const unsupported = new Map<string, { mnemonic: string; rva: number; count: number }>();
  let instructions = 0;
  let tableBytes = 0;
  for (const piece of image.functions) {
    const end = eachInstruction(decoder, piece, (instruction) => {
      const { mnemonic, code: form, offset } = instruction;
      instructions += 1;
      mnemonics.set(mnemonic, (mnemonics.get(mnemonic) ?? 0) + 1);
      if (mnemonic !== 'invalid' && isSupported(instruction)) return;
      const known = unsupported.get(form);
      if (known) known.count += 1;
      else unsupported.set(form, { mnemonic, rva: offset, count: 1 });
    });
    tableBytes += Math.max(0, piece.end - end);
  }
  return {
    instructions,
    mnemonics: Object.fromEntries([...mnemonics].sort(([a], [b]) => (a < b ? -1 : 1))),
    unsupported: [...unsupported].map(([form, first]) => ({ form, ...first, ...symbolOf(image, first.rva) })),
    tableBytes,
  };
}

/** @returns where the code ends: before the tables of switches, which some compilers place behind it */
function eachInstruction(
  decoder: InstructionDecoder,
  { begin, end }: RuntimeFunction,
  visit: (instruction: Instruction) => void,
): number {
  const tables = new Set<number>();
  let reached = true;
  let at = begin;
  while (at < end) {
    // Nothing runs into a table; where something would, the number was not that of a table.
    if (!reached && tables.has(at)) return at;
    const instruction = decoder.decode(at);
    visit(instruction);
    for (const table of indexedAddresses(instruction)) if (table > at && table < end) tables.add(table);
    reached = goesOn(instruction, reached);
    at += instruction.length;
  }
  return at;
}

/** A switch reads its table as `[base of the image + index * 4 + RVA of the table]`. */
function indexedAddresses({ operands }: Instruction): number[] {
  return operands.flatMap((operand) =>
    operand.kind === 'memory' && operand.base >= 0 && operand.index >= 0 ? [operand.lo] : [],
  );
}

function goesOn({ flow, mnemonic }: Instruction, reached: boolean): boolean {
  if (flow === 'jump' || flow === 'indirect jump' || flow === 'return') return false;
  // Padding.
  return mnemonic === 'int3' || mnemonic === 'nop' ? reached : true;
}

function symbolOf(image: Image, rva: number): { readonly symbol?: string } {
  const symbol = image.symbolAt(rva);
  if (symbol === undefined) return {};
  return { symbol: symbol.offset === 0 ? symbol.name : `${symbol.name}+0x${symbol.offset.toString(16)}` };
}
