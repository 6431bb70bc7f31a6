/** How the rooms of instructions offer what they implement. */
import type { Instruction } from '../instruction';
import type { Execute } from './cpu';

/**
 * Prepares one instruction.
 * @throws Unsupported when this form is not supported
 */
export type Prepare = (instruction: Instruction) => Execute;

/** By mnemonic. */
export type Table = Readonly<Record<string, Prepare>>;

/** @returns the same preparation for several mnemonics */
export function each(mnemonics: readonly string[], prepare: Prepare): Table {
  return Object.fromEntries(mnemonics.map((mnemonic) => [mnemonic, prepare]));
}
