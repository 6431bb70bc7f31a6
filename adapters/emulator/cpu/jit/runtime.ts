/**
 * What all translated code calls, itself WebAssembly: `dispatch` goes from block to block by way of the jump cache,
 * `denied` asks the shadow exactly, `flags` computes all arithmetic flags, `flush` puts them into the register file,
 * `multiplyHigh` and `multiplyHighSigned` give the upper half of a product.
 */
import { GUEST_BASE } from '../contract';
import type { Layout } from '../memory/layout';
import { Code } from './code';
import { FLAGS } from './flags';
import { I32, I64, moduleOf } from './module';
import type { FunctionBody, Signature } from './module';
import { OP } from './opcodes';
import { ARITHMETIC_FLAGS, CACHE_ENTRIES, CACHE_ENTRY, STATE, STATUS } from './state';

/** Of translated code: from the number of a block and the depth to a status. It has to be the first type of the module. */
export const REGION: Signature = { parameters: [I32, I32], results: [I32] };
export const SIGNATURES = {
  dispatch: { parameters: [I64, I32], results: [I32] },
  denied: { parameters: [I64, I32, I32], results: [I32] },
  flags: { parameters: [I32, I64, I64, I64], results: [I32] },
  flush: { parameters: [], results: [] },
  multiplyHigh: { parameters: [I64, I64], results: [I64] },
  multiplyHighSigned: { parameters: [I64, I64], results: [I64] },
} as const satisfies Record<string, Signature>;
export type RuntimeFunction = keyof typeof SIGNATURES;

export function runtimeModule(layout: Layout): Uint8Array {
  const functions: FunctionBody[] = [
    // Function 0 of the table: an empty entry of the cache leads here.
    { name: 'miss', signature: REGION, locals: [], code: new Code().i32(STATUS.miss).toArray() },
    {
      name: 'flags',
      signature: SIGNATURES.flags,
      locals: [
        [8, I64],
        [1, I32],
      ],
      code: flags(),
    },
    {
      name: 'dispatch',
      signature: SIGNATURES.dispatch,
      locals: [
        [1, I64],
        [2, I32],
      ],
      code: dispatch(layout),
    },
    { name: 'denied', signature: SIGNATURES.denied, locals: [[1, I32]], code: denied(layout) },
    { name: 'flush', signature: SIGNATURES.flush, locals: [], code: flush(layout, 1) },
    { name: 'multiplyHigh', signature: SIGNATURES.multiplyHigh, locals: [[4, I64]], code: multiplyHigh() },
    {
      name: 'multiplyHighSigned',
      signature: SIGNATURES.multiplyHighSigned,
      locals: [],
      code: multiplyHighSigned(5),
    },
  ];
  return moduleOf([], functions, layout.wasmPages);
}

/** Runs from rip on until rip is `expected` behind some block, or there is a status for the host. */
function dispatch({ engine }: Layout): Uint8Array {
  const [expected, depth, rip, status, entry] = [0, 1, 2, 3, 4];
  const code = new Code();
  const done = code.block();
  const again = code.loop();
  code
    .i32(0)
    .access(OP.i64Load, engine + STATE.rip)
    .set(rip);
  pushCacheEntry(code, rip, entry, engine);
  code.set(entry);
  code.get(entry).access(OP.i64Load, 0).get(rip).op(OP.i64Ne);
  code.if();
  code.i32(STATUS.miss).set(status).br(done);
  code.end();
  code.get(entry).access(OP.i32Load, 12).get(depth);
  code.get(entry).access(OP.i32Load, 8);
  code.op(OP.callIndirect).unsigned(0).unsigned(0).tee(status).brIf(done);
  code
    .i32(0)
    .access(OP.i64Load, engine + STATE.rip)
    .get(expected)
    .op(OP.i64Ne)
    .brIf(again);
  code.end();
  code.end();
  code.get(status);
  return code.toArray();
}

/** Pushes the address of the place in the jump cache that a rip has: cache + (its low bits, mixed) * 16. */
export function pushCacheEntry(code: Code, rip: number, scratch: number, engine: number): void {
  code.get(rip).op(OP.i32WrapI64).tee(scratch).get(scratch).i32(12).op(OP.i32ShrU).op(OP.i32Xor);
  code
    .i32(CACHE_ENTRIES - 1)
    .op(OP.i32And)
    .i32(Math.log2(CACHE_ENTRY))
    .op(OP.i32Shl);
  code
    .i32(0)
    .access(OP.i32Load, engine + STATE.cache)
    .op(OP.i32Add);
}

/** Parameters: address, size up to 16, offset of the plane that is asked. */
function denied({ windowBits, engine }: Layout): Uint8Array {
  const [address, size, plane, mask] = [0, 1, 2, 3];
  const code = new Code();
  // Where a fault would be; nobody asks when there is none.
  code
    .i32(0)
    .get(address)
    .access(OP.i64Store, engine + STATE.faultAddress);
  code
    .i32(0)
    .get(size)
    .access(OP.i32Store, engine + STATE.faultSize);
  pushOutside(code, address, windowBits);
  code.if();
  code.i32(1).op(OP.return);
  code.end();
  code.i32(1).get(size).op(OP.i32Shl).i32(1).op(OP.i32Sub).set(mask);
  pushShadowIndex(code, address);
  code.get(plane).op(OP.i32Add).access(OP.i32Load, 0);
  code.get(address).op(OP.i32WrapI64).i32(7).op(OP.i32And).op(OP.i32ShrU);
  code.get(mask).op(OP.i32And).get(mask).op(OP.i32Ne);
  return code.toArray();
}

/** Pushes whether an address has another prefix than the window's. */
export function pushOutside(code: Code, address: number, windowBits: number): void {
  const prefix = GUEST_BASE >> BigInt(windowBits);
  code.get(address).i64(windowBits).op(OP.i64ShrU);
  code.i64(Number(BigInt.asIntN(32, prefix)), Number(BigInt.asIntN(32, prefix >> 32n))).op(OP.i64Ne);
}

/** Pushes where in a plane the bit of an address of the window is, in bytes. */
export function pushShadowIndex(code: Code, address: number): void {
  code.get(address).op(OP.i32WrapI64).i32(3).op(OP.i32ShrU);
}

function flush({ engine }: Layout, flagsFunction: number): Uint8Array {
  const code = new Code();
  code.i32(0);
  code
    .i32(0)
    .access(OP.i64Load, engine + STATE.rflags)
    .i64(~ARITHMETIC_FLAGS)
    .op(OP.i64And);
  code.i32(0).access(OP.i32Load, engine + STATE.flagKind);
  for (const field of [STATE.flagA, STATE.flagB, STATE.flagResult]) code.i32(0).access(OP.i64Load, engine + field);
  code
    .call(flagsFunction)
    .op(OP.i64ExtendI32U)
    .op(OP.i64Or)
    .access(OP.i64Store, engine + STATE.rflags);
  return code.toArray();
}

/** Parameters: kind, a, b, result. Carries are taken from the top bit of what comes out of each bit: no overflow anywhere. */
function flags(): Uint8Array {
  const [kind, a, b, result, bits, carries, overflow, top, ones, operation, auxiliary, carry] = [
    0, 1, 2, 3, 12, 4, 5, 6, 7, 8, 9, 10,
  ];
  const code = new Code();
  const is = (name: keyof typeof FLAGS): Code => code.get(operation).i64(FLAGS[name]).op(OP.i64Eq);
  const either = (...names: (keyof typeof FLAGS)[]): void => {
    names.forEach((name, index) => {
      is(name);
      if (index > 0) code.op(OP.i32Or);
    });
  };
  code.get(kind).i32(2).op(OP.i32ShrU).op(OP.i64ExtendI32U).set(operation);
  is('explicit');
  code.if();
  code.get(result).op(OP.i32WrapI64).op(OP.return);
  code.end();
  // top = size in bits - 1; ones = 1 << top
  code.i64(8).get(kind).i32(3).op(OP.i32And).op(OP.i64ExtendI32U).op(OP.i64Shl).i64(1).op(OP.i64Sub).set(top);
  code.i64(1).get(top).op(OP.i64Shl).set(ones);
  either('add', 'carry');
  code.if();
  // carries = (a & b) | ((a | b) & ~result)
  code.get(a).get(b).op(OP.i64And).get(a).get(b).op(OP.i64Or).get(result).i64(-1).op(OP.i64Xor).op(OP.i64And);
  code.op(OP.i64Or).get(top).op(OP.i64ShrU).i64(1).op(OP.i64And).set(carry);
  code.get(a).get(result).op(OP.i64Xor).get(b).get(result).op(OP.i64Xor).op(OP.i64And);
  code.get(top).op(OP.i64ShrU).i64(1).op(OP.i64And).set(overflow);
  code.get(a).get(b).op(OP.i64Xor).get(result).op(OP.i64Xor).i64(0x10).op(OP.i64And).set(auxiliary);
  code.end();
  either('subtract', 'borrow');
  code.if();
  // borrows = (~a & b) | ((~a | b) & result)
  code.get(a).i64(-1).op(OP.i64Xor).set(carries);
  code.get(carries).get(b).op(OP.i64And).get(carries).get(b).op(OP.i64Or).get(result).op(OP.i64And).op(OP.i64Or);
  code.get(top).op(OP.i64ShrU).i64(1).op(OP.i64And).set(carry);
  code.get(a).get(b).op(OP.i64Xor).get(a).get(result).op(OP.i64Xor).op(OP.i64And);
  code.get(top).op(OP.i64ShrU).i64(1).op(OP.i64And).set(overflow);
  code.get(a).get(b).op(OP.i64Xor).get(result).op(OP.i64Xor).i64(0x10).op(OP.i64And).set(auxiliary);
  code.end();
  either('increment', 'decrement', 'given');
  code.if();
  code.get(a).set(carry);
  code.end();
  is('given').if();
  code.get(b).set(overflow);
  code.end();
  is('increment').if();
  code.get(result).get(ones).op(OP.i64Eq).op(OP.i64ExtendI32U).set(overflow);
  code.get(result).i64(15).op(OP.i64And).op(OP.i64Eqz).op(OP.i64ExtendI32U).i64(4).op(OP.i64Shl).set(auxiliary);
  code.end();
  is('decrement').if();
  code.get(result).get(ones).i64(1).op(OP.i64Sub).op(OP.i64Eq).op(OP.i64ExtendI32U).set(overflow);
  code.get(result).i64(15).op(OP.i64And).i64(15).op(OP.i64Eq).op(OP.i64ExtendI32U).i64(4).op(OP.i64Shl);
  code.set(auxiliary);
  code.end();
  code.get(carry).get(overflow).i64(11).op(OP.i64Shl).op(OP.i64Or).get(auxiliary).op(OP.i64Or).op(OP.i32WrapI64);
  code.set(bits);
  code.get(result).get(top).op(OP.i64ShrU).i64(1).op(OP.i64And).op(OP.i32WrapI64).i32(7).op(OP.i32Shl);
  code.get(result).op(OP.i64Eqz).i32(6).op(OP.i32Shl).op(OP.i32Or);
  code.get(result).op(OP.i32WrapI64).i32(0xff).op(OP.i32And).op(OP.i32Popcnt).i32(1).op(OP.i32And).op(OP.i32Eqz);
  code.i32(2).op(OP.i32Shl).op(OP.i32Or).get(bits).op(OP.i32Or);
  return code.toArray();
}

/** Schoolbook, in halves of 32 bits. */
function multiplyHigh(): Uint8Array {
  const [x, y, low, cross, other, carry] = [0, 1, 2, 3, 4, 5];
  const code = new Code();
  const lower = (local: number): Code => code.get(local).i64(-1, 0).op(OP.i64And);
  const upper = (local: number): Code => code.get(local).i64(32).op(OP.i64ShrU);
  lower(x);
  lower(y).op(OP.i64Mul).set(low);
  upper(x);
  lower(y).op(OP.i64Mul);
  upper(low).op(OP.i64Add).set(cross);
  lower(x);
  upper(y).op(OP.i64Mul);
  lower(cross).op(OP.i64Add).set(other);
  upper(cross).set(carry);
  upper(x);
  upper(y).op(OP.i64Mul).get(carry).op(OP.i64Add);
  upper(other).op(OP.i64Add);
  return code.toArray();
}

function multiplyHighSigned(unsigned: number): Uint8Array {
  const [x, y] = [0, 1];
  const code = new Code();
  code.get(x).get(y).call(unsigned);
  code.get(x).i64(63).op(OP.i64ShrS).get(y).op(OP.i64And).op(OP.i64Sub);
  code.get(y).i64(63).op(OP.i64ShrS).get(x).op(OP.i64And).op(OP.i64Sub);
  return code.toArray();
}
