import { expect } from 'chai';
import { NET_BUFFER, NET_BUFFER_LIST } from '../../../adapters/emulator/machine/ndis/layouts';
import type { NdisHandle } from '../../../src/ndis';
import { link, MdlObject } from '../../../src/ndis/nbl';
import { Bench, PROTOCOL } from './machine';

describe('NBLs of the model in guest memory', () => {
  it('lie there as drivers expect them, linked, with their frame', () => {
    const bench = new Bench();
    const { memory, nbls } = bench;
    const head = link([bench.frame(), bench.frame()]);
    head.cancelId = 'c1';
    head.status = 'NDIS_STATUS_PAUSED';
    const at = bench.at(nbls.lend(head));
    expect(at % 16).to.equal(0);
    expect(memory.u64(at + NET_BUFFER_LIST.next)).to.equal(nbls.addressOf(head.next));
    expect(memory.u32(at + NET_BUFFER_LIST.status)).to.equal(0xc023002a);
    expect(memory.u64(at + NET_BUFFER_LIST.info + 40)).to.equal(bench.ids.valueOf('c1'));
    const nb = bench.at(memory.u64(at + NET_BUFFER_LIST.firstNetBuffer));
    expect(memory.u32(nb + NET_BUFFER.dataOffset)).to.equal(64);
    expect(memory.u32(nb + NET_BUFFER.dataLength)).to.equal(60);
    expect(memory.u64(nb + NET_BUFFER.currentMdl)).to.equal(memory.u64(nb + NET_BUFFER.mdlChain));
    const data = bench.mdls.dataOf(bench.at(memory.u64(nb + NET_BUFFER.mdlChain)));
    expect([...memory.bytes.subarray(data + 64, data + 70)]).to.deep.equal([255, 255, 255, 255, 255, 255]);
  });

  it('are read back with what the driver changed: order, status, source, cancel id', () => {
    const bench = new Bench();
    const { memory, nbls } = bench;
    const [first, second] = [bench.frame(), bench.frame()];
    const at = bench.at(nbls.lend(link([first, second])));
    const other = bench.at(nbls.addressOf(second));
    const source: NdisHandle = { handle: 'h1' };
    memory.setU64(other + NET_BUFFER_LIST.next, nbls.addressOf(first));
    memory.setU64(at + NET_BUFFER_LIST.next, 0n);
    memory.setU32(at + NET_BUFFER_LIST.status, 0xc023000c);
    memory.setU64(at + NET_BUFFER_LIST.sourceHandle, bench.handles.addressOf(source));
    memory.setU64(at + NET_BUFFER_LIST.info + 40, 0x1234n);
    expect(nbls.read(nbls.addressOf(second))).to.equal(second);
    expect([second.next, first.next]).to.deep.equal([first, null]);
    expect(first.status).to.equal('NDIS_STATUS_SEND_ABORTED');
    expect(first.source).to.equal(source);
    expect(first.cancelId).to.equal('0x1234');
  });

  it('are closed to the driver once it has handed them on, and open again when they come back', () => {
    const bench = new Bench();
    const nbl = bench.frame();
    const at = bench.at(bench.nbls.lend(nbl));
    expect(bench.isOpen(at)).to.equal(true);
    bench.nbls.close(nbl);
    expect([at, at + 0x70, at + 0x17f].map((byte) => bench.isOpen(byte))).to.deep.equal([false, false, false]);
    expect(bench.ranges.at(at + 0x8c)).to.not.equal(undefined);
    bench.nbls.refresh(nbl);
    expect(bench.isOpen(at)).to.equal(true);
  });

  it('keep what belongs to the protocol from being written, even while the driver has them', () => {
    const bench = new Bench();
    const at = bench.at(bench.nbls.lend(bench.frame()));
    expect(bench.isOpen(at + NET_BUFFER_LIST.protocolReserved)).to.equal(false);
    expect(bench.memory.firstDenied('read', at + NET_BUFFER_LIST.protocolReserved, 32, 0)).to.equal(undefined);
  });

  it('say what the model must know of an access: nothing for a holder, the member for others', () => {
    const bench = new Bench();
    const nbl = bench.frame();
    const touched: string[] = [];
    nbl.touched = (access, field) => void touched.push(`${access} ${field}`);
    const at = bench.at(bench.nbls.lend(nbl));
    bench.nbls.close(nbl);
    nbl.holder = PROTOCOL;
    const range = bench.ranges.at(at + NET_BUFFER_LIST.status);
    range?.onAccess('write', at + NET_BUFFER_LIST.status - range.offset);
    const nb = bench.at(bench.memory.u64(at + NET_BUFFER_LIST.firstNetBuffer));
    bench.ranges.at(nb + NET_BUFFER.dataLength)?.onAccess('read', NET_BUFFER.dataLength);
    expect(touched).to.deep.equal(['write Status', 'read DataLength']);
  });

  it('are private when the driver built them itself, and wild where there is no memory', () => {
    const bench = new Bench();
    const at = bench.ground.reserve(NET_BUFFER_LIST.size);
    bench.memory.protect(at, NET_BUFFER_LIST.size, { read: true, write: true, execute: false });
    const address = bench.handles.addressOf({ handle: 'h1' });
    const own = bench.nbls.read(address - BigInt(bench.at(address) - at));
    expect(own).to.have.property('pool', undefined);
    expect(bench.nbls.read(address)).to.have.property('address', address);
    expect(bench.nbls.read(0n)).to.equal(null);
  });

  it('get an MDL of their own when a retreat put one in front', () => {
    const bench = new Bench();
    const nbl = bench.frame();
    bench.nbls.lend(nbl);
    const nb = bench.nbls.buffer(bench.nbls.addressOfBuffer(nbl.first));
    if (!nb) throw new Error('no buffer');
    const mdl = new MdlObject('d9', 4, 'NDIS');
    mdl.Next = nb.mdlChain;
    mdl.isOfRetreat = true;
    nb.mdlChain = mdl;
    nb.dataOffset = 0;
    bench.nbls.rewriteBuffer(nb);
    const at = bench.at(bench.nbls.addressOfBuffer(nb));
    const front = bench.at(bench.memory.u64(at + NET_BUFFER.currentMdl));
    expect(bench.mdls.at(front)).to.equal(mdl);
    expect(bench.isOpen(bench.mdls.dataOf(front))).to.equal(true);
  });
});

describe('Handles and ids in the guest', () => {
  it('are pointers that nobody may follow, the same every time', () => {
    const bench = new Bench();
    const handle: NdisHandle = { handle: 'h1' };
    const address = bench.handles.addressOf(handle);
    expect(bench.handles.addressOf(handle)).to.equal(address);
    expect(bench.handles.handleAt(address)).to.equal(handle);
    expect(bench.memory.firstDenied('read', bench.at(address), 1, 0)).to.equal(bench.at(address));
    expect(bench.handles.handleAt(5n)).to.deep.equal({ handle: '0x5' });
    expect(bench.handles.handleAt(5n)).to.equal(bench.handles.handleAt(5n));
    expect(bench.handles.handleAt(0n)).to.equal(null);
  });

  it('go there and back', () => {
    const { ids } = new Bench();
    expect(ids.idOf(ids.valueOf('c1'))).to.equal('c1');
    expect(ids.valueOf('c2')).to.not.equal(ids.valueOf('c1'));
    expect(ids.idOf(0x42n)).to.equal('0x42');
    expect(ids.valueOf('0x42')).to.equal(0x42n);
    expect([ids.idOf(0n), ids.valueOf(null)]).to.deep.equal([null, 0n]);
  });
});
