/** Reads the names of the functions that an object file gives to others. */
const STORAGE_EXTERNAL = 2;
const SYMBOL_SIZE = 18;
const TYPE_FUNCTION = 0x20;

/**
 * @param object a COFF object file
 * @returns names of the functions that it defines and that are not static, in the order of its symbol table
 */
export function definedFunctions(object: Buffer): string[] {
  const table = object.readUInt32LE(8);
  const count = object.readUInt32LE(12);
  const strings = table + count * SYMBOL_SIZE;
  const names: string[] = [];
  for (let index = 0; index < count; index += 1 + object.readUInt8(table + index * SYMBOL_SIZE + 17)) {
    const at = table + index * SYMBOL_SIZE;
    const defined = object.readInt16LE(at + 12) > 0 && object.readUInt8(at + 16) === STORAGE_EXTERNAL;
    if (defined && object.readUInt16LE(at + 14) === TYPE_FUNCTION) names.push(nameAt(object, at, strings));
  }
  return names;
}

function nameAt(object: Buffer, at: number, strings: number): string {
  const long = object.readUInt32LE(at) === 0;
  const start = long ? strings + object.readUInt32LE(at + 4) : at;
  const end = object.indexOf(0, start);
  return object.toString('latin1', start, long ? end : Math.min(end, at + 8));
}
