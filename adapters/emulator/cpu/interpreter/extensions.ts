/** Integer instructions that came later: movbe, crc32, adcx and adox, BMI1 and BMI2. Rare, so 64 bits go by way of BigInt. */
import type { Instruction } from '../instruction';
import { reversed } from './bits';
import { join, low, type Cpu, type Execute } from './cpu';
import { CF, OF, resultFlags, STATUS } from './flags';
import { generalPlace, immediateAt, operandAt, placeOf, readerOf, sizeOf, type Place } from './operands';
import type { Prepare, Table } from './table';

type Source = (cpu: Cpu) => bigint;

interface Form {
  readonly bits: number;
  readonly source: (index: number) => Source;
  readonly place: Place;
}

function formOf(instruction: Instruction): Form {
  const to = operandAt(instruction, 0);
  const bits = sizeOf(to) * 8;
  return {
    bits,
    place: placeOf(to),
    source(index) {
      const read = readerOf(operandAt(instruction, index));
      return (cpu) => {
        const lo = read(cpu);
        return BigInt.asUintN(bits, join(lo, cpu.hi));
      };
    },
  };
}

function put(cpu: Cpu, place: Place, value: bigint): void {
  place.store(cpu, 0, low(value), low(value >> 32n));
}

/** ZF and SF of the result, CF as said, OF 0. AF and PF are undefined and stay. */
function setFlags(cpu: Cpu, bits: number, result: bigint, carry: boolean): void {
  const ofResult = resultFlags(bits / 8, low(result), low(result >> 32n)) & (STATUS & ~0x14);
  cpu.flags = (cpu.flags & ~(STATUS & ~0x14)) | ofResult | (carry ? CF : 0);
}

/** To a register from one or two sources, with flags. `carry` is asked of the sources. */
function computed(
  combine: (a: bigint, b: bigint, bits: number) => bigint,
  carry: (a: bigint, b: bigint, bits: number) => boolean,
): Prepare {
  return (instruction) => {
    const { bits, source, place } = formOf(instruction);
    const first = source(1);
    const second = instruction.operands.length > 2 ? source(2) : first;
    return (cpu) => {
      const a = first(cpu);
      const b = second(cpu);
      const result = BigInt.asUintN(bits, combine(a, b, bits));
      setFlags(cpu, bits, result, carry(a, b, bits));
      put(cpu, place, result);
    };
  };
}

const never = (): boolean => false;

function extractBits(value: bigint, control: bigint): bigint {
  const start = control & 0xffn;
  const length = (control >> 8n) & 0xffn;
  return (value >> start) & ((1n << length) - 1n);
}

function zeroHigh(value: bigint, index: bigint, bits: number): bigint {
  const from = index & 0xffn;
  return from >= BigInt(bits) ? value : value & ((1n << from) - 1n);
}

/** Without flags. */
function plain(combine: (a: bigint, b: bigint, bits: number) => bigint): Prepare {
  return (instruction) => {
    const { bits, source, place } = formOf(instruction);
    const first = source(1);
    const second = source(2);
    return (cpu) => {
      const a = first(cpu);
      put(cpu, place, BigInt.asUintN(bits, combine(a, second(cpu), bits)));
    };
  };
}

function count(by: bigint, bits: number): bigint {
  return by & BigInt(bits - 1);
}

function deposit(value: bigint, mask: bigint): bigint {
  let result = 0n;
  let from = 0n;
  for (let at = 0n; at < 64n; at++) {
    if (((mask >> at) & 1n) === 0n) continue;
    result |= ((value >> from) & 1n) << at;
    from++;
  }
  return result;
}

function extract(value: bigint, mask: bigint): bigint {
  let result = 0n;
  let to = 0n;
  for (let at = 0n; at < 64n; at++) {
    if (((mask >> at) & 1n) === 0n) continue;
    result |= ((value >> at) & 1n) << to;
    to++;
  }
  return result;
}

/** rdx times the source, the upper half to the first operand: when both are one, it is what stays. */
function multiply(instruction: Instruction): Execute {
  const { bits, source, place } = formOf(instruction);
  const lower = placeOf(operandAt(instruction, 1));
  const factor = source(2);
  const d = generalPlace(2, bits / 8);
  return (cpu) => {
    const right = factor(cpu);
    const lo = d.load(cpu, 0);
    const product = BigInt.asUintN(bits, join(lo, cpu.hi)) * right;
    put(cpu, lower, BigInt.asUintN(bits, product));
    put(cpu, place, product >> BigInt(bits));
  };
}

/** adcx and adox: one flag is carry in and out, the others stay. */
function addWith(flag: number): Prepare {
  return (instruction) => {
    const { bits, source, place } = formOf(instruction);
    const first = source(0);
    const second = source(1);
    return (cpu) => {
      const b = second(cpu);
      const sum = first(cpu) + b + ((cpu.flags & flag) !== 0 ? 1n : 0n);
      put(cpu, place, BigInt.asUintN(bits, sum));
      cpu.flags = (cpu.flags & ~flag) | (sum >> BigInt(bits) !== 0n ? flag : 0);
    };
  };
}

function moveSwapped(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const size = sizeOf(to);
  const { locate, store } = placeOf(to);
  const read = readerOf(operandAt(instruction, 1));
  return (cpu) => {
    const at = locate(cpu);
    const lo = read(cpu);
    if (size === 8) store(cpu, at, reversed(cpu.hi), reversed(lo));
    else store(cpu, at, size === 2 ? reversed(lo) >>> 16 : reversed(lo), 0);
  };
}

/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f6_3b78;

function checksum(instruction: Instruction): Execute {
  const { load, store } = placeOf(operandAt(instruction, 0));
  const from = operandAt(instruction, 1);
  const bytes = sizeOf(from);
  const read = readerOf(from);
  return (cpu) => {
    const lo = read(cpu);
    const words = [lo, cpu.hi];
    let sum = load(cpu, 0);
    for (let byte = 0; byte < bytes; byte++) {
      sum ^= ((words[byte >> 2] ?? 0) >>> ((byte & 3) * 8)) & 0xff;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) !== 0 ? POLYNOMIAL : 0);
    }
    store(cpu, 0, sum, 0);
  };
}

function rotate(instruction: Instruction): Execute {
  const { bits, source, place } = formOf(instruction);
  const value = source(1);
  const by = BigInt(immediateAt(instruction, 2).lo & (bits - 1));
  return (cpu) => {
    const whole = value(cpu);
    put(cpu, place, BigInt.asUintN(bits, (whole >> by) | (whole << (BigInt(bits) - by))));
  };
}

export const EXTENSIONS: Table = {
  movbe: moveSwapped,
  crc32: checksum,
  adcx: addWith(CF),
  adox: addWith(OF),
  andn: computed((a, b) => ~a & b, never),
  bextr: computed(extractBits, never),
  blsi: computed(
    (a) => a & -a,
    (a) => a !== 0n,
  ),
  blsr: computed(
    (a) => a & (a - 1n),
    (a) => a === 0n,
  ),
  blsmsk: computed(
    (a) => a ^ (a - 1n),
    (a) => a === 0n,
  ),
  bzhi: computed(zeroHigh, (_, index, bits) => (index & 0xffn) >= BigInt(bits)),
  pdep: plain(deposit),
  pext: plain(extract),
  shlx: plain((value, by, bits) => value << count(by, bits)),
  shrx: plain((value, by, bits) => value >> count(by, bits)),
  sarx: plain((value, by, bits) => BigInt.asIntN(bits, value) >> count(by, bits)),
  rorx: rotate,
  mulx: multiply,
};
