import type { NdisHandle } from '../../../../src/ndis';
import type { Ground } from './ground';
import { pointerTo } from './ground';

/** A handle takes as much of the window as makes neighbours of it fault too. */
const HANDLE_SPACE = 64;

/** NDIS_HANDLEs as the guest sees them: pointers into memory that it may not touch, one for each handle of the model. */
export class HandleTable {
  private readonly addresses = new Map<NdisHandle, bigint>();
  private readonly handles = new Map<bigint, NdisHandle>();

  constructor(private readonly ground: Ground) {}

  /** @returns the pointer that stands for a handle; 0 for none */
  addressOf(handle: NdisHandle | null | undefined): bigint {
    if (!handle) return 0n;
    const known = this.addresses.get(handle);
    if (known !== undefined) return known;
    const address = pointerTo(this.ground.reserve(HANDLE_SPACE));
    this.addresses.set(handle, address);
    this.handles.set(address, handle);
    return address;
  }

  /** @returns the handle of a pointer; one that stands for nothing when NDIS never gave it out; null for NULL */
  handleAt(address: bigint): NdisHandle | null {
    if (address === 0n) return null;
    return this.handles.get(address) ?? this.unknown(address);
  }

  /** Memory of the driver or of NDIS is a handle from now on. */
  bind(address: bigint, handle: NdisHandle): void {
    this.handles.set(address, handle);
  }

  /** It is none any more. */
  forget(address: bigint): void {
    this.handles.delete(address);
  }

  /** The same pointer is always the same handle, also one that is none: drivers compare them. */
  private unknown(address: bigint): NdisHandle {
    const handle: NdisHandle = { handle: `0x${address.toString(16)}` };
    this.addresses.set(handle, address);
    this.handles.set(address, handle);
    return handle;
  }
}
