import type { Data } from './builder';

export interface Imported {
  readonly module: string;
  readonly names: readonly (string | number)[];
  readonly bound?: boolean;
}

/** Lays out an import directory as linkers do: names, lookup tables, address tables, descriptors. */
export function imports(data: Data, modules: readonly Imported[]): { rva: number; slots: number[] } {
  const slots: number[] = [];
  const descriptors = modules.map(({ module, names, bound = false }) => {
    const entries = names.map((name) => {
      if (typeof name === 'number') return 0x8000_0000_0000_0000n | BigInt(name);
      const rva = data.align(2).rva;
      data.u16(0).text(name);
      return BigInt(rva);
    });
    const nameRva = data.rva;
    const lookup = data.text(module).align(8).rva;
    const addresses = data.u64(...entries, 0n).rva;
    data.u64(...(bound ? entries.map(() => 0xfffff800_12345678n) : entries), 0n);
    slots.push(addresses);
    return [lookup, bound ? 0xffff_ffff : 0, 0, nameRva, addresses];
  });
  const rva = data.rva;
  for (const descriptor of descriptors) data.u32(...descriptor);
  data.zeros(20);
  return { rva, slots };
}
