/**
 * Whether code is in an epilogue, by looking at its bytes. The convention leaves only few forms: `add rsp` or
 * `lea rsp` from the frame register, pops, and a return or a jump to another function.
 */
import { unlessBeyond, viewOf } from '../bytes';
import type { Image, RuntimeFunction } from '../contract';
import type { UnwindInformation } from './information';
import { primaryOf } from './primary';

/** What is still to be done until the function has returned, or has left for another one. */
export interface RestOfEpilogue {
  /** Sets rsp to a register plus a number. */
  readonly stack: { readonly register: number; readonly add: number } | undefined;
  /** Registers popped, in order. */
  readonly pops: readonly number[];
  /** Bytes that the return takes off the stack beside the return address. */
  readonly drop: number;
}

const RSP = 4;
const R12 = 12;

/** A jump ends an epilogue when it leaves the function, or begins it anew. */
function leaves(image: Image, here: RuntimeFunction, information: UnwindInformation, target: number): boolean {
  if (target === here.begin) return !information.chained;
  if (target > here.begin && target < here.end) return false;
  const there = image.functionAt(target);
  const primary = there && primaryOf(image, there);
  if (!primary || primary.begin === target) return true;
  return primary.begin !== primaryOf(image, here)?.begin;
}

function match(
  image: Image,
  here: RuntimeFunction,
  information: UnwindInformation,
  rva: number,
): RestOfEpilogue | undefined {
  const view = viewOf(image.contents);
  const byte = (offset: number) => view.getUint8(offset);
  let at = rva;

  let stack: RestOfEpilogue['stack'];
  if (byte(at) === 0x48 && byte(at + 1) === 0x83 && byte(at + 2) === 0xc4) {
    stack = { register: RSP, add: view.getInt8(at + 3) };
    at += 4;
  } else if (byte(at) === 0x48 && byte(at + 1) === 0x81 && byte(at + 2) === 0xc4) {
    stack = { register: RSP, add: view.getInt32(at + 3, true) };
    at += 7;
  } else if ((byte(at) & 0xfe) === 0x48 && byte(at + 1) === 0x8d && (byte(at + 2) & 0x38) === 0x20) {
    const register = ((byte(at) & 1) << 3) | (byte(at + 2) & 7);
    const mode = byte(at + 2) >> 6;
    const index = register === R12 ? 1 : 0;
    if (register === 0 || register !== information.frameRegister || (mode !== 1 && mode !== 2)) return undefined;
    if (index === 1 && byte(at + 3) !== 0x24) return undefined;
    stack = { register, add: mode === 1 ? view.getInt8(at + 3 + index) : view.getInt32(at + 3 + index, true) };
    at += (mode === 1 ? 4 : 7) + index;
  }

  const pops: number[] = [];
  for (;;) {
    const rex = (byte(at) & 0xf0) === 0x40 ? byte(at) : undefined;
    const opcode = at + (rex === undefined ? 0 : 1);
    if ((byte(opcode) & 0xf8) !== 0x58) break;
    pops.push((byte(opcode) & 7) | (((rex ?? 0) & 1) << 3));
    at = opcode + 1;
  }

  const rest = { stack, pops, drop: 0 };
  const first = byte(at);
  if (first === 0xc3 || (first === 0xf3 && byte(at + 1) === 0xc3)) return rest;
  if (first === 0xc2) return { ...rest, drop: view.getUint16(at + 1, true) };
  if (first === 0xeb) return leaves(image, here, information, at + 2 + view.getInt8(at + 1)) ? rest : undefined;
  if (first === 0xe9) return leaves(image, here, information, at + 5 + view.getInt32(at + 1, true)) ? rest : undefined;
  if (first === 0xff && byte(at + 1) === 0x25) return rest;
  // Without a prefix an indirect jump is one of a switch: compilers mark those that leave.
  if ((first & 0xf8) === 0x48 && byte(at + 1) === 0xff && (byte(at + 2) & 0x38) === 0x20) return rest;
  return undefined;
}

/** @returns what is left of the epilogue at an RVA of a function, undefined when none is there */
export function restOfEpilogue(
  image: Image,
  here: RuntimeFunction,
  information: UnwindInformation,
  rva: number,
): RestOfEpilogue | undefined {
  return unlessBeyond(() => match(image, here, information, rva));
}
