/** Reading little-endian numbers where a hostile file says that they are. */
import { BadImage } from './contract';

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @returns whether `length` bytes at `offset` lie in a space of `size` */
export function holds(size: number, offset: number, length: number): boolean {
  return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/**
 * For tables that an image can do without: what cannot be read is not there.
 * @returns what `read` returns, undefined when it reads beyond the end of its bytes
 */
export function unlessBeyond<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @returns the 8-bit string at `offset` up to a NUL, undefined when there is none within `most` bytes */
export function stringAt(bytes: Uint8Array, offset: number, most: number): string | undefined {
  if (offset < 0 || offset >= bytes.length) return undefined;
  const end = bytes.subarray(offset, offset + most).indexOf(0);
  return end < 0 ? undefined : String.fromCharCode(...bytes.subarray(offset, offset + end));
}

/** @returns the UTF-8 string that `stringAt` would find, fit to be shown: what it has of control characters cannot steer a terminal */
export function textAt(bytes: Uint8Array, offset: number, most: number): string | undefined {
  const raw = stringAt(bytes, offset, most);
  if (raw === undefined) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(offset, offset + raw.length));
  return text.replaceAll(/\p{Cc}/gu, '?');
}

/** The image as it will lie in memory, for tables that an image cannot do without. */
export class Contents {
  readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = viewOf(bytes);
  }

  /** @throws BadImage when the range is not wholly in the image */
  need(rva: number, length: number, what: string): void {
    if (holds(this.bytes.length, rva, length)) return;
    throw new BadImage(
      `${what} would be at RVA ${hex(rva)}, ${length} bytes long, beyond the image's ${hex(this.bytes.length)} bytes: ` +
        'the file is damaged, take it from the build again.',
    );
  }

  u32(rva: number, what: string): number {
    this.need(rva, 4, what);
    return this.view.getUint32(rva, true);
  }

  u64(rva: number, what: string): bigint {
    this.need(rva, 8, what);
    return this.view.getBigUint64(rva, true);
  }
}
