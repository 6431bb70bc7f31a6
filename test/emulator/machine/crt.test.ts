import { expect } from 'chai';
import { DebugOutput } from '../../../adapters/emulator/machine';
import { readNarrow, readWide, utf16 } from '../../../adapters/emulator/machine/text';
import { EventTracing, type TracedEvent } from '../../../adapters/emulator/machine';
import { Booted, CODE } from './booted';

const ROOM = 64;
const TRUNCATE = 0xffff_ffff_ffff_ffffn;

/** A machine with a buffer to write to. */
class Desk {
  readonly booted = new Booted();
  readonly to: bigint;

  constructor() {
    this.to = this.bytes(new Uint8Array(2 * ROOM));
  }

  bytes(content: Uint8Array): bigint {
    const { guest } = this.booted;
    const at = guest.allocate(content.length);
    guest.memory.write(at, content);
    return guest.address(at);
  }

  narrow(text: string): bigint {
    return this.bytes(Buffer.from(`${text}\0`, 'latin1'));
  }

  wide(text: string): bigint {
    return this.bytes(utf16(text, true));
  }

  /** A va_list. */
  list(...words: readonly bigint[]): bigint {
    return this.bytes(new Uint8Array(BigUint64Array.from(words).buffer));
  }

  call(name: string, ...args: readonly (bigint | number)[]): bigint | undefined {
    return this.booted.run(() => this.booted.export(name, ...args));
  }

  /** What a function of 32 bits returned. */
  signed(name: string, ...args: readonly (bigint | number)[]): number {
    return Number(BigInt.asIntN(32, this.call(name, ...args) ?? -99n));
  }

  get text(): string {
    return readNarrow(this.booted.guest, this.booted.guest.offset(this.to));
  }

  get wideText(): string {
    return readWide(this.booted.guest, this.booted.guest.offset(this.to));
  }
}

describe('Formatted text of the kernel', () => {
  it('takes arguments one by one or from a list, narrow or wide', () => {
    const desk = new Desk();
    expect([desk.signed('sprintf', desk.to, desk.narrow('%d %s'), 5, desk.narrow('five')), desk.text]).to.deep.equal([
      6,
      '5 five',
    ]);
    expect([desk.signed('swprintf', desk.to, desk.wide('%04x'), 0xbeef), desk.wideText]).to.deep.equal([4, 'beef']);
    const list = desk.list(7n, desk.narrow('x'));
    expect([desk.signed('_vsnprintf', desk.to, ROOM, desk.narrow('%u-%s'), list), desk.text]).to.deep.equal([3, '7-x']);
    const wideList = desk.list(desk.wide('name'));
    expect([desk.signed('_vsnwprintf', desk.to, ROOM, desk.wide('[%s]'), wideList), desk.wideText]).to.deep.equal([
      6,
      '[name]',
    ]);
    expect(desk.signed('vsprintf', desk.to, desk.narrow('%c'), desk.list(65n))).to.equal(1);
  });

  it('is cut off where there is no room, without a zero, and says so', () => {
    const desk = new Desk();
    desk.call('memset', desk.to, 0x2e, 8);
    expect([desk.signed('_snprintf', desk.to, 3, desk.narrow('abcdef')), desk.text]).to.deep.equal([-1, 'abc.....']);
    expect([desk.signed('_snprintf', desk.to, 3, desk.narrow('xyz')), desk.text.slice(0, 4)]).to.deep.equal([
      3,
      'xyz.',
    ]);
  });

  it('is emptied by secure functions, or cut off when they are asked to', () => {
    const desk = new Desk();
    expect([desk.signed('sprintf_s', desk.to, 4, desk.narrow('long text')), desk.text]).to.deep.equal([-1, '']);
    expect([desk.signed('swprintf_s', desk.to, ROOM, desk.wide('%u'), 12), desk.wideText]).to.deep.equal([2, '12']);
    expect([desk.signed('_snprintf_s', desk.to, 4, TRUNCATE, desk.narrow('long')), desk.text]).to.deep.equal([
      -1,
      'lon',
    ]);
    expect([desk.signed('_snwprintf_s', desk.to, ROOM, 2, desk.wide('long')), desk.wideText]).to.deep.equal([-1, 'lo']);
    const list = desk.list(1n);
    expect(desk.signed('vsprintf_s', desk.to, ROOM, desk.narrow('%d'), list)).to.equal(1);
    expect(desk.signed('vswprintf_s', desk.to, ROOM, desk.wide('%d'), list)).to.equal(1);
    expect(desk.signed('_vsnprintf_s', desk.to, ROOM, TRUNCATE, desk.narrow('%d'), list)).to.equal(1);
    expect(desk.signed('_vsnwprintf_s', desk.to, 0, TRUNCATE, desk.wide('%d'), list)).to.equal(-1);
  });

  it('goes to the debugger from a list, behind a prefix', () => {
    const desk = new Desk();
    const format = desk.narrow('%d left');
    desk.call('vDbgPrintEx', 77, 0, format, desk.list(3n));
    desk.call('vDbgPrintExWithPrefix', desk.narrow('me: '), 77, 0, format, desk.list(2n));
    expect(desk.booted.guest.part(DebugOutput).lines).to.deep.equal(['3 left', 'me: 2 left']);
  });
});

describe('Text of the run-time library', () => {
  it('is copied and joined', () => {
    const desk = new Desk();
    desk.call('strcpy', desk.to, desk.narrow('ab'));
    desk.call('strcat', desk.to, desk.narrow('cd'));
    desk.call('strncat', desk.to, desk.narrow('efgh'), 2);
    expect(desk.text).to.equal('abcdef');
    desk.call('strncpy', desk.to, desk.narrow('xyz'), 2);
    expect(desk.text).to.equal('xycdef');
    desk.call('wcscpy', desk.to, desk.wide('ab'));
    desk.call('wcsncat', desk.to, desk.wide('cde'), 1);
    expect(desk.wideText).to.equal('abc');
  });

  it('is bounded by secure functions', () => {
    const desk = new Desk();
    expect(desk.signed('strcpy_s', desk.to, 3, desk.narrow('ab'))).to.equal(0);
    expect(desk.signed('strcat_s', desk.to, 3, desk.narrow('c'))).to.equal(34);
    expect(desk.text).to.equal('');
    expect([desk.signed('strncpy_s', desk.to, 3, desk.narrow('abcd'), TRUNCATE), desk.text]).to.deep.equal([80, 'ab']);
    expect([desk.signed('strncat_s', desk.to, ROOM, desk.narrow('cdef'), 2), desk.text]).to.deep.equal([0, 'abcd']);
    expect(desk.signed('memcpy_s', desk.to, 2, desk.narrow('abcd'), 4)).to.equal(34);
    expect(desk.signed('memmove_s', desk.to, ROOM, desk.narrow('moved'), 6)).to.equal(0);
    expect(desk.text).to.equal('moved');
  });

  it('is searched', () => {
    const desk = new Desk();
    const text = desk.narrow('key=value=x');
    const at = (name: string, ...args: readonly (bigint | number)[]) =>
      Number((desk.call(name, text, ...args) ?? 0n) - text);
    expect([at('strchr', 0x3d), at('strrchr', 0x3d), at('strstr', desk.narrow('val'))]).to.deep.equal([3, 9, 4]);
    expect(at('memchr', 0x76, 11)).to.equal(4);
    expect(desk.call('memchr', text, 0x7a, 11)).to.equal(0n);
    expect([desk.call('strspn', text, desk.narrow('eky')), desk.call('strcspn', text, desk.narrow('='))]).to.deep.equal(
      [3n, 3n],
    );
    expect(desk.call('strnlen', text, 4)).to.equal(4n);
    expect(desk.signed('_strnicmp', text, desk.narrow('KEY?'), 3)).to.equal(0);
  });

  it('is folded and turned round where it is', () => {
    const desk = new Desk();
    desk.call('strcpy', desk.to, desk.narrow('aBc'));
    desk.call('_strupr', desk.to);
    desk.call('_strrev', desk.to);
    expect(desk.text).to.equal('CBA');
    desk.call('_strlwr', desk.to);
    expect(desk.text).to.equal('cba');
  });

  it('is compared no further than to the first difference', () => {
    const desk = new Desk();
    const { guest } = desk.booted;
    const short = guest.address(guest.memory.size - 4);
    guest.memory.protect(guest.memory.size - 4, 4, { read: true, write: true, execute: false });
    guest.memory.write(guest.memory.size - 4, Buffer.from('abcd'));
    expect(desk.call('RtlCompareMemory', short, desk.narrow('abX------'), 9)).to.equal(2n);
    expect(desk.signed('memcmp', short, desk.narrow('abX------'), 9)).to.equal(1);
  });
});

describe('Numbers of the run-time library', () => {
  it('are read from text and written to it', () => {
    const desk = new Desk();
    expect(desk.signed('atoi', desk.narrow(' -42x'))).to.equal(-42);
    expect(desk.signed('_wtol', desk.wide('17'))).to.equal(17);
    expect(desk.signed('atoi', desk.narrow('none'))).to.equal(0);
    const digits = desk.wide('0x1Fg');
    expect(desk.call('wcstoul', digits, desk.to, 0)).to.equal(0x1fn);
    expect(desk.booted.guest.memory.u64(desk.booted.guest.offset(desk.to))).to.equal(digits + 8n);
    desk.call('_itoa', 0xffff_ffff, desk.to, 10);
    expect(desk.text).to.equal('-1');
    desk.call('_ultow', 0xffff_ffff, desk.to, 16);
    expect(desk.wideText).to.equal('ffffffff');
  });

  it('tell characters apart', () => {
    const desk = new Desk();
    expect([desk.call('isdigit', 0x37), desk.call('isdigit', 0x78), desk.call('toupper', 0x61)]).to.deep.equal([
      1n,
      0n,
      0x41n,
    ]);
    expect(desk.call('towlower', 0x41)).to.equal(0x61n);
  });

  it('come in the same random order on every machine', () => {
    const [one, other] = [new Desk(), new Desk()];
    const first = one.call('rand');
    expect(first).to.equal(other.call('rand'));
    one.call('srand', 1);
    expect(one.call('rand')).to.equal(first);
  });

  it("are sorted and found by the driver's own comparison", () => {
    // mov eax, [rcx]; sub eax, [rdx]; ret
    const booted = new Booted({ code: { [CODE]: [0x8b, 0x01, 0x2b, 0x02, 0xc3] } });
    const { guest } = booted;
    const array = guest.allocate(16);
    guest.memory.write(array, new Uint8Array(Uint32Array.of(30, 10, 40, 20).buffer));
    booted.run(() => booted.export('qsort', guest.address(array), 4, 4, booted.at(CODE)));
    expect([0, 4, 8, 12].map((at) => guest.memory.u32(array + at))).to.deep.equal([10, 20, 30, 40]);
    const key = guest.allocate(4);
    guest.memory.setU32(key, 30);
    const found = booted.run(() =>
      booted.export('bsearch', guest.address(key), guest.address(array), 4, 4, booted.at(CODE)),
    );
    expect(found).to.equal(guest.address(array + 8));
    guest.memory.setU32(key, 31);
    const none = booted.run(() =>
      booted.export('bsearch', guest.address(key), guest.address(array), 4, 4, booted.at(CODE)),
    );
    expect(none).to.equal(0n);
  });
});

describe('Event tracing', () => {
  it('registers providers whom nobody listens to', () => {
    const desk = new Desk();
    expect(desk.call('EtwRegister', desk.to, 0, 0, desk.to)).to.equal(0n);
    const handle = desk.booted.guest.memory.u64(desk.booted.guest.offset(desk.to));
    expect(handle).not.to.equal(0n);
    expect(desk.call('EtwEventEnabled', handle, 0)).to.equal(0n);
    expect(desk.call('EtwWrite', handle, 0, 0, 0, 0)).to.equal(0n);
    expect(desk.call('EtwUnregister', handle)).to.equal(0n);
  });

  it('passes on to providers what a session asks of them', () => {
    // mov rax, [rsp + 38h]; mov [rax], edx; ret: the control code goes where the context points, which is the seventh argument.
    const booted = new Booted({ code: { [CODE]: [0x48, 0x8b, 0x44, 0x24, 0x38, 0x89, 0x10, 0xc3] } });
    const { guest } = booted;
    const [id, heard, handle] = [guest.allocate(16), guest.allocate(16), guest.allocate(16)];
    for (const callback of [booted.at(CODE), 0]) {
      const context = guest.address(heard);
      booted.run(() => booted.export('EtwRegister', guest.address(id), callback, context, guest.address(handle)));
    }
    booted.run(function* () {
      guest.part(EventTracing).control(2n);
      yield* guest.kernel.until('the provider', () => guest.memory.u32(heard) !== 0);
    });
    expect(guest.memory.u32(heard)).to.equal(2);
  });

  it('hands what a provider writes to a session, while that is on and the provider is registered', () => {
    const desk = new Desk();
    const { guest } = desk.booted;
    const heard: TracedEvent[] = [];
    const session = { isOn: false, hear: (event: TracedEvent) => void heard.push(event) };
    guest.part(EventTracing).session = session;
    const id = desk.bytes(Buffer.from('33221100554477668899aabbccddeeff', 'hex'));
    desk.call('EtwRegister', id, 0, 0, desk.to);
    const handle = guest.memory.u64(guest.offset(desk.to));
    expect(desk.call('EtwProviderEnabled', handle, 5, 1)).to.equal(0n);
    session.isOn = true;
    expect(desk.call('EtwProviderEnabled', handle, 5, 1)).to.equal(1n);
    const descriptor = desk.list(0x0000_0005_0000_0000n, 0x7n);
    const parts = [
      ['provider', 2n],
      ['event', 1n],
      ['one', 0n],
      ['', 0n],
      ['two', 0n],
    ] as const;
    const data = parts.flatMap(([text, type]) => [desk.narrow(text), BigInt(text.length) | (type << 32n)]);
    const write = (count: number) => desk.call('EtwWriteTransfer', handle, descriptor, 0, 0, count, desk.list(...data));
    expect(write(parts.length)).to.equal(0n);
    expect(heard.map(({ metadata, payload }) => [String(metadata), String(payload)])).to.deep.equal([
      ['event', 'onetwo'],
    ]);
    expect(heard[0]).to.include({ provider: '{00112233-4455-6677-8899-AABBCCDDEEFF}', level: 5, keyword: 7n });
    expect(write(129)).to.equal(0xc000_000dn);
    desk.call('EtwUnregister', handle);
    write(parts.length);
    expect(heard).to.have.lengthOf(1);
  });
});
