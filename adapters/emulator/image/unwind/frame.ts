/** Unwinding of one frame, as RtlVirtualUnwind does it. */
import type { ExceptionHandler, Image, ReadStack, RuntimeFunction, UnwindContext, UnwoundFrame } from '../contract';
import { restOfEpilogue, type RestOfEpilogue } from './epilogue';
import { readUnwindInformation, type Code, type UnwindInformation } from './information';
import { MOST_LINKS } from './primary';

const RSP = 4;

/** The stack is not where unwinding leads to. */
class Unreadable extends Error {}

/** The registers while they are unwound: the caller's become valid together, or not at all. */
class Frame {
  rip: bigint;
  readonly registers: BigUint64Array;
  readonly xmm: BigUint64Array;

  constructor(
    context: UnwindContext,
    private readonly readStack: ReadStack,
  ) {
    this.rip = context.rip;
    this.registers = context.registers.slice();
    this.xmm = context.xmm.slice();
  }

  register(index: number): bigint {
    return this.registers[index] ?? 0n;
  }

  get rsp(): bigint {
    return this.register(RSP);
  }

  /** Typed arrays keep it to 64 bits. */
  set rsp(value: bigint) {
    this.registers[RSP] = value;
  }

  read(address: bigint): bigint {
    const value = this.readStack(BigInt.asUintN(64, address));
    if (value === undefined) throw new Unreadable();
    return value;
  }

  pop(): bigint {
    const value = this.read(this.rsp);
    this.rsp += 8n;
    return value;
  }
}

/** @returns whether the processor pushed the frame, and so its rip */
function undo(frame: Frame, code: Code, base: bigint, information: UnwindInformation): boolean {
  switch (code.kind) {
    case 'pop':
      frame.registers[code.register] = frame.pop();
      return false;
    case 'free':
      frame.rsp += BigInt(code.size);
      return false;
    case 'frame':
      frame.rsp = frame.register(information.frameRegister) - BigInt(information.frameOffset);
      return false;
    case 'load':
      frame.registers[code.register] = frame.read(base + BigInt(code.offset));
      return false;
    case 'loadXmm':
      frame.xmm[2 * code.register] = frame.read(base + BigInt(code.offset));
      frame.xmm[2 * code.register + 1] = frame.read(base + BigInt(code.offset) + 8n);
      return false;
    case 'machine':
      if (code.errorCode) frame.rsp += 8n;
      frame.rip = frame.read(frame.rsp);
      frame.rsp = frame.read(frame.rsp + 24n);
      return true;
  }
}

/** Offset in a function; pieces that lie before their function's beginning are far behind its prologue. */
const into = (rva: number, begin: number) => (rva - begin) >>> 0;

function establisher(frame: Frame, information: UnwindInformation, offset: number): bigint {
  const { frameRegister, frameOffset, prologueSize, chained, codes } = information;
  if (frameRegister === 0) return frame.rsp;
  const set =
    offset >= prologueSize ||
    chained !== undefined ||
    codes.some(({ kind, done }) => kind === 'frame' && offset >= done);
  return set ? BigInt.asUintN(64, frame.register(frameRegister) - BigInt(frameOffset)) : frame.rsp;
}

function finish(frame: Frame, rest: RestOfEpilogue): void {
  if (rest.stack) frame.rsp = frame.register(rest.stack.register) + BigInt(rest.stack.add);
  for (const register of rest.pops) frame.registers[register] = frame.pop();
  frame.rip = frame.pop();
  frame.rsp += BigInt(rest.drop);
}

/** In version 2 the tables say where epilogues are, in version 1 only the code does. */
function mayBeEpilogue(information: UnwindInformation, here: RuntimeFunction, rva: number): boolean {
  if (information.version === 1) return true;
  return information.epilogues.some(
    ({ fromEnd, size }) => rva >= here.end - fromEnd && rva < here.end - fromEnd + size,
  );
}

interface Undone {
  readonly handler: ExceptionHandler | undefined;
  readonly machineFrame: boolean;
}

/** Undoes the prologue, or what of it has happened; undefined when its description cannot be followed. */
function undoPrologue(
  image: Image,
  frame: Frame,
  here: RuntimeFunction,
  rva: number,
  base: bigint,
): Undone | undefined {
  let piece = here;
  let machineFrame = false;
  for (let links = 0; links < MOST_LINKS; links++) {
    const information = readUnwindInformation(image.contents, piece.unwind);
    if (!information) return undefined;
    const offset = into(rva, piece.begin);
    for (const code of information.codes) {
      if (offset >= code.done && undo(frame, code, base, information)) machineFrame = true;
    }
    if (information.chained) {
      piece = information.chained;
      continue;
    }
    if (!machineFrame) frame.rip = frame.pop();
    return { machineFrame, handler: offset >= information.prologueSize ? information.handler : undefined };
  }
  return undefined;
}

function unwind(image: Image, frame: Frame, rva: number): UnwoundFrame | undefined {
  const here = image.functionAt(rva);
  if (!here) {
    const establisherFrame = frame.rsp;
    frame.rip = frame.pop();
    return { establisherFrame, function: undefined, handler: undefined, machineFrame: false };
  }
  const information = readUnwindInformation(image.contents, here.unwind);
  if (!information) return undefined;
  const establisherFrame = establisher(frame, information, into(rva, here.begin));
  const found = { establisherFrame, function: here };
  if (mayBeEpilogue(information, here, rva)) {
    const rest = restOfEpilogue(image, here, information, rva);
    if (rest) {
      finish(frame, rest);
      return { ...found, handler: undefined, machineFrame: false };
    }
    if (information.version !== 1) return undefined;
  }
  const undone = undoPrologue(image, frame, here, rva, establisherFrame);
  return undone && { ...found, ...undone };
}

/**
 * Goes from a function of the image to its caller, wherever in the function `context.rip` is.
 * @param context of the function; of its caller when this returns a frame, and untouched when it does not
 * @param base where the image is loaded
 * @returns undefined when rip is not in code of the image, the stack cannot be read, or the tables cannot be followed;
 *   never throws, whatever the image holds
 */
export function unwindFrame(
  image: Image,
  context: UnwindContext,
  readStack: ReadStack,
  base: bigint,
): UnwoundFrame | undefined {
  const rva = Number(BigInt.asUintN(64, context.rip - base));
  const code = image.sections.some((one) => one.execute && rva >= one.rva && rva < one.rva + one.size);
  if (!code) return undefined;
  const frame = new Frame(context, readStack);
  try {
    const unwound = unwind(image, frame, rva);
    if (!unwound) return undefined;
    context.rip = frame.rip;
    context.registers.set(frame.registers);
    context.xmm.set(frame.xmm);
    return unwound;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
