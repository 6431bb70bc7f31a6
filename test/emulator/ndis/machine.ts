/** A ground of guest memory without a guest, with everything of the mirror on it. */
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { CLOSED, type Ground } from '../../../adapters/emulator/machine/ndis/ground';
import { HandleTable } from '../../../adapters/emulator/machine/ndis/handles';
import { Ids } from '../../../adapters/emulator/machine/ndis/ids';
import { Mdls } from '../../../adapters/emulator/machine/ndis/mdls';
import { NblMirror } from '../../../adapters/emulator/machine/ndis/nbls';
import { WatchedRanges } from '../../../adapters/emulator/machine/watched';
import { Kernel } from '../../../src/kernel';
import type { Holder } from '../../../src/ndis';
import { MdlObject, Nb, Nbl } from '../../../src/ndis/nbl';
import { Watch } from '../../../src/ndis/watch';

export const DRIVER: Holder = { name: 'm1', isDriver: true };
export const PROTOCOL: Holder = { name: 'protocol', isDriver: false };

export class Bench {
  readonly kernel = new Kernel();
  readonly watch = new Watch(this.kernel);
  readonly memory = createMemory(1 << 20);
  readonly ranges = new WatchedRanges();
  readonly ids = new Ids();
  readonly ground: Ground;
  readonly handles: HandleTable;
  readonly mdls: Mdls;
  readonly nbls: NblMirror;
  private next = 0x1_0000;

  constructor() {
    const { memory } = this;
    this.ground = {
      memory,
      reserve: (length) => {
        const at = this.next;
        this.next += Math.ceil(length / 64) * 64 + 64;
        memory.protect(at, length, CLOSED);
        return at;
      },
    };
    this.handles = new HandleTable(this.ground);
    this.mdls = new Mdls(this.ground);
    this.nbls = new NblMirror(this.ground, this.ranges, this.handles, this.ids, this.mdls, {
      identity: (kind) => this.kernel.identity(kind),
      privateNbl: () => new Nbl(this.kernel.identity('n'), DRIVER, 'm1', undefined, this.watch),
      readable: (offset, length) => memory.firstDenied('read', offset, length, 0) === undefined,
    });
  }

  /** An NBL of the protocol with one buffer, in the hands of the driver. */
  frame(): Nbl {
    const nbl = new Nbl(this.kernel.identity('n'), PROTOCOL, 'protocol', undefined, this.watch);
    const nb = new Nb(this.kernel.identity('b'), nbl);
    nb.mdlChain = new MdlObject(this.kernel.identity('d'), 124, 'protocol');
    nb.dataOffset = 64;
    nb.dataLength = 60;
    nbl.first = nb;
    nbl.holder = DRIVER;
    return nbl;
  }

  /** May code of the guest write this byte? */
  isOpen(offset: number): boolean {
    return this.memory.firstDenied('write', offset, 1, 0) === undefined;
  }

  at(address: bigint): number {
    const offset = this.memory.offsetOf(address);
    if (offset === undefined) throw new RangeError('no address of the guest');
    return offset;
  }
}
