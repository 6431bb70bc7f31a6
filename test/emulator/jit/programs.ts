/** Random programs of loops, branches, calls and memory accesses, for comparing engines. The same seed, the same program. */
import { createDecoder } from '../../../adapters/emulator/cpu/decode';

export const CODE = 0x1_0000;
export const DATA = 0x2_0000;
export const DATA_SIZE = 0x1000;
export const STACK_TOP = 0x3_1000;
export const STACK_SIZE = 0x1000;
export const WINDOW = 0x4_0000;

export type Random = (below: number) => number;

/** @returns numbers below what is asked, from a seed (mulberry32) */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const ARITHMETIC_FLAGS = 0x8d5;
const RBP = 5;
/** r15 counts loops, r12 is a small index, rsp and rbp hold addresses. */
const REGISTERS = [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 13, 14];
const INDEX = 12;
const RM_KINDS = ['register', 'register', 'register', 'memory', 'memory', 'indexed'] as const;

type Bytes = number[];

interface Shape {
  readonly prefix?: number;
  readonly opcode: Bytes;
  readonly size: number;
  readonly reg: number;
  readonly immediate?: Bytes;
  /** The operand in the rm field is a register, or memory, whatever comes. */
  readonly rm?: 'register' | 'memory';
  readonly lock?: boolean;
}

class Generator {
  readonly code: Bytes = [];
  /** Flags that are not undefined here. */
  defined = 0;

  constructor(
    readonly random: Random,
    private readonly wild: boolean,
  ) {}

  pick<T>(of: readonly T[]): T {
    const one = of[this.random(of.length)];
    if (one === undefined) throw new RangeError('nothing to pick from');
    return one;
  }

  register(): number {
    return this.pick(REGISTERS);
  }

  bytes(count: number): Bytes {
    const edges = [0, 1, 0x7f, 0x80, 0xff];
    return Array.from({ length: count }, () => (this.random(2) === 0 ? this.pick(edges) : this.random(256)));
  }

  /** Prefixes, opcode, ModRM and what follows. */
  encode({ prefix, opcode, size, reg, immediate = [], rm }: Shape): Bytes {
    const kind = rm ?? this.pick(RM_KINDS);
    const base = kind === 'register' ? this.register() : RBP;
    const index = kind === 'indexed' ? INDEX : 0;
    const out: Bytes = [];
    if (prefix !== undefined) out.push(prefix);
    if (size === 2) out.push(0x66);
    const rex = (size === 8 ? 8 : 0) | (reg > 7 ? 4 : 0) | (index > 7 ? 2 : 0) | (base > 7 ? 1 : 0);
    if (rex !== 0 || (size === 1 && this.random(2) === 0)) out.push(0x40 | rex);
    out.push(...opcode);
    const field = (reg & 7) << 3;
    if (kind === 'register') out.push(0xc0 | field | (base & 7));
    else {
      const at = this.displacement();
      const disp = [at & 0xff, (at >> 8) & 0xff, (at >> 16) & 0xff, (at >> 24) & 0xff];
      if (kind === 'memory') out.push(0x80 | field | RBP, ...disp);
      else out.push(0x84 | field, 0x25 | (this.random(4) << 6), ...disp);
    }
    out.push(...immediate);
    return out;
  }

  /** From the middle of the data; now and then out of it, when the program may be wild. */
  private displacement(): number {
    if (this.wild && this.random(150) === 0) return this.pick([-0x801, 0x7fd, 0x800, 0x5000, 0x7fff_0000]);
    return this.random(0x600) - 0x300;
  }

  size(): number {
    return this.pick([1, 2, 4, 4, 4, 8, 8, 8]);
  }

  /** Appends instructions unless they ask for flags that are undefined. */
  append(bytes: Bytes): boolean {
    const window = new Uint8Array(64);
    window.set(bytes);
    const decoder = createDecoder(window);
    let { defined } = this;
    for (let at = 0; at < bytes.length;) {
      const { flags, length, mnemonic } = decoder.decode(at);
      if (mnemonic === 'invalid' || (flags.read & ARITHMETIC_FLAGS & ~defined) !== 0) return false;
      defined = (defined & ~flags.undefined) | flags.written;
      at += length;
    }
    this.defined = defined;
    this.code.push(...bytes);
    return true;
  }

  /** cmp of two registers: all flags are defined behind it. */
  settle(): void {
    this.append(this.encode({ opcode: [0x39], size: 4, reg: this.register(), rm: 'register' }));
  }

  one(): void {
    while (!this.append(this.pick(KINDS)(this)));
  }
}

const wide = (size: number): number => (size === 1 ? 0 : 1);
const immediateSize = (size: number): number => Math.min(size, 4);
const vector = (g: Generator): number => g.random(16);

const KINDS: readonly ((g: Generator) => Bytes)[] = [
  // add or adc sbb and sub xor cmp
  (g) => {
    const size = g.size();
    const toRegister = g.random(2) * 2;
    return g.encode({ opcode: [g.random(8) * 8 + toRegister + wide(size)], size, reg: g.register() });
  },
  (g) => {
    const size = g.size();
    const short = size > 1 && g.random(2) === 0;
    const immediate = g.bytes(short ? 1 : immediateSize(size));
    return g.encode({ opcode: [short ? 0x83 : 0x80 + wide(size)], size, reg: g.random(8), immediate });
  },
  // mov, test, xchg
  (g) => {
    const size = g.size();
    const opcode = g.pick([0x88, 0x88, 0x8a, 0x8a, 0x84, 0x86]) + wide(size);
    return g.encode({ opcode: [opcode], size, reg: g.register() });
  },
  (g) => {
    const size = g.size();
    return g.encode({ opcode: [0xc6 + wide(size)], size, reg: 0, immediate: g.bytes(immediateSize(size)) });
  },
  // movzx, movsx, movsxd, lea
  (g) => g.encode({ opcode: [0x0f, g.pick([0xb6, 0xb7, 0xbe, 0xbf])], size: g.pick([2, 4, 8]), reg: g.register() }),
  (g) => g.encode({ opcode: [0x63], size: 8, reg: g.register() }),
  (g) => g.encode({ opcode: [0x8d], size: g.pick([4, 8]), reg: g.register(), rm: 'memory' }),
  // test with an immediate; not neg mul imul
  (g) => {
    const size = g.size();
    return g.encode({ opcode: [0xf6 + wide(size)], size, reg: 0, immediate: g.bytes(immediateSize(size)) });
  },
  (g) => {
    const size = g.size();
    return g.encode({ opcode: [0xf6 + wide(size)], size, reg: 2 + g.random(4) });
  },
  // inc, dec
  (g) => {
    const size = g.size();
    return g.encode({ opcode: [0xfe + wide(size)], size, reg: g.random(2) });
  },
  // shifts and rotates by an immediate, 1 and cl
  (g) => {
    const size = g.size();
    const reg = g.pick([0, 1, 2, 3, 4, 5, 7, 4, 5, 7]);
    if (g.random(2) === 0) return g.encode({ opcode: [0xc0 + wide(size)], size, reg, immediate: g.bytes(1) });
    return g.encode({ opcode: [g.pick([0xd0, 0xd2]) + wide(size)], size, reg });
  },
  // setcc, cmovcc
  (g) => g.encode({ opcode: [0x0f, 0x90 + g.random(16)], size: 1, reg: 0 }),
  (g) => g.encode({ opcode: [0x0f, 0x40 + g.random(16)], size: g.pick([2, 4, 8]), reg: g.register() }),
  // imul of two and three operands
  (g) => g.encode({ opcode: [0x0f, 0xaf], size: g.pick([2, 4, 8]), reg: g.register() }),
  (g) => {
    const size = g.pick([2, 4, 8]);
    const short = g.random(2) === 0;
    const immediate = g.bytes(short ? 1 : immediateSize(size));
    return g.encode({ opcode: [short ? 0x6b : 0x69], size, reg: g.register(), immediate });
  },
  // bt bts btr btc; bsf bsr tzcnt; bswap
  (g) => {
    const size = g.pick([2, 4, 8]);
    return g.encode({ opcode: [0x0f, 0xba], size, reg: 4 + g.random(4), immediate: g.bytes(1) });
  },
  (g) => {
    const opcode = [0x0f, g.pick([0xa3, 0xab, 0xb3, 0xbb])];
    return g.encode({ opcode, size: g.pick([2, 4, 8]), reg: g.register(), rm: 'register' });
  },
  (g) => {
    const prefix = g.random(2) === 0 ? 0xf3 : undefined;
    return g.encode({ prefix, opcode: [0x0f, 0xbc], size: g.pick([2, 4, 8]), reg: g.register() });
  },
  (g) => g.encode({ opcode: [0x0f, 0xbd], size: g.pick([2, 4, 8]), reg: g.register() }),
  (g) => [0x48 | g.random(2), 0x0f, 0xc8 + g.pick([0, 1, 2, 3, 6])],
  // xadd, cmpxchg
  (g) => {
    const size = g.size();
    return g.encode({ opcode: [0x0f, g.pick([0xc0, 0xb0]) + wide(size)], size, reg: g.register() });
  },
  // lock add, xadd, cmpxchg
  (g) => {
    const size = g.size();
    const opcode = g.pick([[wide(size)], [0x0f, 0xc0 + wide(size)], [0x0f, 0xb0 + wide(size)]]);
    return [0xf0, ...g.encode({ opcode, size, reg: g.register(), rm: 'memory' })];
  },
  // cbw cwde cdqe, cwd cdq cqo
  (g) => [...g.pick([[], [0x66], [0x48]]), g.pick([0x98, 0x99])],
  // Division is rare: it ends most programs.
  (g) => {
    const size = g.pick([1, 2, 4, 8]);
    return g.encode({ opcode: [0xf6 + wide(size)], size, reg: g.random(8) === 0 ? 6 + g.random(2) : 4 });
  },
  // push and pop, pushfq and pop: the stack is as it was
  (g) => [g.pick([0x50, 0x51, 0x52, 0x53, 0x56, 0x57, 0x9c]), 0x58 + g.pick([0, 1, 2, 3, 6, 7])],
  // floating-point numbers: moves, sqrt add mul cvt sub min div max, comparisons, to and from integers
  (g) => g.encode({ prefix: g.pick([0xf2, 0xf3]), opcode: [0x0f, g.pick([0x10, 0x11])], size: 4, reg: vector(g) }),
  (g) => {
    const opcode = [0x0f, g.pick([0x51, 0x58, 0x59, 0x5a, 0x5c, 0x5d, 0x5e, 0x5f])];
    return g.encode({ prefix: g.pick([0xf2, 0xf3]), opcode, size: 4, reg: vector(g) });
  },
  (g) => {
    const prefix = g.random(2) === 0 ? 0x66 : undefined;
    return g.encode({ prefix, opcode: [0x0f, g.pick([0x2e, 0x2f])], size: 4, reg: vector(g) });
  },
  (g) => {
    const opcode = [0x0f, g.pick([0x2a, 0x2c, 0x2d])];
    return g.encode({ prefix: g.pick([0xf2, 0xf3]), opcode, size: g.pick([4, 8]), reg: g.register() });
  },
  // moves of vectors, and between vectors and general registers
  (g) => g.encode({ opcode: [0x0f, g.pick([0x10, 0x11, 0x28, 0x29])], size: 4, reg: vector(g) }),
  (g) => g.encode({ prefix: 0xf3, opcode: [0x0f, g.pick([0x6f, 0x7f, 0x7e])], size: 4, reg: vector(g) }),
  (g) => g.encode({ prefix: 0x66, opcode: [0x0f, g.pick([0x6e, 0x7e])], size: g.pick([4, 8]), reg: vector(g) }),
  (g) => {
    const lanes = [
      ...[0xef, 0xeb, 0xdb, 0xdf, 0x74, 0x75, 0x76, 0xfc, 0xfd, 0xfe, 0xd4, 0xf8, 0xf9, 0xfa, 0xfb, 0xd7],
      ...[0x60, 0x61, 0x62, 0x64, 0x65, 0x66, 0x68, 0x69, 0x6a, 0x6c, 0x6d, 0xd5, 0xd8, 0xd9, 0xda, 0xdc, 0xdd, 0xde],
      ...[0xe0, 0xe3, 0xe8, 0xe9, 0xea, 0xec, 0xed, 0xee, 0x14, 0x15],
    ];
    return g.encode({ prefix: 0x66, opcode: [0x0f, g.pick(lanes)], size: 4, reg: g.random(8), rm: 'register' });
  },
  // shuffles, and shifts of lanes by a constant
  (g) => {
    const more = g.pick([[0x70], [0xc6], [0x3a, 0x0f]]);
    const prefix = more[0] === 0x70 ? g.pick([0x66, 0xf2, 0xf3]) : 0x66;
    const immediate = [g.random(36)];
    return g.encode({ prefix, opcode: [0x0f, ...more], size: 4, reg: vector(g), immediate, rm: 'register' });
  },
  (g) => {
    const [opcode, ways] = g.pick([
      [0x71, [2, 4, 6]],
      [0x72, [2, 4, 6]],
      [0x73, [2, 3, 6, 7]],
    ] as const);
    const reg = g.pick<number>(ways);
    const immediate = [g.random(70)];
    return g.encode({ prefix: 0x66, opcode: [0x0f, opcode], size: 4, reg, immediate, rm: 'register' });
  },
];

function word32(value: number): Bytes {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];
}

/**
 * @param wild lets some accesses miss the data, so that programs end in faults now and then
 * @returns the bytes of a program that begins at their start and ends by returning
 */
export function programOf(seed: number, wild: boolean): Uint8Array {
  const g = new Generator(randomOf(seed), wild);
  const { code, random } = g;
  const body = (): void => {
    for (let count = 1 + random(9); count > 0; count -= 1) g.one();
  };
  /** A branch over something, by a condition of flags that are defined. */
  const over = (emit: () => void): void => {
    g.settle();
    body();
    g.settle();
    code.push(0x0f, 0x80 + random(16), 0, 0, 0, 0);
    const from = code.length;
    emit();
    word32(code.length - from).forEach((byte, index) => (code[from - 4 + index] = byte));
    g.settle();
  };
  // Subroutines come first: each is called from anywhere behind it.
  const subroutines: number[] = [];
  code.push(0xe9, 0, 0, 0, 0);
  for (let count = random(3); count > 0; count -= 1) {
    subroutines.push(code.length);
    g.settle();
    body();
    if (random(2) === 0) over(body);
    code.push(0xc3);
  }
  word32(code.length - 5).forEach((byte, index) => (code[1 + index] = byte));
  g.settle();
  const call = (): void => {
    if (subroutines.length === 0) return;
    const target = g.pick(subroutines);
    code.push(0xe8, ...word32(target - (code.length + 5)));
    g.settle();
  };
  for (let segment = 1 + random(4); segment > 0; segment -= 1) {
    code.push(0x41, 0xbf, ...word32(1 + random(12)));
    const start = code.length;
    g.settle();
    body();
    if (random(2) === 0) over(body);
    if (random(2) === 0) over(call);
    if (random(3) === 0) call();
    body();
    // dec r15; jnz start
    code.push(0x49, 0xff, 0xcf, 0x0f, 0x85);
    code.push(...word32(start - (code.length + 4)));
    g.settle();
  }
  code.push(0xc3);
  return Uint8Array.from(code);
}
