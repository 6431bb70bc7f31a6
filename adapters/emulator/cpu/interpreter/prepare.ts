/** From an instruction record to what runs it. */
import type { Instruction } from '../decode';
import { ARITHMETIC } from './arithmetic';
import { BITS } from './bits';
import { branch, CONTROL } from './control';
import type { Execute } from './cpu';
import { CONDITIONAL_MOVES, MOVES } from './moves';
import { MULTIPLY } from './multiply';
import { Unsupported } from './operands';
import { STRINGS } from './strings';
import { SYSTEM, unsupported } from './system';
import type { Prepare, Table } from './table';
import { VECTOR_INTEGER } from './vector-integer';
import { VECTOR_MOVES } from './vector-moves';

const TABLE: Table = {
  ...ARITHMETIC,
  ...BITS,
  ...CONTROL,
  ...MOVES,
  ...MULTIPLY,
  ...SYSTEM,
  ...VECTOR_INTEGER,
  ...VECTOR_MOVES,
};

function find(instruction: Instruction): Prepare | undefined {
  const { mnemonic } = instruction;
  if (instruction.string) return STRINGS[mnemonic] ?? TABLE[mnemonic];
  if (instruction.condition < 0) return TABLE[mnemonic];
  if (instruction.flow === 'branch') return TABLE[mnemonic] ?? branch;
  if (mnemonic.startsWith('set')) return CONDITIONAL_MOVES.set;
  return mnemonic.startsWith('cmov') ? CONDITIONAL_MOVES.cmov : undefined;
}

/** @returns what runs the instruction; for one that is not implemented, what stops with saying so */
export function prepare(instruction: Instruction): Execute {
  const preparation = find(instruction);
  if (preparation === undefined) return unsupported(instruction);
  try {
    return preparation(instruction);
  } catch (error) {
    if (error instanceof Unsupported) return unsupported(instruction);
    throw error;
  }
}
