import { expect } from 'chai';
import { GuestBugcheck } from '../../../adapters/emulator/machine';
import { Booted, CODE } from './booted';

const TAG = 0x3174_7345; // 'Est1'
/** mov [rcx], al; ret — mov al, [rcx]; ret */
const TOUCH = { [CODE]: [0x88, 0x01, 0xc3], [CODE + 0x10]: [0x8a, 0x01, 0xc3] };

function allocated(length: number, type = 512): { booted: Booted; block: bigint } {
  const booted = new Booted({ code: TOUCH });
  const block = booted.run(() => booted.export('ExAllocatePoolWithTag', type, length, TAG)) ?? 0n;
  return { booted, block };
}

describe('Pool memory of the guest', () => {
  it('is aligned to 16 bytes, and to pages from a page on', () => {
    const { booted, block } = allocated(24);
    expect(block % 16n).to.equal(0n);
    const large = booted.run(() => booted.export('ExAllocatePoolWithTag', 512, 4096, TAG)) ?? 1n;
    expect(large % 4096n).to.equal(0n);
  });

  it('may be used from its first to its last byte', () => {
    const { booted, block } = allocated(24);
    booted.call(CODE, block);
    booted.call(CODE, block + 23n);
    expect(booted.kernel.bugcheck).to.equal(undefined);
  });

  for (const [where, at] of [
    ['one byte behind its end', 24n],
    ['one byte in front', -1n],
  ] as const) {
    it(`may not be used ${where}`, () => {
      const { booted, block } = allocated(24);
      booted.call(CODE, block + at);
      expect(booted.bugcheck.code).to.equal('0xD6');
      expect(booted.bugcheck.message).to.include('Est1');
    });
  }

  it('stays poisoned once it is freed, and tells who allocated and who freed it', () => {
    const { booted, block } = allocated(24);
    booted.run(() => booted.export('ExFreePoolWithTag', block, TAG));
    booted.call(CODE + 0x10, block + 8n);
    const { bugcheck } = booted;
    expect(bugcheck.code).to.equal('0x50');
    expect(bugcheck).to.be.instanceOf(GuestBugcheck);
    if (bugcheck instanceof GuestBugcheck) {
      expect(bugcheck.details.block).to.include({ tag: 'Est1', length: 24, freed: true, offset: 8 });
      expect(bugcheck.details.block?.freedAt).to.not.equal(undefined);
    }
    const access = booted.kernel.recorder.crossings.find(({ ddi }) => ddi === 'Access');
    expect(access?.args).to.include({ what: 'memory', access: 'read', freed: true });
  });

  it('is freed once only', () => {
    const { booted, block } = allocated(24);
    booted.run(() => booted.export('ExFreePool', block));
    booted.run(() => booted.export('ExFreePool', block));
    expect([booted.bugcheck.code, booted.bugcheck.parameters[0]]).to.deep.equal(['0xC2', '0x7']);
  });

  it('is freed by its beginning', () => {
    const inside = allocated(64);
    inside.booted.run(() => inside.booted.export('ExFreePool', inside.block + 16n));
    expect([inside.booted.bugcheck.code, inside.booted.bugcheck.parameters[0]]).to.deep.equal(['0xC2', '0x46']);
  });

  it('is freed with any tag, unless its own is protected', () => {
    const { booted, block } = allocated(64);
    booted.run(() => booted.export('ExFreePoolWithTag', block, 0x31313131));
    expect(booted.kernel.pool.liveBlocks).to.deep.equal([]);
  });

  it('is in the books of the model until it is freed', () => {
    const { booted, block } = allocated(24);
    expect(booted.kernel.pool.liveBlocks.map(({ tag }) => tag)).to.deep.equal(['Est1']);
    booted.run(() => booted.export('ExFreePool', block));
    expect(booted.kernel.pool.liveBlocks).to.deep.equal([]);
  });

  it('that is paged may not be touched at DISPATCH_LEVEL', () => {
    const { booted, block } = allocated(24, 1);
    booted.call(CODE, block);
    expect(booted.kernel.bugcheck).to.equal(undefined);
    booted.run(() => booted.guest.call(booted.at(CODE), block), 2);
    expect(booted.bugcheck.code).to.equal('0xD1');
    expect(booted.bugcheck.message).to.include('pageable');
  });

  it('that is zeroed is zero', () => {
    const booted = new Booted();
    const block = booted.run(() => booted.export('ExAllocatePool2', 0x40, 32, TAG)) ?? 0n;
    const at = booted.guest.offset(block);
    expect([...booted.guest.memory.bytes.subarray(at, at + 32)]).to.deep.equal(new Array(32).fill(0));
  });

  it('is checked when the run-time library copies into it', () => {
    const { booted, block } = allocated(16);
    booted.run(() => booted.export('memset', block, 0, 17));
    expect(booted.bugcheck.code).to.equal('0xD6');
  });
});
