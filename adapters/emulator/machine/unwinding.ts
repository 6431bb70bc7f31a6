import type { Registers } from '../cpu/contract';
import { GENERAL_REGISTERS, GUEST_BASE } from '../cpu/contract';
import type { UnwindContext } from '../image/contract';
import type { Guest } from './guest';
import { IMAGE_BASE } from './layout';

/** Where the image is. */
export const IMAGE_ADDRESS = GUEST_BASE + BigInt(IMAGE_BASE);
const RSP = GENERAL_REGISTERS.indexOf('rsp');
export const XMM_REGISTERS = 16;

/**
 * @returns the registers as the unwinder follows them, from the innermost function of the image on: a call of an export that is
 * being served counts as returned
 */
export function contextOf(guest: Guest, registers: Registers): UnwindContext {
  const context = callersOf(guest, registers);
  const { xmm } = context;
  for (let index = 0; index < XMM_REGISTERS; index += 1) {
    const bytes = registers.xmm(index);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    xmm[2 * index] = view.getBigUint64(0, true);
    xmm[2 * index + 1] = view.getBigUint64(8, true);
  }
  return context;
}

/** @returns the same without the vector registers: enough to tell who called whom */
export function callersOf(guest: Guest, registers: Registers): UnwindContext {
  const general = BigUint64Array.from(GENERAL_REGISTERS, (register) => registers.get(register));
  const context = { rip: registers.rip, registers: general, xmm: new BigUint64Array(2 * XMM_REGISTERS) };
  if (!isCode(guest, registers.rip)) {
    // An export that is being served, or a jump to nowhere: the return address of the call is on top of the stack.
    context.rip = readStack(guest)(registers.get('rsp')) ?? 0n;
    general[RSP] = registers.get('rsp') + 8n;
  }
  return context;
}

function isCode({ image }: Guest, address: bigint): boolean {
  const rva = Number(address - IMAGE_ADDRESS);
  return image.sections.some((one) => one.execute && rva >= one.rva && rva < one.rva + one.size);
}

/** Goes on with the registers of a context. */
export function continueWith(registers: Registers, context: UnwindContext): void {
  GENERAL_REGISTERS.forEach((register, index) => registers.set(register, context.registers[index] ?? 0n));
  for (let index = 0; index < XMM_REGISTERS; index += 1) {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, context.xmm[2 * index] ?? 0n, true);
    view.setBigUint64(8, context.xmm[2 * index + 1] ?? 0n, true);
    registers.setXmm(index, bytes);
  }
  registers.rip = context.rip;
}

/** @returns the reader of the stack that the unwinder asks */
export function readStack(guest: Guest): (address: bigint) => bigint | undefined {
  const { memory } = guest;
  return (address) => {
    const offset = memory.offsetOf(address);
    return offset === undefined || offset + 8 > memory.size ? undefined : memory.u64(offset);
  };
}
