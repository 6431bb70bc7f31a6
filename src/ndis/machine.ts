import type { Call, Kernel } from '../kernel';
import type { Chance } from './chance';
import { ExportContext, makeWdk } from './exports';
import { IoManager } from './io-manager';
import { Ndis } from './ndis';
import { putOnAdapters } from './stack/sequences';
import type { NtStatus } from './status';
import { statusName } from './status-name';
import type { DriverObject, Wdk } from './wdk';

/** Maps the image of a driver and returns its DriverEntry. */
export type LoadImage = (wdk: Wdk) => (driver: DriverObject) => Call<NtStatus>;

/** A booted machine: NDIS, the I/O manager, and at most one driver under test. */
export class Machine {
  readonly ndis: Ndis;
  readonly io: IoManager;
  private readonly wdk: Wdk;
  private image: DriverObject | undefined;

  constructor(
    readonly kernel: Kernel,
    chance: Chance,
  ) {
    this.ndis = new Ndis(kernel, chance);
    this.io = new IoManager(this.ndis);
    this.wdk = makeWdk(new ExportContext(this.ndis, this.io));
  }

  /** Loads the driver and runs DriverEntry; a failing DriverEntry makes the system drop the image. */
  *load(loadImage: LoadImage): Call<NtStatus> {
    const { boundary } = this.ndis;
    if (this.image) return 'STATUS_UNSUCCESSFUL';
    boundary.imageUnloaded = false;
    const image: DriverObject = { DriverUnload: null };
    this.image = image;
    const status = yield* boundary.enter(
      'DriverEntry',
      {},
      () => loadImage(this.wdk)(image),
      (result) => ({ status: statusName(result) }),
    );
    if (status !== 'STATUS_SUCCESS') {
      this.image = undefined;
      boundary.imageUnloaded = true;
    } else {
      yield* this.bindAny();
    }
    return status;
  }

  /** No filter has the name that the adapters are bound to: a name that is nobody's is no reason to judge nothing. */
  private *bindAny(): Call<void> {
    const [first] = this.ndis.registered;
    if (first && this.ndis.driver?.registered !== true) yield* putOnAdapters(this.ndis, first);
  }

  /** Stops the service. The I/O manager waits for the last open handle, then calls DriverUnload. */
  *unload(): Call<NtStatus> {
    const { image } = this;
    const unload = image?.DriverUnload;
    if (!image || !unload) return 'STATUS_INVALID_DEVICE_REQUEST';
    yield* this.kernel.until('the last open handle', () => this.io.handlesOpen === 0);
    yield* this.ndis.boundary.enter('FilterDriverUnload', {}, () => unload(image));
    this.image = undefined;
    this.ndis.boundary.imageUnloaded = true;
    return 'STATUS_SUCCESS';
  }
}
