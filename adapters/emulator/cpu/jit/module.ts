/** Puts functions together to a module that shares one memory and one table with all others. */
import { Bytes } from './code';

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

export interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

export interface FunctionBody {
  readonly signature: Signature;
  /** Name to export it under. */
  readonly name: string;
  /** Groups of locals behind the parameters: how many of which type. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  /** Without the `end` of the function. */
  readonly code: Uint8Array;
}

export interface Import {
  readonly name: string;
  readonly signature: Signature;
}

const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const KIND = { function: 0, table: 1, memory: 2 } as const;
const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const FUNCREF = 0x70;
const END = 0x0b;

/**
 * @param pages of the memory, initial and maximum
 * @returns a module whose types are numbered as its imports and then its functions are: function n has type n
 */
export function moduleOf(imports: readonly Import[], functions: readonly FunctionBody[], pages: number): Uint8Array {
  const module = new Bytes().append(HEADER);
  const signatures = [...imports, ...functions.map(({ name, signature }) => ({ name, signature }))];
  section(module, SECTION.type, signatures, (out, { signature }) => {
    out.byte(0x60).unsigned(signature.parameters.length).append(Uint8Array.from(signature.parameters));
    out.unsigned(signature.results.length).append(Uint8Array.from(signature.results));
  });
  const imported: ((out: Bytes) => void)[] = [
    (out) => name(name(out, 'host'), 'memory').byte(KIND.memory).byte(1).unsigned(pages).unsigned(pages),
    (out) => name(name(out, 'host'), 'table').byte(KIND.table).byte(FUNCREF).byte(0).unsigned(1),
    ...imports.map((one, index) => (out: Bytes) => {
      name(name(out, 'host'), one.name).byte(KIND.function).unsigned(index);
    }),
  ];
  section(module, SECTION.import, imported, (out, write) => write(out));
  section(module, SECTION.function, functions, (out, _, index) => out.unsigned(imports.length + index));
  section(module, SECTION.export, functions, (out, body, index) =>
    name(out, body.name)
      .byte(KIND.function)
      .unsigned(imports.length + index),
  );
  section(module, SECTION.code, functions, (out, body) => {
    const bytes = new Bytes().unsigned(body.locals.length);
    for (const [count, type] of body.locals) bytes.unsigned(count).byte(type);
    bytes.append(body.code).byte(END);
    out.unsigned(bytes.length).append(bytes.toArray());
  });
  return module.toArray();
}

function section<T>(
  module: Bytes,
  id: number,
  items: readonly T[],
  write: (out: Bytes, item: T, index: number) => void,
): void {
  const out = new Bytes().unsigned(items.length);
  items.forEach((item, index) => write(out, item, index));
  module.byte(id).unsigned(out.length).append(out.toArray());
}

/** ASCII only: names are ours. */
function name(out: Bytes, text: string): Bytes {
  return out.unsigned(text.length).append(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}
