import { expect } from 'chai';
import fc from 'fast-check';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { GUEST_BASE, PAGE_SIZE } from '../../../adapters/emulator/cpu/contract';
import type { Access, Protection } from '../../../adapters/emulator/cpu/contract';

const PASSIVE = 0;
const DISPATCH = 2;
const ACCESSES: readonly Access[] = ['read', 'write', 'execute'];
const ALL: Protection = { read: true, write: true, execute: true };
const NONE: Protection = { read: false, write: false, execute: false };
const SEED = 20240731;

describe('Guest memory', () => {
  it('allows nothing when it is fresh', () => {
    const memory = createMemory(2 * PAGE_SIZE);
    for (const access of ACCESSES) expect(memory.firstDenied(access, 0, 1, PASSIVE)).to.equal(0);
  });

  it('answers exactly for every size, alignment, length of the allowed range and offset into it', () => {
    const memory = createMemory(PAGE_SIZE);
    let cases = 0;
    for (let start = 64; start < 72; start += 1) {
      for (let length = 0; length <= 33; length += 1) {
        memory.protect(0, PAGE_SIZE, NONE);
        memory.protect(start, length, { ...NONE, read: true });
        for (const size of [1, 2, 4, 8, 16]) {
          for (let at = start - 17; at <= start + length + 1; at += 1) {
            const denied = memory.firstDenied('read', at, size, PASSIVE);
            let expected: number | undefined;
            for (let byte = at + size - 1; byte >= at; byte -= 1) {
              if (byte < start || byte >= start + length) expected = byte;
            }
            if (denied !== expected) expect.fail(`start ${start} length ${length} size ${size} at ${at}: ${denied}`);
            cases += 1;
          }
        }
      }
    }
    expect(cases).to.be.greaterThan(40_000);
  });

  it('keeps the accesses apart, and denies pageable memory at DISPATCH_LEVEL only', () => {
    const memory = createMemory(PAGE_SIZE);
    memory.protect(10, 20, { read: true, write: false, execute: true, pageable: true });
    expect(memory.firstDenied('read', 10, 20, 1)).to.equal(undefined);
    expect(memory.firstDenied('read', 10, 20, DISPATCH)).to.equal(10);
    expect(memory.firstDenied('write', 10, 20, PASSIVE)).to.equal(10);
    expect(memory.firstDenied('execute', 12, 1, PASSIVE)).to.equal(undefined);
    expect(memory.firstDenied('execute', 12, 1, DISPATCH)).to.equal(12);
  });

  it('denies what straddles or lies outside the window', () => {
    const memory = createMemory(3 * PAGE_SIZE);
    memory.protect(0, 3 * PAGE_SIZE, ALL);
    const end = 3 * PAGE_SIZE;
    expect(memory.firstDenied('read', end - 8, 8, PASSIVE)).to.equal(undefined);
    expect(memory.firstDenied('read', end - 8, 9, PASSIVE)).to.equal(end);
    expect(memory.firstDenied('read', end, 1, PASSIVE)).to.equal(end);
    expect(memory.firstDenied('read', -1, 4, PASSIVE)).to.equal(-1);
  });

  it('knows its guest addresses', () => {
    const memory = createMemory(PAGE_SIZE);
    expect(memory.offsetOf(GUEST_BASE + 5n)).to.equal(5);
    expect(memory.offsetOf(GUEST_BASE + BigInt(PAGE_SIZE))).to.equal(undefined);
    expect(memory.offsetOf(GUEST_BASE - 1n)).to.equal(undefined);
    expect(memory.offsetOf(0n)).to.equal(undefined);
  });

  it('refuses a size that is not whole pages, and ranges outside the window', () => {
    for (const size of [0, -PAGE_SIZE, 100, 2 ** 31]) expect(() => createMemory(size)).to.throw(RangeError);
    const memory = createMemory(PAGE_SIZE);
    expect(() => memory.write(PAGE_SIZE - 1, new Uint8Array(2))).to.throw(RangeError);
    expect(() => memory.fill(-1, 1, 0)).to.throw(RangeError);
    expect(() => memory.protect(0, PAGE_SIZE + 1, ALL)).to.throw(RangeError);
    expect(() => memory.setU64(PAGE_SIZE - 4, 0n)).to.throw(RangeError);
  });

  it('says when translated code has changed: by a write, a protection or a restore, and not otherwise', () => {
    const memory = createMemory(4 * PAGE_SIZE);
    const before = memory.snapshot();
    memory.translated[1] = 1;
    memory.setU32(PAGE_SIZE - 4, 1);
    memory.protect(2 * PAGE_SIZE, 8, ALL);
    expect(memory.codeChanges).to.equal(0);
    memory.setU32(PAGE_SIZE - 2, 1);
    expect(memory.codeChanges).to.equal(1);
    memory.protect(0, 4 * PAGE_SIZE, ALL);
    expect(memory.codeChanges).to.equal(2);
    memory.restore(before);
    expect(memory.codeChanges).to.be.greaterThan(2);
  });
});

describe('Snapshots of guest memory', () => {
  type Step =
    | { kind: 'write'; at: number; bytes: Uint8Array }
    | { kind: 'u64'; at: number; value: bigint }
    | { kind: 'protect'; at: number; length: number; protection: Protection }
    | { kind: 'snapshot' }
    | { kind: 'restore'; which: number };
  const SIZE = 8 * PAGE_SIZE;
  const at = fc.nat(SIZE - 64);
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), at, bytes: fc.uint8Array({ maxLength: 64 }) }),
    fc.record({ kind: fc.constant('u64' as const), at, value: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) }),
    fc.record({
      kind: fc.constant('protect' as const),
      at,
      length: fc.nat(64),
      protection: fc.record({
        read: fc.boolean(),
        write: fc.boolean(),
        execute: fc.boolean(),
        pageable: fc.boolean(),
      }),
    }),
    fc.record({ kind: fc.constant('snapshot' as const) }),
    fc.record({ kind: fc.constant('restore' as const), which: fc.nat(10) }),
  );

  it('bring back contents and shadow, in whatever order they are restored', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const memory = createMemory(SIZE);
        const picture = (): string => {
          const shadow = new Uint8Array(
            memory.wasm.buffer,
            memory.layout.planes,
            memory.layout.dirty - memory.layout.planes,
          );
          return Buffer.concat([memory.bytes, shadow]).toString('latin1');
        };
        const taken = [{ snapshot: memory.snapshot(), picture: picture() }];
        for (const item of steps) {
          if (item.kind === 'write') memory.write(item.at, item.bytes);
          else if (item.kind === 'u64') memory.setU64(item.at, item.value);
          else if (item.kind === 'protect') memory.protect(item.at, item.length, item.protection);
          else if (item.kind === 'snapshot') taken.push({ snapshot: memory.snapshot(), picture: picture() });
          else {
            const one = taken[item.which % taken.length];
            if (one === undefined) continue;
            memory.restore(one.snapshot);
            expect(picture() === one.picture).to.equal(true);
          }
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('go back only where they came from', () => {
    const snapshot = createMemory(PAGE_SIZE).snapshot();
    expect(() => createMemory(PAGE_SIZE).restore(snapshot)).to.throw(TypeError);
    expect(() => createMemory(PAGE_SIZE).restore({ pages: 1 })).to.throw(TypeError);
  });
});
