/** SSE moves: whole registers, halves, scalars, to and from general registers. */
import type { Instruction } from '../instruction';
import type { Execute } from './cpu';
import { operandAt, placeOf, readerOf, sizeOf, Unsupported } from './operands';
import { each, type Table } from './table';
import { isVector, Vector, vectorAt, vectorMemory, vectorReader } from './vector';

function whole(instruction: Instruction): Execute {
  return copy(instruction, 4, false);
}

/**
 * @param words of 32 bits that are moved
 * @param clears whether the words above become 0 in a register
 */
function copy(instruction: Instruction, words: number, clears: boolean): Execute {
  const to = operandAt(instruction, 0);
  const read = vectorReader(instruction, operandAt(instruction, 1));
  const value = new Vector();
  if (!isVector(to)) {
    const { locate, write } = vectorMemory(instruction, to);
    return (cpu) => {
      const at = locate(cpu);
      read(cpu, value);
      write(cpu, at, value);
    };
  }
  const index = vectorAt(to);
  return (cpu) => {
    read(cpu, value);
    for (let i = 0; i < words; i++) cpu.vector[index + i] = value.i32[i] ?? 0;
    if (clears) cpu.vector.fill(0, index + words, index + 4);
  };
}

/** movss, movsd: from memory the rest is cleared, between registers it stays. */
function scalar(instruction: Instruction): Execute {
  const words = instruction.mnemonic === 'movss' ? 1 : 2;
  return copy(instruction, words, operandAt(instruction, 1).kind === 'memory');
}

/** Two words from one place of a register or from memory to another place. */
function half(instruction: Instruction, fromWord: number, toWord: number): Execute {
  const to = operandAt(instruction, 0);
  const from = operandAt(instruction, 1);
  const read = vectorReader(instruction, from);
  const value = new Vector();
  if (!isVector(to)) {
    const { locate, write } = vectorMemory(instruction, to);
    return (cpu) => {
      const at = locate(cpu);
      read(cpu, value);
      value.i32.copyWithin(0, fromWord, fromWord + 2);
      write(cpu, at, value);
    };
  }
  const index = vectorAt(to) + toWord;
  const source = isVector(from) ? fromWord : 0;
  return (cpu) => {
    read(cpu, value);
    cpu.vector[index] = value.i32[source] ?? 0;
    cpu.vector[index + 1] = value.i32[source + 1] ?? 0;
  };
}

/** movd and movq: the register side is cleared above what is moved. */
function single(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const from = operandAt(instruction, 1);
  if (isVector(to)) {
    const index = vectorAt(to);
    if (isVector(from)) return copy(instruction, 2, true);
    const read = readerOf(from);
    const wide = sizeOf(from) === 8;
    return (cpu) => {
      const lo = read(cpu);
      cpu.vector[index] = lo;
      cpu.vector[index + 1] = wide ? cpu.hi : 0;
      cpu.vector.fill(0, index + 2, index + 4);
    };
  }
  const index = vectorAt(from);
  const { locate, store } = placeOf(to);
  return (cpu) => {
    const at = locate(cpu);
    store(cpu, at, cpu.vector[index] ?? 0, cpu.vector[index + 1] ?? 0);
  };
}

/** The signs of the lanes as bits of a general register. */
function mask(lanes: 'u8' | 'u32' | 'u64', signOf: (value: number | bigint) => boolean) {
  return (instruction: Instruction): Execute => {
    const { store } = placeOf(operandAt(instruction, 0));
    const read = vectorReader(instruction, operandAt(instruction, 1));
    const value = new Vector();
    return (cpu) => {
      read(cpu, value);
      let bits = 0;
      value[lanes].forEach((lane: number | bigint, index: number) => {
        if (signOf(lane)) bits |= 1 << index;
      });
      store(cpu, 0, bits, 0);
    };
  };
}

function insertWord(instruction: Instruction): Execute {
  const index = vectorAt(operandAt(instruction, 0));
  const from = operandAt(instruction, 1);
  const read = readerOf(from);
  const lane = laneOf(instruction);
  const word = index + (lane >> 1);
  const up = (lane & 1) * 16;
  return (cpu) => {
    const value = read(cpu) & 0xffff;
    cpu.vector[word] = ((cpu.vector[word] ?? 0) & ~(0xffff << up)) | (value << up);
  };
}

function laneOf(instruction: Instruction): number {
  const lane = operandAt(instruction, 2);
  if (lane.kind !== 'immediate') throw new Unsupported(instruction.mnemonic);
  return lane.lo & 7;
}

/** Of what bypasses caches nothing can be seen. */
const WHOLE = [
  ...['movups', 'movupd', 'movdqu', 'movaps', 'movapd', 'movdqa', 'lddqu', 'movntdq', 'movntdqa', 'movntps', 'movntpd'],
];

export const VECTOR_MOVES: Table = {
  ...each(WHOLE, whole),
  ...each(['movss', 'movsd'], scalar),
  ...each(['movlps', 'movlpd'], (instruction) => half(instruction, 0, 0)),
  ...each(['movhps', 'movhpd'], (instruction) => half(instruction, 2, 2)),
  movhlps: (instruction) => half(instruction, 2, 0),
  movlhps: (instruction) => half(instruction, 0, 2),
  ...each(['movd', 'movq'], single),
  pmovmskb: mask('u8', (value) => Number(value) > 0x7f),
  movmskps: mask('u32', (value) => Number(value) > 0x7fff_ffff),
  movmskpd: mask('u64', (value) => BigInt(value) >> 63n !== 0n),
  pinsrw: insertWord,
};
