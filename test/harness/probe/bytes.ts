/** Numbers as events of the probe have them: little endian, and arrays with their count before them. */

export function u64(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeBigUInt64LE(value, 8 * i));
  return bytes;
}

export function array(values: readonly bigint[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16LE(values.length);
  return Buffer.concat([count, u64(...values)]);
}

export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32LE(value >>> 0, 4 * i));
  return bytes;
}
