/** The load configuration: security cookie and control-flow guard. */
import type { Contents } from './bytes';
import { hex, holds } from './bytes';
import { BadImage, type GuardSlots } from './contract';
import type { Directory } from './headers';

/** Offsets in IMAGE_LOAD_CONFIG_DIRECTORY64. */
const SECURITY_COOKIE = 0x58;
const GUARD_CHECK_SLOT = 0x70;
const GUARD_DISPATCH_SLOT = 0x78;
const GUARD_TABLE = 0x80;
const GUARD_COUNT = 0x88;
const GUARD_FLAGS = 0x90;
const CHPE_METADATA = 0xc8;
/** The same two for images that also compare the type of what they call. */
const XFG_CHECK_SLOT = 0x118;
const XFG_DISPATCH_SLOT = 0x120;

/** A driver has hundreds; a set of all that the bytes of a hostile image could name would take minutes. */
const MOST_GUARDED = 262_144n;

/** In the guard flags. */
const INSTRUMENTED = 0x100;
const FUNCTION_TABLE_PRESENT = 0x400;
/** In the metadata of a function of the guard's table: no call may go there all the same. */
const SUPPRESSED = 0x01;

export interface LoadConfig {
  readonly securityCookie: number | undefined;
  readonly guardFunctions: ReadonlySet<number> | undefined;
  readonly guardSlots: GuardSlots | undefined;
}

function guardFunctions(contents: Contents, table: number, count: bigint, flags: number): ReadonlySet<number> {
  const metadata = flags >>> 28;
  const stride = 4 + metadata;
  if (count > MOST_GUARDED) {
    throw new BadImage(
      `The control-flow guard's table at RVA ${hex(table)} would have ${count} functions, more than any driver: the file is damaged, link the driver again.`,
    );
  }
  const length = Number(count) * stride;
  contents.need(table, length, "The control-flow guard's table");
  const found = new Set<number>();
  for (let at = table; at < table + length; at += stride) {
    if (metadata && (contents.view.getUint8(at + 4) & SUPPRESSED) !== 0) continue;
    found.add(contents.view.getUint32(at, true));
  }
  return found;
}

/**
 * The slots through which guarded code calls are filled in the file with code of the image's own that checks nothing; the
 * kernel puts its own there. The dynamic relocations would only be wanted by a kernel that rewrites the image.
 * @throws BadImage when it leads out of the image, and for ARM64EC images, which pass themselves off as x64
 */
export function readLoadConfig(contents: Contents, { rva, size }: Directory, preferredBase: bigint): LoadConfig {
  if (rva === 0 || size === 0) return { securityCookie: undefined, guardFunctions: undefined, guardSlots: undefined };
  // Its own first field is what Windows goes by, and older linkers wrote another size in the directory.
  const length = contents.u32(rva, 'The load configuration');
  contents.need(rva, length, 'The load configuration');
  const wide = (offset: number) => (offset + 8 <= length ? contents.view.getBigUint64(rva + offset, true) : 0n);
  const pointer = (offset: number, room: number, what: string): number | undefined => {
    const address = wide(offset);
    if (address === 0n) return undefined;
    const target = address - preferredBase;
    if (target < 0n || target > 0xffff_ffffn || !holds(contents.bytes.length, Number(target), room)) {
      throw new BadImage(
        `${what} would be at ${hex(address)}, by the load configuration at RVA ${hex(rva)}, outside the image: the file is damaged, link the driver again.`,
      );
    }
    return Number(target);
  };
  if (wide(CHPE_METADATA) !== 0n) {
    throw new BadImage(
      `The image is ARM64EC (the load configuration at RVA ${hex(rva)} has hybrid metadata), and only x64 can be run: build the driver for x64.`,
    );
  }
  const flags = GUARD_FLAGS + 4 <= length ? contents.view.getUint32(rva + GUARD_FLAGS, true) : 0;
  const table = flags & FUNCTION_TABLE_PRESENT ? pointer(GUARD_TABLE, 0, "The control-flow guard's table") : undefined;
  const slots = (what: string, ...offsets: readonly number[]): number[] =>
    offsets.map((offset) => pointer(offset, 8, `The control-flow guard's slot for ${what}`)).filter(isNumber);
  return {
    securityCookie: pointer(SECURITY_COOKIE, 8, 'The security cookie'),
    guardFunctions: table === undefined ? undefined : guardFunctions(contents, table, wide(GUARD_COUNT), flags),
    guardSlots:
      table === undefined || (flags & INSTRUMENTED) === 0
        ? undefined
        : {
            check: slots('checks', GUARD_CHECK_SLOT, XFG_CHECK_SLOT),
            dispatch: slots('calls', GUARD_DISPATCH_SLOT, XFG_DISPATCH_SLOT),
          },
  };
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined;
}
