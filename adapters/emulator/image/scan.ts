/** What an image contains and wants, as far as that can be told without a processor: the ground of `lwf scan`. */
import { hex } from './bytes';
import type { Image, Section } from './contract';
import { thunkedImport } from './thunks';
import { readUnwindInformation } from './unwind/information';
import { primaryOf } from './unwind/primary';

export interface ScannedFunction {
  /** Its symbol when there is one, else its RVA. */
  readonly name: string;
  readonly section: string;
  /** The ranges of its code, the one that it is entered by first. */
  readonly pieces: readonly { readonly begin: number; readonly end: number }[];
}

export interface ScannedModule {
  readonly module: string;
  /** Sorted; delay-loaded ones are told apart. */
  readonly functions: readonly { readonly name: string; readonly delayed: boolean }[];
}

/** A language handler, such as `__C_specific_handler`. */
export interface ScannedHandler {
  /** Of the import or the symbol; without either, its RVA. */
  readonly name: string;
  /** How many pieces of functions it handles exceptions of. */
  readonly count: number;
}

export interface Scan {
  readonly sections: readonly Section[];
  /** By the RVA of their first piece. Leaf functions have no entry in .pdata and are not listed. */
  readonly functions: readonly ScannedFunction[];
  readonly modules: readonly ScannedModule[];
  /** Sorted by name. */
  readonly handlers: readonly ScannedHandler[];
}

function scanFunctions(image: Image): ScannedFunction[] {
  const pieces = new Map<number, { begin: number; end: number }[]>();
  for (const { begin, end, unwind } of image.functions) {
    const first = primaryOf(image, { begin, end, unwind })?.begin ?? begin;
    const known = pieces.get(first);
    if (!known) pieces.set(first, [{ begin, end }]);
    else if (begin === first) known.unshift({ begin, end });
    else known.push({ begin, end });
  }
  return [...pieces]
    .sort(([a], [b]) => a - b)
    .map(([first, all]) => {
      const symbol = image.symbolAt(first);
      const section = image.sections.find(({ rva, size }) => first >= rva && first < rva + size);
      return { name: symbol?.offset === 0 ? symbol.name : hex(first), section: section?.name ?? '', pieces: all };
    });
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

function scanModules(image: Image): ScannedModule[] {
  const modules = new Map<string, Map<string, boolean>>();
  const note = (module: string, name: string, delayed: boolean) => {
    const functions = modules.get(module) ?? new Map<string, boolean>();
    modules.set(module, functions);
    functions.set(name, delayed && functions.get(name) !== false);
  };
  for (const { module, name } of image.imports) note(module, name, false);
  for (const { module, name } of image.delayImports) note(module, name, true);
  return [...modules].sort(byName).map(([module, functions]) => ({
    module,
    functions: [...functions].sort(byName).map(([name, delayed]) => ({ name, delayed })),
  }));
}

function scanHandlers(image: Image): ScannedHandler[] {
  const counts = new Map<string, number>();
  for (const { unwind } of image.functions) {
    const routine = readUnwindInformation(image.contents, unwind)?.handler?.routine;
    if (routine === undefined) continue;
    const symbol = image.symbolAt(routine);
    const name = thunkedImport(image, routine)?.name ?? (symbol?.offset === 0 ? symbol.name : hex(routine));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(byName).map(([name, count]) => ({ name, count }));
}

/** @returns the image's sections, functions, imports and exception handlers, sorted */
export function scanImage(image: Image): Scan {
  return {
    sections: image.sections,
    functions: scanFunctions(image),
    modules: scanModules(image),
    handlers: scanHandlers(image),
  };
}
