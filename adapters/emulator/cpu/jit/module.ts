/** Puts functions together to a module that shares one memory and one table with all others. */
import { Bytes, joined } from './code';

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

export interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** A function that is exported under its name. */
export interface Declaration {
  readonly signature: Signature;
  readonly name: string;
}

export interface FunctionBody extends Declaration {
  /** Groups of locals behind the parameters: how many of which type. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  /** Without the `end` of the function. */
  readonly code: Uint8Array;
}

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const KIND = { function: 0, table: 1, memory: 2 } as const;
const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const FUNCREF = 0x70;
const END = 0x0b;

/** @param pages of the memory, initial and maximum */
export function moduleOf(
  imports: readonly Declaration[],
  functions: readonly FunctionBody[],
  pages: number,
): Uint8Array {
  return withCode(headOf(imports, functions, pages), functions);
}

/**
 * All of a module but the code.
 * @param pages of the memory, initial and maximum
 * @returns a module whose types are numbered as its imports and then its functions are: function n has type n
 */
export function headOf(imports: readonly Declaration[], functions: readonly Declaration[], pages: number): Uint8Array {
  const imported: (readonly [name: string, write: (out: Bytes) => void])[] = [
    ['memory', (out) => out.byte(KIND.memory).byte(1).unsigned(pages).unsigned(pages)],
    ['table', (out) => out.byte(KIND.table).byte(FUNCREF).byte(0).unsigned(1)],
    ...imports.map((one, index) => [one.name, (out: Bytes) => void out.byte(KIND.function).unsigned(index)] as const),
  ];
  return joined([
    HEADER,
    ...section(SECTION.type, [...imports, ...functions], (out, { signature }) => {
      out.byte(0x60).unsigned(signature.parameters.length).append(Uint8Array.from(signature.parameters));
      out.unsigned(signature.results.length).append(Uint8Array.from(signature.results));
    }),
    ...section(SECTION.import, imported, (out, [title, write]) => write(name(name(out, 'host'), title))),
    ...section(SECTION.function, functions, (out, _, index) => out.unsigned(imports.length + index)),
    ...section(SECTION.export, functions, (out, { name: title }, index) =>
      name(out, title)
        .byte(KIND.function)
        .unsigned(imports.length + index),
    ),
  ]);
}

/** @param head made for these functions */
export function withCode(head: Uint8Array, functions: readonly FunctionBody[]): Uint8Array {
  const bodies = functions.flatMap(({ locals, code }) => {
    const before = new Bytes().unsigned(locals.length);
    for (const [count, type] of locals) before.unsigned(count).byte(type);
    const size = new Bytes().unsigned(before.length + code.length + 1);
    return [size.toArray(), before.toArray(), code, Uint8Array.of(END)];
  });
  const length = bodies.reduce((sum, part) => sum + part.length, 0);
  const count = new Bytes().unsigned(functions.length);
  const start = new Bytes().byte(SECTION.code).unsigned(count.length + length);
  return joined([head, start.toArray(), count.toArray(), ...bodies]);
}

function section<T>(
  id: number,
  items: readonly T[],
  write: (out: Bytes, item: T, index: number) => void,
): [head: Uint8Array, contents: Uint8Array] {
  const out = new Bytes().unsigned(items.length);
  items.forEach((item, index) => write(out, item, index));
  return [new Bytes().byte(id).unsigned(out.length).toArray(), out.toArray()];
}

/** ASCII only: names are ours. */
function name(out: Bytes, text: string): Bytes {
  return out.unsigned(text.length).append(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}
