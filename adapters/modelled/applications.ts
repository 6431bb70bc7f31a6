import type { Call, Thread } from '../../src/kernel';
import type { Machine, NtStatus, OpenFile } from '../../src/ndis';
import type { AdapterName, AppName, Ask } from '../contract';
import type { PlannedIrp, RequestPlan } from './request-plan';

const SUCCESS: readonly string[] = ['STATUS_SUCCESS'];

/** What an application has open on an adapter: one file, or one for each request that it has had in flight. */
interface OpenHandle {
  readonly adapter: AdapterName;
  readonly files: OpenFile[];
  /** Files with a request that has not come back. */
  readonly busy: Set<OpenFile>;
}

/** The applications of a scenario: they open the driver's device and put requests to it, as its plan says. */
export class Applications {
  private readonly handles = new Map<AppName, OpenHandle>();
  private asked = 0;

  constructor(
    private readonly machine: Machine,
    private readonly plan: RequestPlan,
  ) {}

  *open(app: AppName, adapter: AdapterName): Call<NtStatus> {
    const handle: OpenHandle = { adapter, files: [], busy: new Set() };
    return yield* this.openFile(handle, () => this.handles.set(app, handle));
  }

  *close(app: AppName): Call<NtStatus> {
    const handle = this.handles.get(app);
    if (!handle) return 'STATUS_INVALID_PARAMETER';
    this.handles.delete(app);
    // A handle that takes one request at a time is one that is not open for overlapped ones: Windows closes it when nothing is under way.
    const waits = this.plan.open(handle.adapter, this.positionOf(handle.adapter))?.oneAtATime === true;
    for (const file of handle.files) {
      if (waits) yield* this.machine.kernel.until('the request of a closed handle', () => !handle.busy.has(file));
      yield* this.machine.io.close(file);
    }
    return 'STATUS_SUCCESS';
  }

  *ask(app: AppName, what: Ask, count: number): Call<NtStatus> {
    const handle = this.handles.get(app);
    const adapter = handle?.adapter ?? '';
    const requests = this.plan.ask(what, adapter, this.positionOf(adapter), count, this.asked);
    if (!requests) return 'STATUS_INVALID_DEVICE_REQUEST';
    if (!handle) return 'STATUS_INVALID_PARAMETER';
    this.asked += count;
    return yield* this.put(handle, requests);
  }

  *cancel(app: AppName): Call<void> {
    for (const file of this.handles.get(app)?.files ?? []) yield* this.machine.io.cancel(file);
  }

  private *openFile(handle: OpenHandle, opened: () => void): Call<NtStatus> {
    const position = this.positionOf(handle.adapter);
    const target = this.plan.open(handle.adapter, position);
    if (!target) return 'STATUS_NO_SUCH_DEVICE';
    const file = yield* this.machine.io.open(target.device, target.fileName, target.input);
    if (typeof file === 'string') return file;
    handle.files.push(file);
    opened();
    let last: NtStatus = 'STATUS_SUCCESS';
    for (const request of this.plan.setup(handle.adapter, position)) {
      last = yield* this.send(handle, file, request);
      if (!(request.goesOn ?? SUCCESS).includes(last)) return last;
    }
    return last;
  }

  /** Requests in order, until one of them fails. Those that block get a thread each, and are waited for in the end. */
  private *put(handle: OpenHandle, requests: readonly PlannedIrp[]): Call<NtStatus> {
    const { kernel } = this.machine;
    const parallel: (NtStatus | undefined)[] = [];
    const threads: Thread[] = [];
    let last: NtStatus = 'STATUS_SUCCESS';
    for (const request of requests) {
      const file = yield* this.fileFor(handle);
      if (typeof file === 'string') return file;
      if (request.blocks === true && requests.length > 1) {
        const index = parallel.push(undefined) - 1;
        handle.busy.add(file);
        const run = function* (send: () => Call<NtStatus>): Call<void> {
          parallel[index] = yield* send();
        };
        threads.push(
          kernel.spawn(
            `request ${index + 1} of an application`,
            run(() => this.send(handle, file, request)),
          ),
        );
        continue;
      }
      yield* kernel.until('the requests before', () => threads.every((thread) => kernel.hasComeToRest(thread)));
      last = yield* this.send(handle, file, request);
      if (!(request.goesOn ?? SUCCESS).includes(last)) return last;
    }
    yield* kernel.until('the requests of an application', () => parallel.every((status) => status !== undefined));
    return parallel.find((status) => status !== 'STATUS_SUCCESS') ?? last;
  }

  /** @returns the file to put a request to: another one where the driver takes one at a time and the others are busy */
  private *fileFor(handle: OpenHandle): Call<OpenFile | NtStatus> {
    const [first] = handle.files;
    // It was closed while requests before this one were under way.
    if (first?.isClosed === true) return 'STATUS_INVALID_HANDLE';
    const target = this.plan.open(handle.adapter, this.positionOf(handle.adapter));
    const free = target?.oneAtATime ? handle.files.find((file) => !handle.busy.has(file)) : first;
    if (free) return free;
    const status = yield* this.openFile(handle, () => undefined);
    return handle.files.find((file) => !handle.busy.has(file)) ?? status;
  }

  private *send(handle: OpenHandle, file: OpenFile, { major, ioControlCode, input }: PlannedIrp): Call<NtStatus> {
    handle.busy.add(file);
    const status = yield* this.machine.io.request(file, {
      major,
      ...(ioControlCode !== undefined && { ioControlCode }),
      input,
    });
    handle.busy.delete(file);
    return status;
  }

  private positionOf(adapter: AdapterName): number {
    return [...this.machine.ndis.adapters.keys()].indexOf(adapter);
  }
}
