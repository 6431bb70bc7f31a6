/** The names of an image's functions and variables, from whatever the build left beside it. */
import type { DebugInformation, Section, SymbolSource } from '../contract';
import { lastNotAfter } from '../functions';
import { readMap } from './map';
import { readPdb } from './pdb';

export interface SymbolFiles {
  /** Contents of a .pdb. */
  readonly pdb?: Uint8Array;
  /** Text of a map file; used when there is no .pdb that can be. */
  readonly map?: string;
}

export interface Symbols {
  readonly source: SymbolSource;
  at(rva: number): { readonly name: string; readonly offset: number } | undefined;
  addressOf(name: string): number | undefined;
}

interface Named {
  readonly name: string;
  readonly rva: number;
  readonly procedure?: boolean;
}

/** Of several names for one place the lowest is shown: the source's own, and the linker's helpers (`.weak.x`) last. */
function rank({ name, procedure }: Named): number {
  if (name.startsWith('.')) return 2;
  return procedure ? 0 : 1;
}

/** What of the image the files are matched with. */
export interface Identity {
  readonly sections: readonly Section[];
  readonly debug: DebugInformation | undefined;
  readonly preferredBase: bigint;
  readonly timeDateStamp: number;
}

function load(
  files: SymbolFiles,
  image: Identity,
): { kind: SymbolSource['kind']; named: readonly Named[]; refused?: string } {
  let refused: string | undefined;
  if (files.pdb) {
    const found = readPdb(files.pdb, image.debug);
    if ('symbols' in found) {
      const named = found.symbols.flatMap(({ name, section, offset, procedure }) => {
        const within = image.sections[section - 1];
        return within && offset <= within.size ? [{ name, rva: within.rva + offset, procedure }] : [];
      });
      return { kind: 'pdb', named };
    }
    refused = found.refused;
  }
  if (files.map !== undefined) {
    const found = readMap(files.map, image.preferredBase, image.timeDateStamp);
    if ('symbols' in found) return { kind: 'map', named: found.symbols, refused };
    refused = refused === undefined ? found.refused : `${refused} ${found.refused}`;
  }
  return { kind: 'none', named: [], refused };
}

/** @returns the symbols; those of files that do not belong to the image are not used, and `source` says why */
export function readSymbols(files: SymbolFiles, image: Identity): Symbols {
  const { kind, named, refused } = load(files, image);
  const addresses = new Map<string, number>();
  const places = new Map<number, Named>();
  for (const one of named) {
    if (!addresses.has(one.name)) addresses.set(one.name, one.rva);
    const known = places.get(one.rva);
    if (!known || rank(one) < rank(known)) places.set(one.rva, one);
  }
  const sorted = [...places.values()].sort((a, b) => a.rva - b.rva);
  return {
    source: { kind, count: addresses.size, refused },
    addressOf: (name) => addresses.get(name),
    at: (rva) => {
      const nearest = sorted[lastNotAfter(sorted, rva, (one) => one.rva)];
      const section = image.sections.find((one) => rva >= one.rva && rva < one.rva + one.size);
      if (!nearest || !section || nearest.rva < section.rva) return undefined;
      return { name: nearest.name, offset: rva - nearest.rva };
    },
  };
}
