/** What an image contains and wants, as far as that can be told without a processor: the ground of `lwf scan`. */
import { hex } from './bytes';
import type { Image, Section } from './contract';
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

export interface Scan {
  readonly sections: readonly Section[];
  /** By the RVA of their first piece. Leaf functions have no entry in .pdata and are not listed. */
  readonly functions: readonly ScannedFunction[];
  readonly modules: readonly ScannedModule[];
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

function scanModules(image: Image): ScannedModule[] {
  const modules = new Map<string, Map<string, boolean>>();
  const note = (module: string, name: string, delayed: boolean) => {
    const functions = modules.get(module) ?? new Map<string, boolean>();
    modules.set(module, functions);
    functions.set(name, delayed && functions.get(name) !== false);
  };
  for (const { module, name } of image.imports) note(module, name, false);
  for (const { module, name } of image.delayImports) note(module, name, true);
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);
  return [...modules].sort(byName).map(([module, functions]) => ({
    module,
    functions: [...functions].sort(byName).map(([name, delayed]) => ({ name, delayed })),
  }));
}

/** @returns the image's sections, functions and imports, sorted */
export function scanImage(image: Image): Scan {
  return { sections: image.sections, functions: scanFunctions(image), modules: scanModules(image) };
}
