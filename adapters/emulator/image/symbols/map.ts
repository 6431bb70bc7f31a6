/** Names in the text files that linkers write with /map (MSVC, lld-link) or /lldmap. */

export type MappedNames =
  { readonly symbols: readonly { readonly name: string; readonly rva: number }[] } | { readonly refused: string };

/** ` 0001:00000048       DriverEntry                0000000140001048 f   driver.obj` */
const PUBLIC = /^\s*[0-9a-f]{4}:[0-9a-f]{8}\s+(\S+)\s+([0-9a-f]{16})(?:\s|$)/i;
/** `00001048 0000000e     0                 DriverEntry`; lines of sections and object files have other columns filled. */
const LLD = /^([0-9a-f]{8}) [0-9a-f]{8}\s+0 {17}(\S+)$/i;
const PREFERRED_BASE = /^[ \t]*Preferred load address is ([0-9a-f]{1,16})[ \t\r]*$/im;
const TIMESTAMP = /^[ \t]*Timestamp is ([0-9a-f]{8})\b/im;
/** Of a build that can be repeated lld does not tell the stamp. */
const UNTOLD = '00000000';
/** Labels that compilers set within functions. */
const LABEL = /^\$/;

/**
 * @param timeDateStamp of the image: a map with another one is of another build
 * @returns the names in a map, or why it is not to be used
 */
export function readMap(text: string, preferredBase: bigint, timeDateStamp: number): MappedNames {
  const stamp = TIMESTAMP.exec(text)?.[1];
  if (stamp !== undefined && stamp !== UNTOLD && Number.parseInt(stamp, 16) !== timeDateStamp) {
    return {
      refused:
        `The map file is of another build: its timestamp is ${stamp.toLowerCase()}, and the image's ` +
        `${timeDateStamp.toString(16).padStart(8, '0')}; give the map that was written with this very file.`,
    };
  }
  const based = PREFERRED_BASE.exec(text)?.[1];
  const base = based === undefined ? preferredBase : BigInt(`0x${based}`);
  const symbols: { name: string; rva: number }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, address] = PUBLIC.exec(line) ?? [];
    if (name !== undefined && address !== undefined) {
      const rva = BigInt(`0x${address}`) - base;
      if (rva > 0n && rva <= 0xffff_ffffn && !LABEL.test(name)) symbols.push({ name, rva: Number(rva) });
      continue;
    }
    const [, at, symbol] = LLD.exec(line) ?? [];
    if (at !== undefined && symbol !== undefined && !LABEL.test(symbol))
      symbols.push({ name: symbol, rva: Number.parseInt(at, 16) });
  }
  if (symbols.length > 0) return { symbols };
  return {
    refused: 'The map file names nothing: give the one that the linker writes with /map (or lld with /lldmap).',
  };
}
