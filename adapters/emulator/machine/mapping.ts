import type { Engine, GuestMemory, Protection } from '../cpu/contract';
import { GUEST_BASE, PAGE_SIZE } from '../cpu/contract';
import type { Image, Section } from '../image/contract';
import { GUARD_CHECK, GUARD_DISPATCH, IMAGE_BASE, NOTHING, READ_ONLY, roundUp } from './layout';

/** What a compiler leaves in the cookie: a driver that finds it there stops the system. */
const DEFAULT_COOKIE = 0x2b99_2ddf_a232n;

/**
 * Copies the image to its base, relocated, with a security cookie of its own and its indirect calls guarded, and gives each
 * section its rights.
 * @param random uniform in [0, 1), for the cookie
 */
export function mapImage(memory: GuestMemory, image: Image, random: () => number): void {
  memory.write(IMAGE_BASE, image.mapAt(GUEST_BASE + BigInt(IMAGE_BASE)));
  memory.protect(IMAGE_BASE, image.sizeOfHeaders, READ_ONLY);
  for (const section of image.sections) {
    memory.protect(IMAGE_BASE + section.rva, roundUp(section.size, PAGE_SIZE), protectionOf(section));
  }
  if (image.securityCookie !== undefined) memory.setU64(IMAGE_BASE + image.securityCookie, cookie(random));
  const { check = [], dispatch = [] } = image.guardSlots ?? {};
  for (const slot of check) memory.setU64(IMAGE_BASE + slot, GUEST_BASE + BigInt(GUARD_CHECK));
  for (const slot of dispatch) memory.setU64(IMAGE_BASE + slot, GUEST_BASE + BigInt(GUARD_DISPATCH));
}

/** Takes away what the system frees once DriverEntry has returned. */
export function discardInit(engine: Engine, image: Image): void {
  for (const section of image.sections) {
    if (!section.discardable) continue;
    engine.memory.protect(IMAGE_BASE + section.rva, roundUp(section.size, PAGE_SIZE), NOTHING);
    engine.forget(IMAGE_BASE + section.rva, section.size);
  }
}

function protectionOf({ read, write, execute, pageable }: Section): Protection {
  return { read, write, execute, pageable };
}

/** 48 bits, as the system makes it. */
function cookie(random: () => number): bigint {
  const value = (BigInt(Math.floor(random() * 2 ** 32)) << 16n) | BigInt(Math.floor(random() * 2 ** 16));
  return value === 0n || value === DEFAULT_COOKIE ? 1n : value;
}
