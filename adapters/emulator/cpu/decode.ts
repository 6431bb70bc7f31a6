/** From bytes to instruction records: the only file that knows the decoder library. */
import {
  Code,
  ConditionCode,
  Decoder as Iced,
  DecoderOptions,
  FlowControl,
  Instruction as IcedInstruction,
  InstructionInfoFactory,
  MemorySizeExt,
  Mnemonic,
  OpAccess,
  OpKind,
  Register,
  type InstructionInfo,
} from 'iced-x86';
import { GUEST_BASE } from './contract';
import {
  FLAG,
  type Flow,
  type Instruction,
  type MemoryOperand,
  type Operand,
  type RegisterOperand,
} from './instruction';

export interface InstructionDecoder {
  /** @returns the instruction that starts at an offset of the window: what protection is there is not asked */
  decode(offset: number): Instruction;
}

const MAX_LENGTH = 15;
/** Bytes that the library is given at once: making its decoder costs more than decoding. */
const CHUNK = 4096;

const FLOWS: Record<number, Flow> = {
  [FlowControl.Next]: 'next',
  [FlowControl.UnconditionalBranch]: 'jump',
  [FlowControl.IndirectBranch]: 'indirect jump',
  [FlowControl.ConditionalBranch]: 'branch',
  [FlowControl.Return]: 'return',
  [FlowControl.Call]: 'call',
  [FlowControl.IndirectCall]: 'indirect call',
  [FlowControl.Interrupt]: 'interrupt',
};

/** The library's own bits, lowest first, as bits of rflags. */
const FLAG_ORDER = [FLAG.OF, FLAG.SF, FLAG.ZF, FLAG.AF, FLAG.CF, FLAG.PF, FLAG.DF, FLAG.IF, FLAG.AC];

const CONDITIONS = [
  ConditionCode.o,
  ConditionCode.no,
  ConditionCode.b,
  ConditionCode.ae,
  ConditionCode.e,
  ConditionCode.ne,
  ConditionCode.be,
  ConditionCode.a,
  ConditionCode.s,
  ConditionCode.ns,
  ConditionCode.p,
  ConditionCode.np,
  ConditionCode.l,
  ConditionCode.ge,
  ConditionCode.le,
  ConditionCode.g,
];

/**
 * @param bytes the window of the guest; read anew at every call, so changed code is decoded as it is now
 */
export function createDecoder(bytes: Uint8Array): InstructionDecoder {
  const scratch = new IcedInstruction();
  const information = new InstructionInfoFactory();
  let start = 0;
  let copy = new Uint8Array(0);
  let iced: Iced | undefined;

  /** The library copies its bytes, so its copy is compared with what is there now. */
  function holds(offset: number): boolean {
    const end = Math.min(offset + MAX_LENGTH, bytes.length);
    if (offset < start || end > start + copy.length) return false;
    for (let i = offset; i < end; i++) if (copy[i - start] !== bytes[i]) return false;
    return true;
  }

  function at(offset: number): Iced {
    if (iced === undefined || !holds(offset)) {
      iced?.free();
      start = offset - (offset % CHUNK);
      copy = bytes.slice(start, start + CHUNK + MAX_LENGTH);
      iced = new Iced(64, copy, DecoderOptions.None);
    }
    iced.position = offset - start;
    iced.ip = GUEST_BASE + BigInt(offset);
    return iced;
  }

  return {
    decode(offset) {
      at(offset).decodeOut(scratch);
      const info = information.info(scratch);
      const instruction = recordOf(scratch, info, offset);
      info.free();
      return instruction;
    },
  };
}

function recordOf(iced: IcedInstruction, info: InstructionInfo, offset: number): Instruction {
  const operands: Operand[] = [];
  for (let i = 0; i < iced.opCount; i++) operands.push(operandOf(iced, info, i));
  const string = iced.isStringInstruction;
  return {
    offset,
    length: iced.isInvalid ? 1 : iced.length,
    mnemonic: Mnemonic[iced.mnemonic].toLowerCase(),
    code: Code[iced.code],
    operands,
    condition: CONDITIONS.indexOf(iced.conditionCode),
    lock: iced.hasLockPrefix,
    repeat: !string ? 'none' : iced.hasRepnePrefix ? 'repne' : iced.hasRepPrefix ? 'rep' : 'none',
    string,
    flow: FLOWS[iced.flowControl] ?? 'exception',
    flags: {
      read: flagsOf(iced.rflagsRead),
      written: flagsOf(iced.rflagsWritten | iced.rflagsCleared | iced.rflagsSet),
      undefined: flagsOf(iced.rflagsUndefined),
    },
  };
}

function flagsOf(bits: number): number {
  return FLAG_ORDER.reduce((mask, flag, bit) => (bits & (1 << bit) ? mask | flag : mask), 0);
}

function operandOf(iced: IcedInstruction, info: InstructionInfo, number: number): Operand {
  const kind = iced.opKind(number);
  switch (kind) {
    case OpKind.Register:
      return registerOf(iced.opRegister(number));
    case OpKind.NearBranch16:
    case OpKind.NearBranch32:
    case OpKind.NearBranch64:
      return { kind: 'target', ...halves(iced.nearBranchTarget) };
    case OpKind.FarBranch16:
    case OpKind.FarBranch32:
      return { kind: 'target', lo: 0, hi: 0 };
    case OpKind.Immediate8:
    case OpKind.Immediate8_2nd:
    case OpKind.Immediate16:
    case OpKind.Immediate32:
    case OpKind.Immediate64:
    case OpKind.Immediate8to16:
    case OpKind.Immediate8to32:
    case OpKind.Immediate8to64:
    case OpKind.Immediate32to64:
      return { kind: 'immediate', ...halves(iced.immediate(number)) };
    default:
      return memoryOf(iced, info.opAccess(number), kind);
  }
}

const READS = new Set([OpAccess.Read, OpAccess.CondRead, OpAccess.ReadWrite, OpAccess.ReadCondWrite]);
const WRITES = new Set([OpAccess.Write, OpAccess.CondWrite, OpAccess.ReadWrite, OpAccess.ReadCondWrite]);

function memoryOf(iced: IcedInstruction, access: OpAccess, kind: OpKind): MemoryOperand {
  const read = READS.has(access);
  const write = WRITES.has(access);
  const shared = {
    kind: 'memory',
    size: read || write ? MemorySizeExt.size(iced.memorySize) : 0,
    segment: 'none',
    read,
    write,
  } as const;
  const segment =
    iced.memorySegment === Register.GS ? 'gs' : iced.memorySegment === Register.FS ? 'fs' : shared.segment;
  const implied = { index: -1, scale: 1, lo: 0, hi: 0 } as const;
  switch (kind) {
    case OpKind.MemorySegRSI:
      return { ...shared, ...implied, base: 6, segment, addressSize: 8 };
    case OpKind.MemorySegESI:
      return { ...shared, ...implied, base: 6, segment, addressSize: 4 };
    case OpKind.MemorySegRDI:
      return { ...shared, ...implied, base: 7, segment, addressSize: 8 };
    case OpKind.MemorySegEDI:
      return { ...shared, ...implied, base: 7, segment, addressSize: 4 };
    case OpKind.MemoryESRDI:
      return { ...shared, ...implied, base: 7, addressSize: 8 };
    case OpKind.MemoryESEDI:
      return { ...shared, ...implied, base: 7, addressSize: 4 };
    default:
  }
  if (iced.isIpRelMemoryOperand) {
    const address = halves(iced.ipRelMemoryAddress);
    const addressSize = iced.memoryBase === Register.EIP ? 4 : 8;
    return { ...shared, base: -1, index: -1, scale: 1, ...address, segment, addressSize };
  }
  const base = registerOf(iced.memoryBase);
  const index = registerOf(iced.memoryIndex);
  return {
    ...shared,
    base: base.index,
    index: index.index,
    scale: scaleOf(iced.memoryIndexScale),
    ...halves(iced.memoryDisplacement),
    segment,
    addressSize:
      base.size === 4 || index.size === 4 || (iced.memoryDisplSize === 4 && base.size + index.size === 0) ? 4 : 8,
  };
}

function scaleOf(scale: number): 1 | 2 | 4 | 8 {
  return scale === 8 ? 8 : scale === 4 ? 4 : scale === 2 ? 2 : 1;
}

/** First register of each bank, how many there are, and their size. */
const BANKS = [
  { first: Register.AL, count: 4, bank: 'general', size: 1, from: 0 },
  { first: Register.AH, count: 4, bank: 'high', size: 1, from: 0 },
  { first: Register.SPL, count: 12, bank: 'general', size: 1, from: 4 },
  { first: Register.AX, count: 16, bank: 'general', size: 2, from: 0 },
  { first: Register.EAX, count: 16, bank: 'general', size: 4, from: 0 },
  { first: Register.RAX, count: 16, bank: 'general', size: 8, from: 0 },
  { first: Register.ES, count: 6, bank: 'segment', size: 2, from: 0 },
  { first: Register.XMM0, count: 16, bank: 'xmm', size: 16, from: 0 },
  { first: Register.CR0, count: 16, bank: 'control', size: 8, from: 0 },
] as const;

function registerOf(register: Register): RegisterOperand {
  for (const { first, count, bank, size, from } of BANKS) {
    const index = register - first;
    if (index >= 0 && index < count) return { kind: 'register', bank, index: index + from, size };
  }
  return { kind: 'register', bank: 'other', index: -1, size: 0 };
}

function halves(value: bigint): { readonly lo: number; readonly hi: number } {
  return { lo: Number(BigInt.asIntN(32, value)), hi: Number(BigInt.asIntN(32, value >> 32n)) };
}
