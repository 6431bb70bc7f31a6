/** SSE and SSE2 with floating-point numbers: lane by lane, comparisons, conversions. */
import type { Instruction } from '../instruction';
import { MXCSR } from '../memory/registers';
import { low, type Cpu, type Execute } from './cpu';
import { CF, PF, ZF } from './flags';
import { FloatUnit, type Order } from './float';
import { DOUBLE, SINGLE, type Format } from './float-format';
import { immediateAt, operandAt, placeOf, readerOf, sizeOf, Unsupported } from './operands';
import type { Prepare, Table } from './table';
import { flagTest, Vector, vectorAt, vectorReader } from './vector';

/** Of a mnemonic: ss, sd, ps or pd. */
interface Kind {
  readonly suffix: string;
  readonly format: Format;
  readonly lanes: number;
}

const KINDS: readonly Kind[] = [
  { suffix: 'ss', format: SINGLE, lanes: 1 },
  { suffix: 'sd', format: DOUBLE, lanes: 1 },
  { suffix: 'ps', format: SINGLE, lanes: 4 },
  { suffix: 'pd', format: DOUBLE, lanes: 2 },
];

function laneOf(vector: Vector, format: Format, index: number): bigint {
  return format === SINGLE ? BigInt(vector.u32[index] ?? 0) : (vector.u64[index] ?? 0n);
}

function setLane(vector: Vector, format: Format, index: number, bits: bigint): void {
  if (format === SINGLE) vector.u32[index] = Number(bits);
  else vector.u64[index] = bits;
}

/**
 * Has something computed, and takes note of the conditions.
 * @throws Stop when one of them is an exception: those are not modelled
 */
function computed<T>(cpu: Cpu, { mnemonic }: Instruction, compute: (unit: FloatUnit) => T): T {
  const unit = new FloatUnit(cpu.i32[2 * MXCSR] ?? 0);
  const result = compute(unit);
  const { outcome } = unit;
  if (outcome === undefined)
    throw cpu.stopped({ kind: 'unsupported', mnemonic: `${mnemonic} with a floating-point exception` });
  cpu.i32[2 * MXCSR] = outcome;
  return result;
}

type Work = (unit: FloatUnit, to: Vector, from: Vector) => void;

/** @param work changes the destination as it was to what it will be */
function vectorial(instruction: Instruction, source: number, work: Work): Execute {
  const destination = operandAt(instruction, 0);
  const index = vectorAt(destination);
  const read = vectorReader(instruction, operandAt(instruction, source));
  const keep = vectorReader(instruction, destination);
  const from = new Vector();
  const to = new Vector();
  return (cpu) => {
    read(cpu, from);
    keep(cpu, to);
    computed(cpu, instruction, (unit) => work(unit, to, from));
    cpu.vector.set(to.i32, index);
  };
}

type Combine = (unit: FloatUnit, format: Format, a: bigint, b: bigint) => bigint;

function lanewise({ format, lanes }: Kind, combine: Combine): Work {
  return (unit, to, from) => {
    for (let i = 0; i < lanes; i++)
      setLane(to, format, i, combine(unit, format, laneOf(to, format, i), laneOf(from, format, i)));
  };
}

const ARITHMETIC: Readonly<Record<string, Combine>> = {
  add: (unit, format, a, b) => unit.add(format, a, b),
  sub: (unit, format, a, b) => unit.subtract(format, a, b),
  mul: (unit, format, a, b) => unit.multiply(format, a, b),
  div: (unit, format, a, b) => unit.divide(format, a, b),
  min: (unit, format, a, b) => unit.minimum(format, a, b),
  max: (unit, format, a, b) => unit.maximum(format, a, b),
  sqrt: (unit, format, _, b) => unit.squareRoot(format, b),
};

interface Predicate {
  readonly holds: readonly Order[];
  /** What is no number is invalid even when it is a quiet one. */
  readonly signals: boolean;
}

/** In the order of their encoding: eq lt le unord neq nlt nle ord. */
const PREDICATES: readonly Predicate[] = [
  { holds: ['equal'], signals: false },
  { holds: ['less'], signals: true },
  { holds: ['less', 'equal'], signals: true },
  { holds: ['unordered'], signals: false },
  { holds: ['less', 'greater', 'unordered'], signals: false },
  { holds: ['equal', 'greater', 'unordered'], signals: true },
  { holds: ['greater', 'unordered'], signals: true },
  { holds: ['less', 'equal', 'greater'], signals: false },
];

/** All bits of a lane where the predicate holds. */
function comparison(kind: Kind): Prepare {
  return (instruction) => {
    const predicate = PREDICATES[immediateAt(instruction, 2).lo & 0xff];
    if (predicate === undefined) throw new Unsupported(instruction.mnemonic);
    const { holds, signals } = predicate;
    const compare: Combine = (unit, format, a, b) =>
      holds.includes(unit.order(format, a, b, signals)) ? (format === SINGLE ? 0xffff_ffffn : ~0n) : 0n;
    return vectorial(instruction, 1, lanewise(kind, compare));
  };
}

const FLAGS_OF: Readonly<Record<Order, number>> = { less: CF, equal: ZF, greater: 0, unordered: ZF | PF | CF };

function test({ format }: Kind, signals: boolean): Prepare {
  return (instruction) =>
    flagTest(instruction, (cpu, a, b) => {
      const order = computed(cpu, instruction, (unit) =>
        unit.order(format, laneOf(a, format, 0), laneOf(b, format, 0), signals),
      );
      return FLAGS_OF[order];
    });
}

function fromGeneral(format: Format): Prepare {
  return (instruction) => {
    const destination = operandAt(instruction, 0);
    const index = vectorAt(destination);
    const source = operandAt(instruction, 1);
    const read = readerOf(source);
    const wide = sizeOf(source) === 8;
    const keep = vectorReader(instruction, destination);
    const to = new Vector();
    return (cpu) => {
      const lo = read(cpu);
      const value = wide ? (BigInt(cpu.hi) << 32n) | BigInt(lo >>> 0) : BigInt(lo | 0);
      keep(cpu, to);
      computed(cpu, instruction, (unit) => setLane(to, format, 0, unit.fromInteger(format, value)));
      cpu.vector.set(to.i32, index);
    };
  };
}

function toGeneral(format: Format, truncates: boolean): Prepare {
  return (instruction) => {
    const destination = operandAt(instruction, 0);
    const { store } = placeOf(destination);
    const bits = sizeOf(destination) * 8;
    const read = vectorReader(instruction, operandAt(instruction, 1));
    const from = new Vector();
    return (cpu) => {
      read(cpu, from);
      const value = computed(cpu, instruction, (unit) =>
        unit.toInteger(format, laneOf(from, format, 0), bits, truncates),
      );
      store(cpu, 0, low(value), low(value >> 32n));
    };
  };
}

/** @param lanes of the source; what a result of several does not fill becomes 0 */
function conversion(
  lanes: number,
  convert: (unit: FloatUnit, to: Vector, from: Vector, lane: number) => void,
): Prepare {
  return (instruction) =>
    vectorial(instruction, 1, (unit, to, from) => {
      if (lanes > 1) to.u64.fill(0n);
      for (let i = 0; i < lanes; i++) convert(unit, to, from, i);
    });
}

function between(from: Format, to: Format, lanes: number): Prepare {
  return conversion(lanes, (unit, out, value, i) =>
    setLane(out, to, i, unit.convert(from, to, laneOf(value, from, i))),
  );
}

function fromIntegers(to: Format, lanes: number): Prepare {
  return conversion(lanes, (unit, out, value, i) =>
    setLane(out, to, i, unit.fromInteger(to, BigInt(value.i32[i] ?? 0))),
  );
}

function toIntegers(from: Format, lanes: number, truncates: boolean): Prepare {
  return conversion(lanes, (unit, out, value, i) => {
    out.u32[i] = Number(unit.toInteger(from, laneOf(value, from, i), 32, truncates));
  });
}

const CONVERSIONS: Table = {
  cvtsi2ss: fromGeneral(SINGLE),
  cvtsi2sd: fromGeneral(DOUBLE),
  cvtss2si: toGeneral(SINGLE, false),
  cvtsd2si: toGeneral(DOUBLE, false),
  cvttss2si: toGeneral(SINGLE, true),
  cvttsd2si: toGeneral(DOUBLE, true),
  cvtss2sd: between(SINGLE, DOUBLE, 1),
  cvtsd2ss: between(DOUBLE, SINGLE, 1),
  cvtps2pd: between(SINGLE, DOUBLE, 2),
  cvtpd2ps: between(DOUBLE, SINGLE, 2),
  cvtdq2ps: fromIntegers(SINGLE, 4),
  cvtdq2pd: fromIntegers(DOUBLE, 2),
  cvtps2dq: toIntegers(SINGLE, 4, false),
  cvttps2dq: toIntegers(SINGLE, 4, true),
  cvtpd2dq: toIntegers(DOUBLE, 2, false),
  cvttpd2dq: toIntegers(DOUBLE, 2, true),
};

export const VECTOR_FLOAT: Table = {
  ...Object.fromEntries(
    KINDS.flatMap((kind) => [
      ...Object.entries(ARITHMETIC).map(([name, combine]): [string, Prepare] => [
        name + kind.suffix,
        (instruction) => vectorial(instruction, 1, lanewise(kind, combine)),
      ]),
      [`cmp${kind.suffix}`, comparison(kind)] as const,
    ]),
  ),
  ...Object.fromEntries(
    KINDS.filter(({ lanes }) => lanes === 1).flatMap((kind) => [
      [`comi${kind.suffix}`, test(kind, true)] as const,
      [`ucomi${kind.suffix}`, test(kind, false)] as const,
    ]),
  ),
  ...CONVERSIONS,
};
