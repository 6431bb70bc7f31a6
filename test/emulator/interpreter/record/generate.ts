/** Random instructions for the vectors: any encoding the library knows, with operands that stay in the window. */
import {
  Code,
  CodeExt,
  type CpuidFeature,
  Encoder,
  EncodingKind,
  Instruction,
  MemorySizeExt,
  OpCodeOperandKind,
  OpKind,
  Register,
  type OpCodeInfo,
} from 'iced-x86';
import { GUEST_BASE } from '../../../../adapters/emulator/cpu/contract';
import { CODE, type Random } from './state';

export interface Generated {
  readonly bytes: Uint8Array;
  readonly overrides: ReadonlyMap<number, bigint>;
}

/** Registers of a case that are plain data; the others are pointers and the index. */
const DATA_REGISTERS = [0, 1, 2, 8, 10, 11, 12, 13, 14, 15];
const POINTERS = [Register.RBX, Register.RBP];

/** Integer instructions among those with a VEX prefix. */
const VEX = /^VEX_(Andn|Bextr|Bls|Bzhi|Mulx|Pdep|Pext|Rorx|Sarx|Shlx|Shrx)/;

/** Encodings of 64-bit mode, of those with VEX and the like only integer instructions. */
export function encodings(): readonly Code[] {
  const all = Object.values(Code).filter((code): code is Code => typeof code === 'number');
  return all.filter((code) => {
    const info = informationOf(code);
    if (!info.mode64 || info.decoderOption !== 0 || code === Code.INVALID) return false;
    return info.encoding === EncodingKind.Legacy || VEX.test(Code[code]);
  });
}

const KNOWN = new Map<Code, OpCodeInfo>();

export function informationOf(code: Code): OpCodeInfo {
  const known = KNOWN.get(code) ?? CodeExt.opCode(code);
  KNOWN.set(code, known);
  return known;
}

/** @returns what a processor has to offer for an encoding */
export function featuresOf(code: Code): readonly CpuidFeature[] {
  const instruction = new Instruction();
  instruction.code = code;
  const features = Array.from(instruction.cpuidFeatures());
  instruction.free();
  return features;
}

function register(random: Random, size: number): Register {
  const index = random.pick(DATA_REGISTERS);
  if (size === 1) {
    if (random.below(4) === 0) return random.pick([Register.AH, Register.CH, Register.DH]);
    return index < 4 ? Register.AL + index : Register.R8L + index - 8;
  }
  return (size === 2 ? Register.AX : size === 4 ? Register.EAX : Register.RAX) + index;
}

function memory(random: Random, instruction: Instruction, size: number): void {
  const lea = Code[instruction.code].startsWith('Lea');
  const aligned = size === 16;
  instruction.memoryBase = lea ? register(random, 8) : random.pick(POINTERS);
  if (!aligned && random.below(2) === 0) {
    instruction.memoryIndex = lea ? register(random, 8) : Register.R9;
    instruction.memoryIndexScale = random.pick([1, 2, 4, 8]);
  }
  const displacement = aligned ? 16 * (random.below(12) - 6) : random.below(280) - 140;
  instruction.memoryDisplacement = BigInt.asUintN(64, BigInt(displacement));
  instruction.memoryDisplSize = displacement === 0 ? 0 : displacement >= -128 && displacement < 128 ? 1 : 8;
}

const FIXED: Readonly<Record<number, Register>> = {
  [OpCodeOperandKind.al]: Register.AL,
  [OpCodeOperandKind.cl]: Register.CL,
  [OpCodeOperandKind.ax]: Register.AX,
  [OpCodeOperandKind.dx]: Register.DX,
  [OpCodeOperandKind.eax]: Register.EAX,
  [OpCodeOperandKind.rax]: Register.RAX,
};

/** @returns false for a kind of operand that vectors leave out */
function fill(random: Random, instruction: Instruction, index: number, kind: OpCodeOperandKind): boolean {
  const name = OpCodeOperandKind[kind];
  const fixed = FIXED[kind];
  const use = (opKind: OpKind): true => {
    instruction.setOpKind(index, opKind);
    return true;
  };
  const takeRegister = (chosen: Register): true => {
    use(OpKind.Register);
    instruction.setOpRegister(index, chosen);
    return true;
  };
  if (fixed !== undefined) return takeRegister(fixed);
  if (name === 'mem' || (name.endsWith('_or_mem') && random.below(2) === 0)) {
    use(OpKind.Memory);
    memory(random, instruction, MemorySizeExt.size(informationOf(instruction.code).memorySize));
    return true;
  }
  const general = /^r(8|16|32|64)_(or_mem|reg|rm|opcode|vvvv)$/.exec(name);
  if (general !== null) return takeRegister(register(random, Number(general[1]) / 8));
  if (/^xmm_(or_mem|reg|rm)$/.test(name)) return takeRegister(Register.XMM0 + random.below(16));
  return constant(random, instruction, index, kind, use);
}

function constant(
  random: Random,
  instruction: Instruction,
  index: number,
  kind: OpCodeOperandKind,
  use: (opKind: OpKind) => true,
): boolean {
  const byte = random.pick([0, 1, 7, 8, 0x1f, 0x3f, 0x7f, 0x80, 0xff, random.below(256), random.below(64)]);
  const signed = BigInt((byte << 24) >> 24);
  const word = random.pick([0, 1, -1, 0x7fff_ffff, -0x8000_0000, random.u32() | 0]);
  switch (kind) {
    case OpCodeOperandKind.imm8:
      if (index > 0 && [OpKind.Immediate8, OpKind.Immediate16].includes(instruction.opKind(index - 1))) {
        instruction.immediate8_2nd = 0;
        return use(OpKind.Immediate8_2nd);
      }
      instruction.immediate8 = byte;
      return use(OpKind.Immediate8);
    case OpCodeOperandKind.imm8_const_1:
      instruction.immediate8 = 1;
      return use(OpKind.Immediate8);
    case OpCodeOperandKind.imm8sex16:
      instruction.immediate8to16 = Number(signed);
      return use(OpKind.Immediate8to16);
    case OpCodeOperandKind.imm8sex32:
      instruction.immediate8to32 = Number(signed);
      return use(OpKind.Immediate8to32);
    case OpCodeOperandKind.imm8sex64:
      instruction.immediate8to64 = signed;
      return use(OpKind.Immediate8to64);
    case OpCodeOperandKind.imm16:
      instruction.immediate16 = word & 0xffff;
      return use(OpKind.Immediate16);
    case OpCodeOperandKind.imm32:
      instruction.immediate32 = word >>> 0;
      return use(OpKind.Immediate32);
    case OpCodeOperandKind.imm32sex64:
      instruction.immediate32to64 = BigInt(word);
      return use(OpKind.Immediate32to64);
    case OpCodeOperandKind.imm64:
      instruction.immediate64 = (BigInt(word >>> 0) << 32n) | BigInt(random.u32());
      return use(OpKind.Immediate64);
    case OpCodeOperandKind.seg_rSI:
      return use(OpKind.MemorySegRSI);
    case OpCodeOperandKind.es_rDI:
      return use(OpKind.MemoryESRDI);
    case OpCodeOperandKind.br64_1:
    case OpCodeOperandKind.br64_4:
      instruction.nearBranch64 = GUEST_BASE + BigInt(CODE + 0x20);
      return use(OpKind.NearBranch64);
    default:
      return false;
  }
}

/** `inc r15`: what a jump jumps over. */
const MARK = [0x49, 0xff, 0xc7];

/**
 * @returns the bytes of a random instruction of an encoding, undefined when vectors leave it out
 */
export function generate(random: Random, code: Code): Generated | undefined {
  const instruction = new Instruction();
  try {
    return filled(random, instruction, code);
  } catch {
    // ah and its like beside a register that needs a REX prefix.
    encoder.takeBuffer();
    return undefined;
  } finally {
    instruction.free();
  }
}

function filled(random: Random, instruction: Instruction, code: Code): Generated | undefined {
  const info = informationOf(code);
  instruction.code = code;
  for (let index = 0; index < info.opCount; index++)
    if (!fill(random, instruction, index, info.opKind(index))) return undefined;
  const overrides = new Map<number, bigint>();
  const name = Code[code];
  if (instruction.isStringInstruction && random.below(3) > 0) {
    if (info.canUseRepnePrefix && random.below(2) === 0) instruction.hasRepnePrefix = true;
    else instruction.hasRepPrefix = true;
    overrides.set(1, BigInt(random.below(12)));
  }
  const memoryFirst = info.opCount > 0 && instruction.opKind(0) === OpKind.Memory;
  if (info.canUseLockPrefix && memoryFirst && random.below(3) === 0) instruction.hasLockPrefix = true;
  if (/^Bt[a-z]?_rm\d+_r/.test(name) && memoryFirst)
    overrides.set((instruction.opRegister(1) - Register.AX) % 16, BigInt(random.below(800) - 400));
  if (/^(Div|Idiv)/.test(name) && random.below(3) > 0)
    overrides.set(2, random.below(3) === 0 ? -1n : BigInt(random.below(8)));
  // Results of these are undefined for larger counts.
  if (/^Sh[lr]d_rm16_r16_CL/.test(name)) overrides.set(1, BigInt(random.below(17)));
  if (/^Sh[lr]d_rm16_r16_imm8/.test(name)) instruction.immediate8 = random.below(17);
  if (name.startsWith('Enter')) instruction.immediate16 = random.below(64);
  return { bytes: encode(instruction), overrides };
}

const encoder = new Encoder(64);

function encode(instruction: Instruction): Uint8Array {
  const start = GUEST_BASE + BigInt(CODE);
  encoder.encode(instruction, start);
  const bytes = encoder.takeBuffer();
  if (instruction.opCount !== 1 || instruction.opKind(0) !== OpKind.NearBranch64) return bytes;
  instruction.nearBranch64 = start + BigInt(bytes.length + MARK.length);
  encoder.encode(instruction, start);
  return Uint8Array.from([...encoder.takeBuffer(), ...MARK]);
}

/** What needs a target or a value in memory is written out: `lea rax, [rip + …]` first. */
export const HANDMADE: readonly string[] = [
  '488d0505000000488903ff1349ffc7', // mov [rbx], rax; call [rbx]
  '488d0505000000488903ff2349ffc7', // mov [rbx], rax; jmp [rbx]
  '488d0502000000ffd049ffc7', // call rax
  '488d0502000000ffe049ffc7', // jmp rax
  '488d050200000050c349ffc7', // push rax; ret
  '488d050400000050c2100049ffc7', // push rax; ret 16
  '68d50c00009d', // popfq
  '68810800009d',
  '6a029d',
  '54415c', // push rsp; pop r12
  '545c', // push rsp; pop rsp
  '4889e05c', // pop rsp
  'ff74240859', // push [rsp + 8]; pop rcx
  '8f042490', // pop [rsp]
  'ff342490', // push [rsp]
];
