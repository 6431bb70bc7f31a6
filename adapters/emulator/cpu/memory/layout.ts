/**
 * Where everything lies in the one WebAssembly memory, in this order: the guest's window at 0, six shadow planes, a dirty
 * byte for each page of contents and one for each page of shadow, and an area of the engine's own. Only the window has guest
 * addresses that a plane can allow, so the guest never reaches what lies behind it.
 */
import { PAGE_SIZE } from '../contract';

const WASM_PAGE = 65536;
/** Fast checks read whole words, up to 4 bytes from the last one of a plane: what they see there is always denied. */
const PLANE_PADDING = 64;
/** Register file, exit record and jump caches of an engine. */
const ENGINE_AREA = 1 << 20;
const LARGEST_WINDOW = 1 << 30;

/** Number of a plane: the access, plus 3 for what is denied pageable memory (DISPATCH_LEVEL and above). */
export const PLANES = 6;
export const PLANE_OF = { read: 0, write: 1, execute: 2 } as const;
export const DISPATCH_PLANES = 3;

export interface Layout {
  readonly size: number;
  /** The window's guest addresses differ in this many low bits at most. */
  readonly windowBits: number;
  readonly planes: number;
  readonly planeStride: number;
  readonly dirty: number;
  readonly dirtyShadow: number;
  readonly pages: number;
  readonly engine: number;
  readonly wasmPages: number;
}

/**
 * @param size of the window in bytes, a multiple of the page size, 1 GiB at most
 * @throws RangeError for another size
 */
export function layoutOf(size: number): Layout {
  if (!Number.isInteger(size) || size <= 0 || size > LARGEST_WINDOW || size % PAGE_SIZE !== 0) {
    throw new RangeError(`A window has a multiple of ${PAGE_SIZE} bytes, 1 GiB at most, not ${size}`);
  }
  const windowBits = Math.max(12, 32 - Math.clz32(size - 1));
  const planes = size;
  const planeStride = 2 ** windowBits / 8 + PLANE_PADDING;
  const pages = size / PAGE_SIZE;
  const dirty = planes + PLANES * planeStride;
  // A store at the very end of the window marks the page after it, too.
  const dirtyShadow = dirty + aligned(pages + 1);
  const engine = dirtyShadow + aligned(pages + 1);
  const wasmPages = Math.ceil((engine + ENGINE_AREA) / WASM_PAGE);
  return { size, windowBits, planes, planeStride, dirty, dirtyShadow, pages, engine, wasmPages };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
