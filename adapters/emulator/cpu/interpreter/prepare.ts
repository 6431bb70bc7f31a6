/** From an instruction record to what runs it. */
import type { Instruction } from '../instruction';
import { ARITHMETIC } from './arithmetic';
import { BITS } from './bits';
import { branch, CONTROL } from './control';
import type { Execute } from './cpu';
import { EXTENSIONS } from './extensions';
import { FLOAT_STATE } from './float-state';
import { CONDITIONAL_MOVES, MOVES } from './moves';
import { MULTIPLY } from './multiply';
import { Unsupported } from './operands';
import { STRINGS } from './strings';
import { PRIVILEGED, SYSTEM, unsupported } from './system';
import type { Prepare, Table } from './table';
import { VECTOR_EXTENSIONS } from './vector-extensions';
import { VECTOR_FLOAT } from './vector-float';
import { VECTOR_INTEGER } from './vector-integer';
import { VECTOR_MOVES } from './vector-moves';

/** cr8. */
const IRQL = 8;

const TABLE: Table = {
  ...ARITHMETIC,
  ...BITS,
  ...CONTROL,
  ...EXTENSIONS,
  ...FLOAT_STATE,
  ...MOVES,
  ...MULTIPLY,
  ...SYSTEM,
  ...VECTOR_EXTENSIONS,
  ...VECTOR_FLOAT,
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

function prepared(instruction: Instruction): Execute | undefined {
  try {
    return find(instruction)?.(instruction);
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** @returns what runs the instruction; for one that is not supported, what stops with saying so */
export function prepare(instruction: Instruction): Execute {
  return prepared(instruction) ?? unsupported(instruction);
}

/** @returns whether it does what it does on a processor in kernel mode, as far as that can be told before it runs */
export function isSupported(instruction: Instruction): boolean {
  return !isPrivileged(instruction) && prepared(instruction) !== undefined;
}

/** Of the control registers only the one that is the IRQL is there. */
function isPrivileged({ mnemonic, operands }: Instruction): boolean {
  return (
    PRIVILEGED.includes(mnemonic) ||
    operands.some((operand) => operand.kind === 'register' && operand.bank === 'control' && operand.index !== IRQL)
  );
}
