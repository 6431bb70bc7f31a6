import type { Call } from '../../src/kernel';
import type { Machine, NtStatus, OpenFile } from '../../src/ndis';
import type { AdapterName, AppName, Ask, DriverProfile } from '../contract';

/** The applications of a scenario: they open the driver's device and put requests to it, as its profile says. */
export class Applications {
  private readonly files = new Map<AppName, OpenFile>();

  constructor(
    private readonly machine: Machine,
    private readonly profile: DriverProfile,
  ) {}

  *open(app: AppName, adapter: AdapterName): Call<NtStatus> {
    const { device } = this.profile;
    if (!device) return 'STATUS_NO_SUCH_DEVICE';
    const opened = yield* this.machine.io.open(device.name, device.fileName.replaceAll('{adapter}', adapter));
    if (typeof opened === 'string') return opened;
    this.files.set(app, opened);
    return 'STATUS_SUCCESS';
  }

  *close(app: AppName): Call<NtStatus> {
    const file = this.files.get(app);
    if (!file) return 'STATUS_INVALID_PARAMETER';
    this.files.delete(app);
    yield* this.machine.io.close(file);
    return 'STATUS_SUCCESS';
  }

  *ask(app: AppName, what: Ask, count: number): Call<NtStatus> {
    const request = this.profile.requests[what];
    const file = this.files.get(app);
    if (!request) return 'STATUS_INVALID_DEVICE_REQUEST';
    if (!file) return 'STATUS_INVALID_PARAMETER';
    return yield* this.machine.io.request(file, {
      major: request.irp,
      ...(request.ioControlCode !== undefined && { ioControlCode: request.ioControlCode }),
      input: { ...request.input, count },
    });
  }

  *cancel(app: AppName): Call<void> {
    const file = this.files.get(app);
    if (file) yield* this.machine.io.cancel(file);
  }
}
