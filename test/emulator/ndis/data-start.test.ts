import { expect } from 'chai';
import { CODE, DATA, IMAGE_BASE } from '../machine/booted';
import { Caller, MDL, NBL, NET_BUFFER } from './caller';

const NET_ALLOCATE_MDL = CODE;
const NET_FREE_MDL = CODE + 0x40;
/** Where they note what they were given, and what the first of them gives. */
const SIZE = IMAGE_BASE + DATA;
const GIVEN = IMAGE_BASE + DATA + 8;
const FREED = IMAGE_BASE + DATA + 16;

/** A driver with a NetAllocateMdl and a NetFreeMdl of its own. */
function callerWithMemory(): Caller {
  return new Caller({
    code: {
      // mov eax, [rcx]; mov [SIZE], eax; mov rax, [GIVEN]; ret
      [NET_ALLOCATE_MDL]: [0x8b, 1, 0x89, 5, 0xf8, 0x1f, 0, 0, 0x48, 0x8b, 5, 0xf9, 0x1f, 0, 0, 0xc3],
      // mov [FREED], rcx; ret
      [NET_FREE_MDL]: [0x48, 0x89, 0x0d, 0xc9, 0x1f, 0, 0, 0xc3],
    },
  });
}

function mdlOver(caller: Caller, length: number): bigint {
  return caller.do('NdisAllocateMdl', 0, caller.address(caller.space(length)), length);
}

function placed(caller: Caller, nb: bigint): [offset: number, length: number, inCurrent: number] {
  const { dataOffset, dataLength, currentMdlOffset } = NET_BUFFER;
  return [caller.u32(nb, dataOffset), caller.u32(nb, dataLength), caller.u32(nb, currentMdlOffset)];
}

/** A NET_BUFFER that is in no NBL: 30 bytes, the first 10 of them unused. */
function looseBuffer(caller: Caller): bigint {
  const parameters = caller.space(0x10);
  const pool = caller.do('NdisAllocateNetBufferPool', 0, caller.address(parameters));
  return caller.do('NdisAllocateNetBuffer', pool, mdlOver(caller, 30), 10, 20);
}

const BUFFERS = {
  'in an NBL': (caller: Caller) => caller.frame(30, 10).nb,
  'in no NBL': looseBuffer,
};

describe('The beginning of the used data', () => {
  for (const [where, make] of Object.entries(BUFFERS)) {
    it(`${where} moves into an MDL of the driver's when its function gives one, which goes back to it`, () => {
      const caller = callerWithMemory();
      const nb = make(caller);
      const mdl = mdlOver(caller, 40);
      const behind = caller.u64(nb, NET_BUFFER.mdlChain);
      caller.guest.memory.setU64(GIVEN, mdl);
      const [allocate, free] = [caller.at(NET_ALLOCATE_MDL), caller.at(NET_FREE_MDL)];
      expect(caller.do('NdisRetreatNetBufferDataStart', nb, 14, 6, allocate)).to.equal(0n);
      expect(caller.guest.memory.u32(SIZE)).to.equal(10);
      // Of 40 bytes that were given, 4 are used.
      expect(placed(caller, nb)).to.deep.equal([36, 34, 36]);
      expect([caller.u64(nb, NET_BUFFER.mdlChain), caller.u64(mdl, MDL.next)]).to.deep.equal([mdl, behind]);
      caller.do('NdisAdvanceNetBufferDataStart', nb, 14, 1, free);
      expect(caller.guest.memory.u64(FREED)).to.equal(mdl);
      expect([caller.u64(nb, NET_BUFFER.mdlChain), ...placed(caller, nb)]).to.deep.equal([behind, 10, 20, 10]);
    });

    it(`${where} stays where it is when the driver's function has no memory`, () => {
      const caller = callerWithMemory();
      const nb = make(caller);
      const status = caller.do('NdisRetreatNetBufferDataStart', nb, 14, 0, caller.at(NET_ALLOCATE_MDL));
      expect(status).to.equal(0xc000009an);
      expect(placed(caller, nb)).to.deep.equal([10, 20, 10]);
    });

    it(`${where} leaves the backfill unused, and keeps the MDL for the next time unless it is to be freed`, () => {
      const caller = callerWithMemory();
      const nb = make(caller);
      const behind = caller.u64(nb, NET_BUFFER.mdlChain);
      expect(caller.do('NdisRetreatNetBufferDataStart', nb, 14, 6, 0)).to.equal(0n);
      const front = caller.u64(nb, NET_BUFFER.mdlChain);
      expect([caller.u32(front, MDL.byteCount), ...placed(caller, nb)]).to.deep.equal([10, 6, 34, 6]);
      caller.do('NdisAdvanceNetBufferDataStart', nb, 14, 0, caller.at(NET_FREE_MDL));
      expect([caller.u64(nb, NET_BUFFER.mdlChain), ...placed(caller, nb)]).to.deep.equal([front, 20, 20, 10]);
      caller.do('NdisRetreatNetBufferDataStart', nb, 14, 0, 0);
      expect([caller.u64(nb, NET_BUFFER.mdlChain), ...placed(caller, nb)]).to.deep.equal([front, 6, 34, 6]);
      caller.do('NdisAdvanceNetBufferDataStart', nb, 14, 1, caller.at(NET_FREE_MDL));
      expect([caller.u64(nb, NET_BUFFER.mdlChain), ...placed(caller, nb)]).to.deep.equal([behind, 10, 20, 10]);
      // The function is for what the other one has made.
      expect(caller.guest.memory.u64(FREED)).to.equal(0n);
    });
  }

  it('moves in a NET_BUFFER that has changed NBLs, also when the first of them is gone', () => {
    const caller = new Caller();
    const nb = looseBuffer(caller);
    const lists = [0, 1].map(() => caller.do('NdisAllocateNetBufferList', caller.pool(false, 0), 0, 0));
    for (const list of lists) {
      caller.guest.memory.setU64(caller.guest.offset(list) + NBL.firstNetBuffer, nb);
      expect(caller.do('NdisRetreatNetBufferListDataStart', list, 4, 0, 0, 0)).to.equal(0n);
      caller.do('NdisAdvanceNetBufferListDataStart', list, 4, 1, 0);
      caller.do('NdisAdvanceNetBufferDataStart', nb, 2, 1, 0);
      caller.guest.memory.setU64(caller.guest.offset(list) + NBL.firstNetBuffer, 0n);
      caller.do('NdisFreeNetBufferList', list);
    }
    caller.do('NdisRetreatNetBufferDataStart', nb, 4, 0, 0);
    expect(placed(caller, nb)).to.deep.equal([10, 20, 10]);
    caller.do('NdisFreeNetBuffer', nb);
  });
});
