import { WHOLE_DRIVER, type Context, type DriverObject, type NdisHandle } from '../../../../src/ndis';
import { Nbl } from '../../../../src/ndis/nbl';
import type { Guest } from '../guest';
import { PROCESSORS } from '../layout';
import type { Ground } from './ground';
import { CLOSED, pointerTo } from './ground';
import { HandleTable } from './handles';
import { Ids } from './ids';
import { Mdls } from './mdls';
import { MEDIA, type Medium } from './media';
import { NblMirror } from './nbls';
import { OidMirror } from './oids';

const LINE = 64;
const NULL_HANDLE: NdisHandle = { handle: 'NULL' };

/** A pointer of the driver's own that NDIS keeps and gives back, and nobody follows. */
class GuestPointer {
  constructor(readonly address: bigint) {}
}

/** What an adapter of a scenario is called in front of the driver. */
export interface AdapterName {
  readonly miniport: string;
  readonly module: string;
  readonly ifIndex: number;
}

/** The interface of an installed adapter, whether it is plugged in or not. */
export interface NetInterface {
  readonly index: number;
  /** In braces, upper case; and as the structure has it. */
  readonly guid: string;
  readonly guidBytes: Uint8Array;
  /** As the control panel shows it. */
  readonly alias: string;
  readonly mac: Uint8Array;
}

/**
 * @param position 0 for the adapter that was plugged in first
 * @param uniqueName of the filter, as the driver registered it
 */
export type AdapterNames = (adapter: string, position: number, uniqueName: string) => AdapterName;

/** What ndis.sys knows about one guest. */
export class NdisPart {
  readonly ground: Ground;
  readonly handles: HandleTable;
  /** Cancel ids and request ids. */
  readonly ids = new Ids();
  readonly mdls: Mdls;
  readonly nbls: NblMirror;
  readonly oids: OidMirror;
  /** What the model gave for DriverEntry. */
  driverObject: DriverObject = { DriverUnload: null };
  /** Of the first registration under way or done, until it is taken back. */
  driverHandle: NdisHandle | null = null;
  /** What NdisGetVersion says: NDIS of the first release of Windows 11. */
  version: { readonly major: number; readonly minor: number } = { major: 6, minor: 85 };
  readonly processors = PROCESSORS;
  adapterNames: AdapterNames | undefined;
  /** Of all adapters. */
  medium: Medium = MEDIA.ethernet;
  interfaces: readonly NetInterface[] = [];
  /** Interface indices of miniports, by what the model calls the lowest layer of their stack. */
  readonly miniports = new Map<number, number>();
  /** Indices of the interfaces of adapters that a filter was attached to, and of its modules. */
  readonly attached = new Set<number>();
  private readonly pointers = new Map<bigint, object>();
  private readonly addresses = new WeakMap<object, bigint>();

  constructor(private readonly guest: Guest) {
    const { memory } = guest;
    this.ground = {
      memory,
      reserve(length) {
        const offset = guest.allocate(length, LINE);
        memory.protect(offset, length, CLOSED);
        return offset;
      },
    };
    this.handles = new HandleTable(this.ground);
    this.mdls = new Mdls(this.ground);
    this.nbls = new NblMirror(this.ground, guest.watched, this.handles, this.ids, this.mdls, {
      identity: (kind) => guest.kernel.identity(kind),
      privateNbl: (owner) => this.privateNbl(owner),
      readable: (offset, length) =>
        offset + length <= memory.size &&
        memory.firstDenied('read', offset, length, guest.kernel.thread.irql) === undefined,
    });
    this.oids = new OidMirror(this.ground, guest, this.handles, this.ids);
  }

  /** @returns what the model keeps for a pointer of the driver's: the pool block that begins there, or a token */
  contextAt(address: bigint): Context {
    if (address === 0n) return null;
    const offset = this.guest.memory.offsetOf(address);
    const block = offset === undefined ? undefined : this.guest.pool.blockAt(offset);
    const pointer = block?.pointer ?? this.pointers.get(address) ?? new GuestPointer(address);
    this.pointers.set(address, pointer);
    this.addresses.set(pointer, address);
    return pointer;
  }

  /** @returns the pointer that `contextAt` was given; NULL for what the model made up */
  addressOf(context: Context): bigint {
    return typeof context === 'object' && context !== null ? (this.addresses.get(context) ?? 0n) : 0n;
  }

  /** @returns what a handle argument stands for; what stands for nothing goes to the model, which stops the system */
  handleArgument(address: bigint): NdisHandle {
    return this.handles.handleAt(address) ?? NULL_HANDLE;
  }

  /** @returns the module or driver that a handle argument stands for; the driver itself for NULL, which some exports allow */
  ownerAt(address: bigint): NdisHandle {
    return this.handles.handleAt(address) ?? this.driverHandle ?? WHOLE_DRIVER;
  }

  /** A registration came to nothing, or was taken back. */
  deregistered(handle: NdisHandle | undefined): void {
    if (handle === this.driverHandle) this.driverHandle = null;
  }

  /** Writes a handle into an out parameter. */
  writeHandle(at: number, handle: NdisHandle | null | undefined): void {
    if (at === 0) return;
    this.guest.touch('write', at, 8);
    this.ground.memory.setU64(at, this.handles.addressOf(handle));
  }

  /** Writes a pointer, given as an offset, into an out parameter. */
  writePointer(at: number, target: number): void {
    if (at === 0) return;
    this.guest.touch('write', at, 8);
    this.ground.memory.setU64(at, pointerTo(target));
  }

  private privateNbl(owner: NdisHandle | undefined): Nbl {
    const handle = owner ?? this.driverHandle ?? NULL_HANDLE;
    const built = this.guest.wdk.BuildNetBufferListInPrivateMemory(handle);
    if (!(built instanceof Nbl)) throw new TypeError('the model builds NBLs of a class of its own');
    return built;
  }
}
