import type { Call, Thread } from '../../src/kernel';
import type { Machine, NtStatus, OpenFile } from '../../src/ndis';
import type { AdapterName, AppName, Ask } from '../contract';
import type { PlannedIrp, RequestPlan } from './request-plan';

const SUCCESS: readonly string[] = ['STATUS_SUCCESS'];

interface OpenHandle {
  readonly file: OpenFile;
  readonly adapter: AdapterName;
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
    const position = this.positionOf(adapter);
    const target = this.plan.open(adapter, position);
    if (!target) return 'STATUS_NO_SUCH_DEVICE';
    const file = yield* this.machine.io.open(target.device, target.fileName, target.input);
    if (typeof file === 'string') return file;
    this.handles.set(app, { file, adapter });
    return yield* this.put(file, this.plan.setup(adapter, position));
  }

  *close(app: AppName): Call<NtStatus> {
    const handle = this.handles.get(app);
    if (!handle) return 'STATUS_INVALID_PARAMETER';
    this.handles.delete(app);
    yield* this.machine.io.close(handle.file);
    return 'STATUS_SUCCESS';
  }

  *ask(app: AppName, what: Ask, count: number): Call<NtStatus> {
    const handle = this.handles.get(app);
    const adapter = handle?.adapter ?? '';
    const requests = this.plan.ask(what, adapter, this.positionOf(adapter), count, this.asked);
    if (!requests) return 'STATUS_INVALID_DEVICE_REQUEST';
    if (!handle) return 'STATUS_INVALID_PARAMETER';
    this.asked += count;
    return yield* this.put(handle.file, requests);
  }

  *cancel(app: AppName): Call<void> {
    const handle = this.handles.get(app);
    if (handle) yield* this.machine.io.cancel(handle.file);
  }

  /**
   * Requests in order, until one of them fails. Those that block get a thread each, and are waited for in the end. What follows them is
   * put once they have come as far as they do, because it may change what they would do (a mode of the handle, for one).
   */
  private *put(file: OpenFile, requests: readonly PlannedIrp[]): Call<NtStatus> {
    const { kernel } = this.machine;
    const parallel: (NtStatus | undefined)[] = [];
    const threads: Thread[] = [];
    let last: NtStatus = 'STATUS_SUCCESS';
    for (const request of requests) {
      if (request.blocks === true && requests.length > 1) {
        const index = parallel.push(undefined) - 1;
        const run = function* (send: () => Call<NtStatus>): Call<void> {
          parallel[index] = yield* send();
        };
        threads.push(
          kernel.spawn(
            `request ${index + 1} of an application`,
            run(() => this.send(file, request)),
          ),
        );
        continue;
      }
      yield* kernel.until('the requests before', () => threads.every((thread) => kernel.hasComeToRest(thread)));
      last = yield* this.send(file, request);
      if (!(request.goesOn ?? SUCCESS).includes(last)) return last;
    }
    yield* kernel.until('the requests of an application', () => parallel.every((status) => status !== undefined));
    return parallel.find((status) => status !== 'STATUS_SUCCESS') ?? last;
  }

  private send(file: OpenFile, { major, ioControlCode, input }: PlannedIrp): Call<NtStatus> {
    return this.machine.io.request(file, { major, ...(ioControlCode !== undefined && { ioControlCode }), input });
  }

  private positionOf(adapter: AdapterName): number {
    return [...this.machine.ndis.adapters.keys()].indexOf(adapter);
  }
}
