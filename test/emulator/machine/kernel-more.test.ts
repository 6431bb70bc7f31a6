import { expect } from 'chai';
import { STATUS } from '../../../adapters/emulator/machine';
import { CODE } from './booted';
import { Caller } from './caller';

const DISPATCH = 2;
const NONE = 0xffff_ffffn;

describe('What little is asked of the system besides', () => {
  it('is the first and the last bit of a number', () => {
    const caller = new Caller();
    const all = (name: string): bigint[] => [0n, 1n, 0x50n, 1n << 63n].map((value) => caller.do(name, value));
    const none = 0xffff_ffff_ffff_ffffn;
    expect(all('RtlFindMostSignificantBit')).to.deep.equal([none, 0n, 6n, 63n]);
    expect(all('RtlFindLeastSignificantBit')).to.deep.equal([none, 0n, 4n, 63n]);
  });

  it('is how much stack there is left', () => {
    const caller = new Caller();
    const [low, high] = [caller.space(8), caller.space(8)];
    caller.do('IoGetStackLimits', low, high);
    expect(caller.u64(high) - caller.u64(low)).to.equal(0x6000n);
  });

  it('is random numbers, of no algorithm in particular', () => {
    const caller = new Caller();
    const bytes = caller.space(16);
    expect(caller.do('BCryptGenRandom', 0, bytes, 16, 2)).to.equal(0n);
    expect(caller.u64(bytes)).to.not.equal(caller.u64(bytes, 8));
    expect(caller.do('BCryptGenRandom', bytes, bytes, 16, 0)).to.equal(BigInt(STATUS.INVALID_HANDLE));
  });
});

describe('Maps of bits', () => {
  it('are set, cleared, counted and searched', () => {
    const caller = new Caller();
    const [map, buffer] = [caller.space(0x10), caller.space(8)];
    caller.do('RtlInitializeBitMap', map, buffer, 20);
    caller.do('RtlSetBits', map, 3, 10);
    caller.do('RtlClearBit', map, 5);
    expect(caller.u32(buffer)).to.equal(0x1fd8);
    expect(caller.do('RtlNumberOfSetBits', map)).to.equal(9n);
    expect([4, 5].map((bit) => caller.do('RtlTestBit', map, bit))).to.deep.equal([1n, 0n]);
    expect(caller.do('RtlAreBitsClear', map, 13, 7)).to.equal(1n);
    expect(caller.do('RtlAreBitsSet', map, 13, 8)).to.equal(0n);
    expect(caller.do('RtlFindClearBits', map, 3, 18), 'from the hint on, then from the beginning').to.equal(0n);
    expect(caller.do('RtlFindClearBitsAndSet', map, 7, 0)).to.equal(13n);
    expect(caller.do('RtlFindClearBits', map, 4, 0)).to.equal(NONE);
    caller.do('RtlClearAllBits', map);
    expect(caller.u32(buffer)).to.equal(0);
  });
});

describe('Numbers and text of the run-time library', () => {
  it('are read with their sign, up to their limits, and tell where they end', () => {
    const caller = new Caller();
    const end = caller.space(8);
    const text = caller.narrow(' -12x');
    expect(BigInt.asIntN(32, caller.do('strtol', text, end, 10))).to.equal(-12n);
    expect(caller.u64(end)).to.equal(text + 4n);
    expect(caller.do('wcstol', caller.wide('99999999999'), 0, 10)).to.equal(0x7fff_ffffn);
    expect(caller.do('strtoul', caller.narrow('0xffffffff'), 0, 0)).to.equal(NONE);
    expect(caller.do('strtoul', caller.narrow('-1'), 0, 0)).to.equal(NONE);
  });

  it('are random, the same for the same seed', () => {
    const caller = new Caller();
    const [one, other] = [caller.space(4), caller.space(4)];
    const first = caller.do('RtlRandomEx', one);
    expect(caller.do('RtlRandomEx', other)).to.equal(first);
    expect(caller.do('RtlRandomEx', one)).not.to.equal(first);
    expect(first < 0x7fff_ffffn).to.equal(true);
  });

  it('go to UTF-8 and back', () => {
    const caller = new Caller();
    const [narrow, wide] = [caller.space(0x10), caller.space(0x10)];
    expect(caller.do('RtlUnicodeStringToUTF8String', narrow, caller.counted('ä1'), 1)).to.equal(0n);
    expect(caller.u32(narrow) & 0xffff).to.equal(3);
    expect(caller.do('RtlUTF8StringToUnicodeString', wide, narrow, 1)).to.equal(0n);
    expect(caller.text(wide)).to.equal('ä1');
    caller.do('RtlFreeUTF8String', narrow);
    caller.do('RtlFreeUnicodeString', wide);
    expect(caller.kernel.pool.liveBlocks).to.deep.equal([]);
  });

  it('are appended where there is room', () => {
    const caller = new Caller();
    const [to, added] = [caller.space(0x10), caller.space(0x10)];
    caller.do('RtlInitAnsiString', added, caller.narrow('bc'));
    caller.put(to, 0, 4n << 16n);
    caller.put(to, 8, caller.space(4));
    expect(caller.do('RtlAppendStringToString', to, added)).to.equal(0n);
    expect(caller.do('RtlAppendStringToString', to, added)).to.equal(0n);
    expect(caller.u32(caller.u64(to, 8))).to.equal(0x63626362);
    expect(caller.do('RtlAppendStringToString', to, added)).to.equal(BigInt(STATUS.BUFFER_TOO_SMALL));
  });
});

describe('What is put off may not be freed', () => {
  it('with a timer that is set in it', () => {
    const caller = new Caller();
    const block = caller.do('ExAllocatePoolWithTag', 0, 0x100, 0x31);
    const timer = block + 0x20n;
    caller.do('KeInitializeTimer', timer);
    caller.do('KeSetTimer', timer, -100_000n, 0);
    caller.run(() => caller.export('ExFreePool', block));
    const address = (value: bigint): string => `0x${value.toString(16).toUpperCase()}`;
    expect(caller.bugcheck.code).to.equal('0xC7');
    expect(caller.bugcheck.parameters).to.deep.equal(['0x0', ...[timer, block, block + 0x100n].map(address)]);
  });

  it('but with one that is over or cancelled', () => {
    const caller = new Caller();
    const block = caller.do('ExAllocatePoolWithTag', 0, 0x100, 0x31);
    for (const at of [0n, 0x40n]) {
      caller.do('KeInitializeTimer', block + at);
      caller.do('KeSetTimer', block + at, -10_000n, 0);
    }
    caller.do('KeCancelTimer', block);
    caller.kernel.advance(2);
    caller.do('ExFreePool', block);
    expect(caller.kernel.bugcheck).to.equal(undefined);
  });

  it('with a DPC in the queue in it', () => {
    const caller = new Caller({ code: { [CODE]: [0xc3] } });
    const block = caller.do('ExAllocatePoolWithTag', 0, 0x100, 0x31);
    caller.run(function* () {
      yield* caller.export('KeInitializeDpc', block, caller.at(CODE), 0);
      yield* caller.export('KeInsertQueueDpc', block, 0, 0);
      yield* caller.export('ExFreePool', block);
    }, DISPATCH);
    expect(caller.bugcheck.parameters[0]).to.equal('0x1');
  });
});

describe('A call on a larger stack', () => {
  it('is a call with its parameter', () => {
    // mov dword [rcx], 5; ret
    const caller = new Caller({ code: { [CODE]: [0xc7, 0x01, 0x05, 0, 0, 0, 0xc3] } });
    const out = caller.space(4);
    expect(caller.do('KeExpandKernelStackAndCallout', caller.at(CODE), out, 0x3000)).to.equal(0n);
    expect(caller.u32(out)).to.equal(5);
  });
});
