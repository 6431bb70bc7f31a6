import { expect } from 'chai';
import { Registry } from '../../../adapters/emulator/machine';
import { Configurations } from '../../../adapters/emulator/machine/ndis';
import { readUnicodeString, utf16 } from '../../../adapters/emulator/machine/text';
import { CODE, DATA, IMAGE_BASE } from '../machine/booted';
import { Caller, MDL, NBL, NET_BUFFER } from './caller';

const FAILURE = 0xc0000001n;

describe('NBLs from pools', () => {
  it('come with bytes when the pool has a data size: unused at first', () => {
    const caller = new Caller();
    const nbl = caller.do('NdisAllocateNetBufferList', caller.pool(true, 100), 0, 0);
    const nb = caller.u64(nbl, NBL.firstNetBuffer);
    expect([caller.u32(nb, NET_BUFFER.dataOffset), caller.u32(nb, NET_BUFFER.dataLength)]).to.deep.equal([100, 0]);
    expect(caller.do('NdisRetreatNetBufferDataStart', nb, 60, 0, 0)).to.equal(0n);
    expect([caller.u32(nb, NET_BUFFER.dataOffset), caller.u32(nb, NET_BUFFER.dataLength)]).to.deep.equal([40, 60]);
    expect(caller.do('NdisGetDataBuffer', nb, 60, 0, 1, 0)).not.to.equal(0n);
    caller.do('NdisFreeNetBufferList', nbl);
  });

  it('come with a NET_BUFFER from pools of the right kind only', () => {
    const caller = new Caller();
    for (const pool of [caller.pool(false, 0), caller.pool(true, 100)]) {
      expect(caller.do('NdisAllocateNetBufferAndNetBufferList', pool, 0, 0, 0, 0, 0)).to.equal(0n);
    }
  });

  it('are cloned with MDLs over the same bytes', () => {
    const caller = new Caller();
    const { nbl, data } = caller.frame(80, 20);
    const clone = caller.do('NdisAllocateCloneNetBufferList', nbl, 0, 0, 0);
    const nb = caller.u64(clone, NBL.firstNetBuffer);
    expect(caller.u32(nb, NET_BUFFER.dataOffset)).to.equal(0);
    expect(caller.u32(caller.u64(nb, NET_BUFFER.mdlChain), MDL.byteCount)).to.equal(60);
    expect(caller.do('NdisGetDataBuffer', nb, 60, 0, 1, 0)).to.equal(caller.address(data + 20));
    caller.do('NdisFreeCloneNetBufferList', clone, 0);
    const same = caller.do('NdisAllocateCloneNetBufferList', nbl, 0, 0, 2);
    const sameBuffer = caller.u64(same, NBL.firstNetBuffer);
    const buffer = caller.u64(nbl, NBL.firstNetBuffer);
    expect(caller.u64(sameBuffer, NET_BUFFER.mdlChain)).to.equal(caller.u64(buffer, NET_BUFFER.mdlChain));
    expect(caller.u32(sameBuffer, NET_BUFFER.dataOffset)).to.equal(20);
  });

  it('are cut into fragments and put together again', () => {
    const caller = new Caller();
    const { nbl } = caller.frame(50, 10);
    const fragments = caller.do('NdisAllocateFragmentNetBufferList', nbl, 0, 0, 0, 24, 8, 4, 0);
    const nb = caller.u64(fragments, NBL.firstNetBuffer);
    expect([caller.u32(nb, NET_BUFFER.dataOffset), caller.u32(nb, NET_BUFFER.dataLength)]).to.deep.equal([4, 32]);
    const whole = caller.do('NdisAllocateReassembledNetBufferList', fragments, 0, 8, 0, 0, 0);
    const storage = caller.address(caller.space(40));
    const all = caller.u64(whole, NBL.firstNetBuffer);
    expect(caller.do('NdisGetDataBuffer', all, 40, storage, 1, 0)).to.equal(storage);
    expect(caller.bytes(storage, 3)).to.deep.equal([10, 11, 12]);
    expect(caller.bytes(storage + 37n, 3)).to.deep.equal([47, 48, 49]);
    caller.do('NdisFreeReassembledNetBufferList', whole, 0, 0);
    caller.do('NdisFreeFragmentNetBufferList', fragments, 8, 0);
  });

  it('tell their pool, their pages, and their out-of-band information to others', () => {
    const caller = new Caller();
    const { nbl, nb } = caller.frame(80, 20);
    expect(caller.do('NdisGetPoolFromNetBufferList', nbl)).to.equal(caller.u64(nbl, NBL.poolHandle));
    expect(caller.do('NdisQueryNetBufferPhysicalCount', nb)).to.be.oneOf([1n, 2n]);
    const other = caller.frame(80, 20).nbl;
    const slot = (list: bigint, index: number): number => caller.guest.offset(list) + NBL.info + 8 * index;
    caller.guest.memory.setU64(slot(nbl, 4), 0x1234n);
    caller.guest.memory.setU64(slot(nbl, 10), 0x5678n);
    caller.do('NdisCopySendNetBufferListInfo', other, nbl);
    expect([caller.guest.memory.u64(slot(other, 4)), caller.guest.memory.u64(slot(other, 10))]).to.deep.equal([
      0x1234n,
      0n,
    ]);
  });
});

describe('NET_BUFFERs that are in no NBL yet', () => {
  it('have all of their bytes in front, and get an MDL when these are used up', () => {
    const caller = new Caller();
    const parameters = caller.space(0x10);
    caller.guest.memory.setU32(parameters + 8, 64);
    const pool = caller.do('NdisAllocateNetBufferPool', 0, caller.address(parameters));
    const nb = caller.do('NdisAllocateNetBufferMdlAndData', pool);
    const mdl = caller.u64(nb, NET_BUFFER.mdlChain);
    caller.do('NdisRetreatNetBufferDataStart', nb, 50, 0, 0);
    expect([caller.u32(nb, NET_BUFFER.dataOffset), caller.u32(nb, NET_BUFFER.currentMdlOffset)]).to.deep.equal([
      14, 14,
    ]);
    caller.do('NdisRetreatNetBufferDataStart', nb, 20, 6, 0);
    expect([caller.u32(nb, NET_BUFFER.dataOffset), caller.u32(nb, NET_BUFFER.dataLength)]).to.deep.equal([6, 70]);
    const front = caller.u64(nb, NET_BUFFER.mdlChain);
    expect([caller.u32(front, MDL.byteCount), caller.u64(front, MDL.next)]).to.deep.equal([12, mdl]);
    caller.do('NdisAdvanceNetBufferDataStart', nb, 20, 0, 0);
    expect([caller.u64(nb, NET_BUFFER.currentMdl), caller.u32(nb, NET_BUFFER.currentMdlOffset)]).to.deep.equal([
      mdl,
      14,
    ]);
    caller.do('NdisFreeNetBuffer', nb);
  });
});

describe('A chain of MDLs that runs in a circle', () => {
  it('stops the system where NDIS follows it to its end, and not the kit', () => {
    const caller = new Caller();
    const { nb } = caller.frame(80, 20);
    const mdl = caller.u64(nb, NET_BUFFER.mdlChain);
    caller.guest.memory.setU64(caller.guest.offset(mdl) + MDL.next, mdl);
    expect(caller.do('NdisGetDataBuffer', nb, 60, 0, 1, 0)).not.to.equal(0n);
    caller.guest.memory.setU32(caller.guest.offset(nb) + NET_BUFFER.dataLength, 200);
    caller.guest.memory.setU32(caller.guest.offset(mdl) + MDL.byteCount, 0);
    expect(() => caller.do('NdisGetDataBuffer', nb, 200, 0, 1, 0)).to.throw(/0x133/);
  });
});

describe('Generic objects', () => {
  it('are handles for drivers that have none, until they are freed', () => {
    const caller = new Caller();
    const object = caller.do('NdisAllocateGenericObject', 0, 0x1234, 0);
    expect(caller.do('NdisAllocateIoWorkItem', object)).not.to.equal(0n);
    caller.do('NdisFreeGenericObject', object);
    expect(() => caller.do('NdisAllocateIoWorkItem', object)).to.throw();
  });
});

describe('The configuration of a driver', () => {
  const opened = (): {
    readonly caller: Caller;
    readonly handle: bigint;
    readonly status: bigint;
    readonly out: bigint;
  } => {
    const caller = new Caller();
    const registry = caller.guest.part(Registry);
    const { root } = caller.guest.part(Configurations);
    registry.set(root, { name: 'Number', type: 4, data: Uint8Array.of(7, 0, 0, 0) });
    registry.set(root, { name: 'Text', type: 1, data: utf16('12', true) });
    registry.set(`${root}\\Below`, { name: 'NetworkAddress', type: 1, data: utf16('02-00-00-00-00-01', true) });
    const object = caller.space(0x18);
    caller.guest.memory.setU64(object + 8, caller.do('NdisAllocateGenericObject', 0, 0, 0));
    const [status, out] = [caller.address(caller.space(4)), caller.address(caller.space(0x10))];
    expect(caller.do('NdisOpenConfigurationEx', caller.address(object), out)).to.equal(0n);
    return { caller, handle: caller.u64(out), status, out };
  };

  it('is read by type, and text is a number where one is asked for', () => {
    const { caller, handle, status, out } = opened();
    const read = (name: string, type: number): bigint | number => {
      caller.do('NdisReadConfiguration', status, out, handle, caller.name(name), type);
      return caller.u32(status) === 0 ? caller.u32(caller.u64(out), 8) : BigInt(caller.u32(status));
    };
    expect([read('number', 0), read('Text', 0), read('Text', 1), read('None', 0)]).to.deep.equal([
      7,
      12,
      0x12,
      FAILURE,
    ]);
    expect(read('NdisVersion', 0)).to.equal(0x0006_0055);
    caller.do('NdisReadConfiguration', status, out, handle, caller.name('Text'), 2);
    expect(readUnicodeString(caller.guest, caller.guest.offset(caller.u64(out)) + 8)).to.equal('12');
    caller.do('NdisCloseConfiguration', handle);
  });

  it('is written', () => {
    const { caller, handle, status, out } = opened();
    const parameter = caller.space(0x18);
    caller.guest.memory.setU32(parameter + 8, 99);
    caller.do('NdisWriteConfiguration', status, handle, caller.name('New'), caller.address(parameter));
    caller.do('NdisReadConfiguration', status, out, handle, caller.name('New'), 0);
    expect(caller.u32(caller.u64(out), 8)).to.equal(99);
  });

  it('has keys below, by name and by number', () => {
    const { caller, handle, status, out } = opened();
    caller.do('NdisOpenConfigurationKeyByName', status, handle, caller.name('Below'), out);
    const below = caller.u64(out);
    const length = caller.address(caller.space(4));
    caller.do('NdisReadNetworkAddress', status, out, length, below);
    expect(caller.bytes(caller.u64(out), caller.u32(length))).to.deep.equal([2, 0, 0, 0, 0, 1]);
    caller.do('NdisCloseConfiguration', below);
    const name = caller.address(caller.space(0x10));
    caller.do('NdisOpenConfigurationKeyByIndex', status, handle, 0, name, out);
    expect(readUnicodeString(caller.guest, caller.guest.offset(name))).to.equal('Below');
    caller.do('NdisOpenConfigurationKeyByIndex', status, handle, 1, name, out);
    expect(BigInt(caller.u32(status))).to.equal(FAILURE);
  });
});

describe('Locks, processors and clocks of NDIS', () => {
  it('try a reader/writer lock without waiting', () => {
    const caller = new Caller();
    const lock = caller.do('NdisAllocateRWLock', 0);
    const states = [0, 1].map(() => caller.address(caller.space(8)));
    const [mine = 0n, other = 0n] = states;
    const tried = caller.run(function* () {
      const results = [yield* caller.export('NdisTryAcquireRWLockRead', lock, mine, 0)];
      results.push(yield* caller.export('NdisTryAcquireRWLockWrite', lock, other, 0));
      results.push(yield* caller.export('NdisTryAcquireRWLockRead', lock, other, 0));
      return results;
    });
    expect(tried).to.deep.equal([1n, 0n, 1n]);
  });

  it('are asked', () => {
    const caller = new Caller();
    const out = caller.address(caller.space(8));
    expect(caller.do('NdisActiveGroupCount')).to.equal(1n);
    expect(caller.do('NdisProcessorIndexToNumber', 3, out)).to.equal(0n);
    expect(caller.do('NdisProcessorNumberToIndex', out)).to.equal(3n);
    expect(caller.do('NdisProcessorIndexToNumber', 99, out)).not.to.equal(0n);
    caller.do('NdisIfGetNetLuidFromInterfaceIndex', 7, out);
    caller.do('NdisIfGetInterfaceIndexFromNetLuid', caller.u64(out), out);
    expect(caller.u32(out)).to.equal(7);
    caller.do('NdisGetCurrentSystemTime', out);
    expect(caller.u64(out) > 0n).to.equal(true);
    caller.do('NdisGetSystemUpTimeEx', out);
    expect(caller.u64(out)).to.equal(0n);
  });
});

describe('Timers of NDIS', () => {
  it('give the context of the last set, or that of the characteristics where it is NULL', () => {
    // mov [DATA], rdx; ret
    const caller = new Caller({ code: { [CODE]: [0x48, 0x89, 0x15, 0xf9, 0x1f, 0, 0, 0xc3] } });
    const { memory } = caller.guest;
    const characteristics = caller.space(0x18);
    memory.setU64(characteristics + 0x08, caller.at(CODE));
    memory.setU64(characteristics + 0x10, 5n);
    const out = caller.address(caller.space(8));
    caller.do('NdisAllocateTimerObject', 0, caller.address(characteristics), out);
    const timer = caller.u64(out);
    const fired = [0, 7, 0].map((context) => {
      caller.do('NdisSetTimerObject', timer, -10_000n & 0xffff_ffff_ffff_ffffn, 0, context);
      caller.kernel.advance(1);
      return memory.u64(IMAGE_BASE + DATA);
    });
    expect(fired).to.deep.equal([5n, 7n, 5n]);
  });
});

describe('The registration of a driver', () => {
  /** Offsets of FilterAttach, FilterDetach, FilterRestart and FilterPause. */
  const MANDATORY = [0x50, 0x58, 0x60, 0x68];

  for (const [what, revision, size, status] of [
    ['of revision 2 and its size', 2, 0xe0, 0n],
    ['of revision 2 and a larger size', 2, 0xf0, 0n],
    ['of revision 3 and the size of revision 2', 3, 0xe0, 0xc001_0005n],
    ['without a size', 2, 0, 0xc001_0005n],
    ['of a revision that is none', 9, 0xf0, 0xc001_0005n],
  ] as const) {
    it(`with a header ${what} is answered by its header, and shows its handlers all the same`, () => {
      const caller = new Caller({ code: { [CODE]: [0x31, 0xc0, 0xc3] } });
      const at = caller.space(0x100);
      const { memory } = caller.guest;
      [0x8b, revision, size, 0, 6, 30].forEach((byte, index) => memory.setU8(at + index, byte));
      for (const member of MANDATORY) memory.setU64(at + member, caller.at(CODE));
      const out = caller.address(caller.space(8));
      expect(caller.do('NdisFRegisterFilterDriver', 1, 0, caller.address(at), out)).to.equal(status);
      const call = caller.kernel.recorder.crossings.find(({ ddi }) => ddi === 'NdisFRegisterFilterDriver');
      expect(call?.args?.['handlers']).to.have.length(4);
    });
  }
});
