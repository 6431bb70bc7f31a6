/** The shadow: for each byte of the window and each access one bit, 1 where it is allowed. Fresh memory is all zero. */
import { DISPATCH_LEVEL, PAGE_SIZE } from '../contract';
import type { Access, Protection } from '../contract';
import { DISPATCH_PLANES, PLANE_OF, PLANES } from './layout';
import type { Layout } from './layout';

const PLANE_PAGE = PAGE_SIZE / 8;
/** Bytes of shadow that belong to one page of the window. */
export const SHADOW_PAGE = PLANES * PLANE_PAGE;

export class Shadow {
  private readonly planes: readonly Uint8Array[];

  constructor(
    buffer: ArrayBuffer,
    private readonly layout: Layout,
  ) {
    this.planes = Array.from(
      { length: PLANES },
      (_, plane) => new Uint8Array(buffer, layout.planes + plane * layout.planeStride, layout.planeStride),
    );
  }

  protect(offset: number, length: number, protection: Protection): void {
    const { read, write, execute, pageable = false } = protection;
    [read, write, execute].forEach((allowed, plane) => {
      setBits(this.plane(plane), offset, length, allowed);
      setBits(this.plane(plane + DISPATCH_PLANES), offset, length, allowed && !pageable);
    });
  }

  /** @returns the first byte of the range that does not allow the access at this IRQL, undefined when all do */
  firstDenied(access: Access, offset: number, length: number, irql: number): number | undefined {
    if (length <= 0) return undefined;
    if (offset < 0 || offset >= this.layout.size) return offset;
    const plane = this.plane(PLANE_OF[access] + (irql >= DISPATCH_LEVEL ? DISPATCH_PLANES : 0));
    // What lies behind the window is denied by bits that are never set: the scan stops there by itself.
    const end = offset + length;
    for (let at = offset; at < end;) {
      const byte = plane[at >> 3] ?? 0;
      if ((at & 7) === 0 && byte === 0xff) at += 8;
      else if (((byte >> (at & 7)) & 1) === 0) return at;
      else at += 1;
    }
    return undefined;
  }

  /** @returns whether some byte of a range of the window allows the access below DISPATCH_LEVEL */
  allowsAny(access: Access, offset: number, length: number): boolean {
    const plane = this.plane(PLANE_OF[access]);
    const end = offset + length;
    for (let at = offset; at < end;) {
      const byte = plane[at >> 3] ?? 0;
      if ((at & 7) === 0 && byte === 0) at += 8;
      else if (((byte >> (at & 7)) & 1) !== 0) return true;
      else at += 1;
    }
    return false;
  }

  copyPageTo(page: number, into: Uint8Array): void {
    for (let plane = 0; plane < PLANES; plane += 1) {
      const start = page * PLANE_PAGE;
      into.set(this.plane(plane).subarray(start, start + PLANE_PAGE), plane * PLANE_PAGE);
    }
  }

  setPage(page: number, from: Uint8Array): void {
    for (let plane = 0; plane < PLANES; plane += 1) {
      this.plane(plane).set(from.subarray(plane * PLANE_PAGE, (plane + 1) * PLANE_PAGE), page * PLANE_PAGE);
    }
  }

  private plane(number: number): Uint8Array {
    const plane = this.planes[number];
    if (plane === undefined) throw new RangeError(`There is no shadow plane ${number}`);
    return plane;
  }
}

function setBits(plane: Uint8Array, offset: number, length: number, allowed: boolean): void {
  let at = offset;
  const end = offset + length;
  const setOne = (): void => {
    const bit = 1 << (at & 7);
    const byte = plane[at >> 3] ?? 0;
    plane[at >> 3] = allowed ? byte | bit : byte & ~bit;
    at += 1;
  };
  while (at < end && (at & 7) !== 0) setOne();
  const whole = (end - at) >> 3;
  if (whole > 0) {
    plane.fill(allowed ? 0xff : 0, at >> 3, (at >> 3) + whole);
    at += whole * 8;
  }
  while (at < end) setOne();
}
