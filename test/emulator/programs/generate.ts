/**
 * Random C programs without undefined behaviour, for comparing what a compiler made of them in the emulator with what it made
 * natively: loops, switches, calls, pointers to functions, structures, arrays of every width, signed and unsigned arithmetic.
 * The same seed, the same program. Every program is a function `u64 programN(void)` that returns a checksum.
 */
import { randomOf, type Random } from '../jit/programs';

const UNSIGNED = ['u8', 'u16', 'u32', 'u64'] as const;
const SIGNED = ['s8', 's16', 's32', 's64'] as const;
const TYPES = [...UNSIGNED, ...SIGNED];
const LENGTH = 32;

/**
 * In front of all programs of a file. Signed sums are made of unsigned ones, so that nothing overflows. Images of drivers
 * have no library: what the compiler calls of one is here.
 */
const PROLOGUE = `typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
#define NOINLINE __attribute__((noinline))
struct Pair { u32 low; u16 tag; s8 sign; u64 high; u32 a : 5, b : 11, c : 16; };
static u64 turn(u64 x, u32 by) { by &= 63; return by ? x << by | x >> (64 - by) : x; }
static u64 fold(u64 sum, u64 x) { return (turn(sum, 7) ^ x) * 0x9e3779b97f4a7c15ull + 1; }
#ifdef _WIN32
void *memset(void *to, int c, u64 n) { void *d = to; __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(c) : "memory"); return to; }
void *memcpy(void *to, const void *from, u64 n) { void *d = to; __asm__ volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(n) : : "memory"); return to; }
#endif
`;

class Program {
  private depth = 0;
  private loops = 0;
  private readonly functions: string[] = [];

  constructor(
    private readonly random: Random,
    private readonly name: string,
  ) {}

  source(): string {
    const helpers = Array.from({ length: 2 + this.random(3) }, (_, index) => this.helper(index));
    const table = helpers.map(({ name }) => name).join(', ');
    const { name } = this;
    const body = this.statements(6 + this.random(6));
    return `${helpers.map(({ text }) => text).join('\n')}
static u64 (*const ${name}_table[])(u64, u64) = {${table}};
NOINLINE u64 ${name}(void) {
  u64 v[8], sum = ${this.constant('u64')};
  u8 b[${LENGTH}]; u16 w[${LENGTH}]; s32 d[${LENGTH}]; u64 q[${LENGTH}];
  struct Pair p[4], *at = p;
  for (u32 i = 0; i < 8; i++) v[i] = fold(i, ${this.constant('u64')});
  for (u32 i = 0; i < ${LENGTH}; i++) b[i] = (u8)(i * 7), w[i] = (u16)(i * 777), d[i] = (s32)(i * 123457) - 999999, q[i] = fold(v[i & 7], i);
  for (u32 i = 0; i < 4; i++) p[i] = (struct Pair){(u32)q[i], w[i], (s8)b[i], v[i], i, i * 3, i * 5};
${body}
  for (u32 i = 0; i < 8; i++) sum = fold(sum, v[i]);
  for (u32 i = 0; i < ${LENGTH}; i++) sum = fold(sum, b[i] ^ w[i] ^ (u64)(s64)d[i] ^ q[i]);
  for (u32 i = 0; i < 4; i++) sum = fold(sum, p[i].low ^ p[i].tag ^ (u64)(s64)p[i].sign ^ p[i].high ^ p[i].a ^ p[i].b ^ p[i].c);
  return sum;
}
`;
  }

  private pick<T>(from: readonly T[]): T {
    const one = from[this.random(from.length)];
    if (one === undefined) throw new RangeError('nothing to pick from');
    return one;
  }

  private helper(index: number): { readonly name: string; readonly text: string } {
    const name = `${this.name}_f${index}`;
    const earlier = this.functions.slice();
    this.functions.push(name);
    const more = earlier.length > 0 && this.random(2) === 0 ? `x = ${this.pick(earlier)}(x, y + 1);` : '';
    const type = this.pick(TYPES);
    const inline = this.pick(['', 'NOINLINE ']);
    return {
      name,
      text: `${inline}static u64 ${name}(u64 x, u64 y) { ${type} z = (${type})(x ${this.pick(['+', '^', '-', '*'])} y); ${more}
  if (z ${this.pick(['<', '>', '==', '!=', '>='])} (${type})${this.constant('u64')}) return fold(x, (u64)z); return (u64)(s64)z ${this.pick(['+', '^', '-'])} y; }`,
    };
  }

  private constant(type: string): string {
    const value = this.pick([
      ...[0n, 1n, 2n, 7n, 0x7fn, 0x80n, 0xffn, 0xffffn, 0x7fff_ffffn, 0x8000_0000n],
      (BigInt(this.random(0x1_0000_0000)) << 32n) | BigInt(this.random(0x1_0000_0000)),
    ]);
    return `(${type})0x${value.toString(16)}ull`;
  }

  private index(): string {
    return `[(u32)(${this.pick(['sum', 'v[1]', 'v[5]', String(this.random(LENGTH))])}) & ${LENGTH - 1}]`;
  }

  /** @returns a place of some type, which is converted whatever is put there */
  private place(): string {
    const at = this.random(4);
    return this.pick([
      ...[`v[${this.random(8)}]`, `v[${this.random(8)}]`, 'sum'],
      ...[`b${this.index()}`, `w${this.index()}`, `d${this.index()}`, `q${this.index()}`],
      ...[`p[${at}].low`, `p[${at}].tag`, `p[${at}].sign`, `at->high`, `p[${at}].b`, `at->c`],
    ]);
  }

  /** @returns an expression of type u64 */
  private expression(): string {
    if (this.depth > 3) return `(u64)${this.place()}`;
    this.depth += 1;
    const [a, b] = [this.expression(), this.expression()];
    const type = this.pick(TYPES);
    const unsigned = this.pick(UNSIGNED);
    const bits = this.pick([8, 16, 32, 64]);
    const made = this.pick([
      () => `(${a} ${this.pick(['+', '-', '*', '&', '|', '^'])} ${b})`,
      () => `(u64)((${unsigned})(${a}) ${this.pick(['+', '-', '&', '|', '^'])} (${unsigned})(${b}))`,
      () => `(u64)(${type})(${a})`,
      () => `(u64)((u${bits})(${a}) >> ((${b}) & ${bits - 1}))`,
      () => `((u64)(u${bits})(${a}) << ((${b}) & ${bits - 1}))`,
      () => `(u64)((s${bits})(${a}) >> ((${b}) & ${bits - 1}))`,
      () => `(u64)((${unsigned})(${a}) ${this.pick(['/', '%'])} ((${unsigned})(${b}) | 1))`,
      () => `(u64)((s64)(s32)(${a}) ${this.pick(['/', '%'])} ((s64)(s16)(${b}) | 1))`,
      () => `((${type})(${a}) ${this.pick(['<', '<=', '>', '==', '!='])} (${type})(${b}) ? ${a} : ${b})`,
      () => `turn(${a}, (u32)(${b}))`,
      () => `(u64)__builtin_bswap${this.pick([16, 32, 64])}(${a})`,
      () => `${this.pick(this.functions)}(${a}, ${b})`,
      () => `${this.name}_table[(u32)(${a}) % ${this.functions.length}](${b}, ${a})`,
      () => this.constant('u64'),
      () => `(u64)${this.place()}`,
    ])();
    this.depth -= 1;
    return made;
  }

  private statements(count: number): string {
    return Array.from({ length: count }, () => this.statement()).join('\n');
  }

  private statement(): string {
    if (this.depth > 2) return this.assignment();
    this.depth += 1;
    const made = this.pick([
      () => this.assignment(),
      () => this.assignment(),
      () =>
        `if (${this.expression()} & ${1 << this.random(4)}) {\n${this.statements(2)}\n} else {\n${this.statements(1)}\n}`,
      () => this.loop(),
      () => this.loop(),
      () => this.switched(),
      () => `at = p + ((u32)(${this.expression()}) & 3);\np[${this.random(4)}] = *at;`,
      () =>
        `for (u32 k = 0; k < ${LENGTH}; k++) ${this.pick(['b', 'w', 'q'])}[k] ${this.pick(['+=', '^=', '|='])} ${this.pick(['b', 'w', 'q'])}[${this.pick(['k', `${LENGTH - 1} - k`])}];`,
    ])();
    this.depth -= 1;
    return made;
  }

  private assignment(): string {
    return this.random(3) === 0 ? `sum = fold(sum, ${this.expression()});` : `${this.place()} = ${this.expression()};`;
  }

  private loop(): string {
    const i = `i${(this.loops += 1)}`;
    const way = this.pick([
      `for (u32 ${i} = 0; ${i} < ${1 + this.random(20)}; ${i}++)`,
      `for (s32 ${i} = ${this.random(20)}; ${i} >= 0; ${i} -= ${1 + this.random(3)})`,
      `for (u64 ${i} = ${this.constant('u16')}; ${i} != 0; ${i} >>= 1)`,
    ]);
    const leave = this.random(3) === 0 ? `if ((${this.expression()} & 63) == 5) break;\n` : '';
    return `${way} {\nv[(u32)${i} & 7] += (u64)${i};\n${leave}${this.statements(2)}\n}`;
  }

  private switched(): string {
    const cases = Array.from({ length: 5 + this.random(4) }, (_, index) => {
      return `case ${index}: ${this.assignment()} ${this.random(4) === 0 ? '' : 'break;'}`;
    });
    return `switch ((u32)(${this.expression()}) % ${cases.length + 1}) {\n${cases.join('\n')}\ndefault: ${this.assignment()}\n}`;
  }
}

/**
 * @returns the programs of some seeds, and a function `u64 work(u64 n)` that runs the one of that number
 */
export function programsOf(seeds: readonly number[]): string {
  const programs = seeds.map((seed, index) => new Program(randomOf(seed), `program${index}`).source());
  const cases = seeds.map((_, index) => `case ${index}: return program${index}();`).join(' ');
  return `${PROLOGUE}${programs.join('\n')}\nu64 work(u64 n) { switch (n) { ${cases} default: return 0; } }\n`;
}
