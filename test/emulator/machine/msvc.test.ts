import { expect } from 'chai';
import { join } from 'node:path';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { readImage, type Image } from '../../../adapters/emulator/image';
import { buildDriver, GUARDED } from '../image/zig';
import { Booted, IMAGE_BASE } from './booted';

const RECIPE = {
  source: join(__dirname, 'images', 'msvc.c'),
  imports: {
    'ntoskrnl.exe': ['ProbeForRead', 'ExRaiseStatus', 'RtlCompareMemory', '__C_specific_handler', '_local_unwind'],
    'NDIS.SYS': ['NdisMSleep @17 NONAME'],
  },
  target: 'msvc',
  compile: [...GUARDED, '-O2', '-fstack-protector-strong', '-fasync-exceptions', '-fno-builtin'],
  entry: 'GsDriverEntry',
} as const;

const MERGED = ['/merge:.rdata=.text', '/merge:.pdata=.text', '/section:.text,erw'];

for (const [how, link, engine] of [
  ['as it is, interpreted', [], createInterpreter],
  ['as it is, translated', [], createJit],
  ['with everything in one section that may be written, translated', MERGED, createJit],
] as const) {
  describe(`A driver of the kind that Microsoft's compiler makes, ${how}`, function () {
    this.timeout(120_000);
    let image: Image;
    let booted: Booted;

    before(() => {
      const { sys, pdb } = buildDriver({ ...RECIPE, link });
      image = readImage(sys, { pdb });
    });

    beforeEach(() => {
      booted = new Booted({ image, engine });
    });

    const rva = (name: string): number => {
      const found = image.addressOf(name);
      if (found === undefined) throw new Error(`${name} is unknown`);
      return found;
    };
    const call = (name: string, ...args: readonly (bigint | number)[]) => booted.call(rva(name), ...args);
    const word = (name: string) => booted.guest.memory.u32(IMAGE_BASE + rva(name));
    /** Bytes that the driver may use. */
    const place = (length: number): { at: number; address: bigint } => {
      const at = booted.guest.allocate(length);
      return { at, address: booted.guest.address(at) };
    };

    it('finds its security cookie set', () => {
      expect(booted.call(image.entryPoint, 1, 2)).to.equal(0n);
      expect(booted.kernel.bugcheck).to.equal(undefined);
    });

    it('gives up when its cookie is still the one of the compiler', () => {
      booted.guest.memory.setU64(IMAGE_BASE + rva('__security_cookie'), 0x2b99_2ddf_a232n);
      booted.call(image.entryPoint, 1, 2);
      expect([booted.bugcheck.code, booted.bugcheck.parameters[0]]).to.deep.equal(['0x139', '0x6']);
    });

    it('notices that it has written behind a buffer on its stack', () => {
      const text = place(16);
      booted.guest.memory.fill(text.at, 16, 7);
      expect(call('fill', text.address, 16)).to.equal(7n);
      call('fill', text.address, 40);
      expect([booted.bugcheck.code, booted.bugcheck.parameters[0]]).to.deep.equal(['0x139', '0x2']);
    });

    it('calls through the guard', () => {
      expect(image.guardFunctions?.size).to.be.greaterThan(2);
      expect(call('indirect', 0, 5)).to.equal(11n);
      expect(call('indirect', 1, 5)).to.equal(16n);
    });

    it('stops when an indirect call through the guard goes into a function, to data, or nowhere', () => {
      const at = IMAGE_BASE + rva('table');
      const twice = booted.guest.memory.u64(at);
      for (const target of [twice + 1n, booted.guest.address(at), 0n, 0x1234_5678n]) {
        booted = new Booted({ image, engine });
        booted.guest.memory.setU64(at, target);
        call('indirect', 0, 5);
        const { code, parameters, message } = booted.bugcheck;
        expect([code, parameters[0], parameters[3]]).to.deep.equal([
          '0x139',
          '0xA',
          `0x${target.toString(16).toUpperCase()}`,
        ]);
        expect(message).to.include('control-flow guard');
      }
    });

    it('is stopped when it calls through the guard on and on', () => {
      call('polls', 1);
      expect(booted.bugcheck.code).to.equal('0x133');
    });

    it('calls exports through the guard', () => {
      const address = booted.guest.imports.resolve('ntoskrnl.exe', 'abs');
      booted.guest.memory.setU64(IMAGE_BASE + rva('table'), address ?? 0n);
      expect(call('indirect', 0, -5)).to.equal(6n);
    });

    it('takes what its probe raises', () => {
      const value = place(4);
      expect(call('probes', 0xffff_8000_1234_0000n, value.address)).to.equal(0xe000_0001n);
      expect(call('probes', 0x1_0000, value.address)).to.equal(0xe000_0001n);
      expect(booted.kernel.bugcheck).to.equal(undefined);
    });

    it('raises in a block that takes an exception', () => {
      expect(call('rethrows', 0xc000_0001)).to.equal(123n);
      expect(call('rethrows', 0xc000_0007)).to.equal(13n);
    });

    it('takes an exception in a function of two pieces, by the blocks of the first', () => {
      expect(call('split', 0x1234)).to.equal(0x1234n);
      expect(word('filtered')).to.equal(0xc000_0005);
      expect(word('finished')).to.equal(1);
    });

    it('leaves blocks on the way to where it goes on, and those alone', () => {
      expect(call('leaves', 1)).to.equal(5n);
      expect(word('finished')).to.equal(1);
      call('leaves', 0);
      expect([booted.bugcheck.code, booted.bugcheck.parameters[0]]).to.deep.equal(['0x1E', '0xC0000028']);
    });

    it('goes on where a filter says', () => {
      const seen = place(24);
      expect(call('continues', 0x1234, seen.address)).to.equal(77n);
      const { memory } = booted.guest;
      expect([0, 8, 16].map((offset) => memory.u64(seen.at + offset))).to.deep.equal([0xc000_0005n, 1n, 0x1234n]);
    });

    it('does not hang where a filter insists', () => {
      call('insists', 0x1234);
      expect(booted.bugcheck.code).to.equal('0x133');
    });

    it('copies past the cache and by string instructions', () => {
      const [from, to] = [place(256), place(256)];
      for (let index = 0; index < 128; index += 1) booted.guest.memory.setU8(from.at + index, index);
      call('copy_past_cache', to.address, from.address);
      const { memory } = booted.guest;
      expect([...memory.bytes.subarray(to.at, to.at + 120)]).to.deep.equal(Array.from({ length: 120 }, (_, at) => at));
      expect(memory.u64(to.at + 120)).to.equal(0x1122_3344_5566_7788n);
      call('copy_string', to.address + 128n, from.address, 100);
      expect(memory.u8(to.at + 128 + 99)).to.equal(99);
    });

    it('uses fences, cr8 and gs', () => {
      expect(call('fenced', 1, 2)).to.equal(1n);
      expect(call('raise_inline')).to.equal(2n);
      expect(call('processor')).to.equal(0n);
      expect(call('prcb')).to.not.equal(0n);
      expect(call('thread')).to.not.equal(0n);
    });

    it('calls imports with room to be rewritten, and jumps by tables', () => {
      const bytes = place(8);
      expect(call('padded_call', bytes.address, bytes.address, 8)).to.equal(8n);
      expect([0, 1, 3, 5, 6].map((n) => call('switches', n))).to.deep.equal([11n, 7n, 13n, 1n, 0xffff_ffffn]);
    });

    it('has lost what is of INIT once DriverEntry has returned', () => {
      booted.guest.discardInit();
      call('DriverEntry', 1, 2);
      expect(booted.bugcheck.code).to.equal('0x50');
    });

    it('does not run pageable code at DISPATCH_LEVEL', () => {
      expect(call('paged', 1)).to.equal(2n);
      booted.run(() => booted.guest.call(booted.at(rva('paged')), 1n), 2);
      expect(booted.bugcheck.code).to.equal('0xD1');
    });
  });
}
