import type { Call } from '../kernel';
import { Bugcheck } from '../kernel';
import { DISPATCH_LEVEL, PASSIVE_LEVEL } from '../trace';
import { Handle } from './handle';
import type { Ndis } from './ndis';
import type { NtStatus } from './status';
import { statusName } from './status-name';
import type { FileObject, Irp, IrpMajor, NdisDeviceObjectAttributes } from './wdk';

/** A control device of the driver under test. */
export class Device {
  readonly handle: Handle;
  deleted = false;

  constructor(
    readonly id: string,
    readonly attributes: NdisDeviceObjectAttributes,
  ) {
    this.handle = new Handle(id, this);
  }

  isNamed(name: string): boolean {
    const { DeviceName, SymbolicName } = this.attributes;
    return [DeviceName, SymbolicName].some((own) => objectName(own) === objectName(name));
  }
}

/** One spelling for each name: case does not count, and the folder of symbolic links has several names, `\\.\` of applications among them. */
function objectName(name: string): string {
  return name.toLowerCase().replace(/^\\(dosdevices|\?\?|global\?\?|\\\.)\\(global\\)?/, '\\??\\');
}

/** An open handle of an application. */
export class OpenFile implements FileObject {
  FsContext: unknown = null;
  /** IRPs that the driver has not completed. */
  readonly pending = new Set<IrpObject>();
  /** The handle is closed: applications cannot put requests to it any more, whatever is still under way. */
  isClosed = false;

  constructor(
    readonly id: string,
    readonly device: Device,
  ) {}
}

/** What an application asks for in one request. */
export interface IrpOptions {
  readonly major: IrpMajor;
  readonly fileName?: string;
  readonly ioControlCode?: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** An IRP with its stack location. */
export class IrpObject implements Irp {
  readonly MajorFunction: IrpMajor;
  readonly FileObject: FileObject;
  readonly FileName: string;
  readonly IoControlCode: string;
  readonly Input: Readonly<Record<string, unknown>>;
  Output: unknown = null;
  Status: NtStatus = 'STATUS_SUCCESS';
  completed = false;
  cancelled = false;
  cancelRoutine: ((irp: Irp) => Call<void>) | null = null;
  TakeCancelRoutine?: () => ((irp: Irp) => Call<void>) | null;

  constructor(
    readonly id: string,
    readonly file: OpenFile,
    options: IrpOptions,
  ) {
    this.MajorFunction = options.major;
    this.FileObject = file;
    this.FileName = options.fileName ?? '';
    this.IoControlCode = options.ioControlCode ?? '';
    this.Input = options.input ?? {};
  }

  /** IoSetCancelRoutine(irp, NULL) by the I/O manager. */
  takeCancelRoutine(): ((irp: Irp) => Call<void>) | null {
    const routine = this.TakeCancelRoutine?.() ?? this.cancelRoutine;
    this.cancelRoutine = null;
    return routine;
  }
}

/** The I/O manager: opens devices for applications and sends IRPs to the driver. Handles know nothing of filter modules. */
export class IoManager {
  readonly devices = new Set<Device>();
  /** Symbolic links that were not made with their device: to the name of the device. */
  readonly links = new Map<string, string>();
  private openFiles = 0;

  constructor(private readonly ndis: Ndis) {}

  /** Handles that applications have open on the driver's devices: the image stays loaded until they are closed. */
  get handlesOpen(): number {
    return this.openFiles;
  }

  /**
   * @param name device or symbolic name
   * @param fileName what follows the device's name
   * @param input what else the application gives with the open
   * @returns the open handle, or the status of the failure
   */
  *open(name: string, fileName: string, input?: IrpOptions['input']): Call<OpenFile | NtStatus> {
    const [, target = name] = [...this.links].find(([link]) => objectName(link) === objectName(name)) ?? [];
    const device = [...this.devices].find((candidate) => candidate.isNamed(target));
    if (!device) return 'STATUS_OBJECT_NAME_NOT_FOUND';
    const file = new OpenFile(this.ndis.kernel.identity('file'), device);
    this.openFiles += 1;
    const status = yield* this.request(file, { major: 'IRP_MJ_CREATE', fileName, ...(input && { input }) });
    if (status === 'STATUS_SUCCESS') return file;
    this.openFiles -= 1;
    return status;
  }

  /** The last reference goes: cleanup, then, once all IRPs of the handle are completed, close. */
  *close(file: OpenFile): Call<void> {
    file.isClosed = true;
    yield* this.request(file, { major: 'IRP_MJ_CLEANUP' });
    yield* this.ndis.kernel.until('the requests of a closed handle', () => file.pending.size === 0);
    yield* this.request(file, { major: 'IRP_MJ_CLOSE' });
    this.openFiles -= 1;
  }

  /** Sends an IRP to the driver and waits until it is completed. @returns its final status */
  *request(file: OpenFile, options: IrpOptions): Call<NtStatus> {
    if (file.isClosed && !OF_A_CLOSED_HANDLE.includes(options.major)) return 'STATUS_INVALID_HANDLE';
    const dispatch = file.device.attributes.MajorFunctions[options.major];
    if (!dispatch) return unsupported(options.major);
    const { kernel, boundary } = this.ndis;
    const irp = new IrpObject(kernel.identity('irp'), file, options);
    file.pending.add(irp);
    const args = {
      irp: irp.id,
      file: file.id,
      ...(options.fileName !== undefined && { name: options.fileName }),
      ...(options.ioControlCode !== undefined && { code: options.ioControlCode }),
    };
    yield* boundary.enter(
      options.major,
      { args },
      () => dispatch(irp),
      (status) => ({ status: statusName(status), args: { irp: irp.id, file: file.id } }),
    );
    const { irql } = kernel.thread;
    if (irql > PASSIVE_LEVEL) {
      throw kernel.stop(
        new Bugcheck('0x4A', 'IRQL_GT_ZERO_AT_SYSTEM_SERVICE', `${options.major} returned at IRQL ${irql}`, [
          irp.id,
          String(irql),
        ]),
      );
    }
    yield* kernel.until(`${irp.id} is completed`, () => irp.completed);
    return irp.Status;
  }

  /** Asks the driver to cancel what is pending on a handle. */
  *cancel(file: OpenFile): Call<void> {
    const { kernel, boundary } = this.ndis;
    for (const irp of [...file.pending]) {
      irp.cancelled = true;
      const routine = irp.takeCancelRoutine();
      if (!routine) continue;
      const { thread } = kernel;
      thread.irql = DISPATCH_LEVEL;
      yield* boundary.enter('IrpCancelRoutine', { args: { irp: irp.id } }, () => routine(irp));
      thread.irql = PASSIVE_LEVEL;
    }
  }

  /** IoCompleteRequest. @throws Bugcheck 0x44 when it was completed before */
  complete(irp: IrpObject): void {
    if (irp.completed) {
      throw this.ndis.kernel.stop(
        new Bugcheck('0x44', 'MULTIPLE_IRP_COMPLETE_REQUESTS', `${irp.id} was completed twice`, [irp.id, '0xEED']),
      );
    }
    irp.completed = true;
    irp.file.pending.delete(irp);
  }
}

/** What the I/O manager itself sends when the last handle goes. */
const OF_A_CLOSED_HANDLE: readonly IrpMajor[] = ['IRP_MJ_CLEANUP', 'IRP_MJ_CLOSE'];

/** What the I/O manager's own dispatch routine answers for a major function that the driver left out. */
function unsupported(major: IrpMajor): NtStatus {
  return OF_A_CLOSED_HANDLE.includes(major) ? 'STATUS_SUCCESS' : 'STATUS_INVALID_DEVICE_REQUEST';
}
