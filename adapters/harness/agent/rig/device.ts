/** The driver under test, as applications open it: requests go by the helper, and their ends come when they come. */
import { RigRefusal } from '../../../contract';
import { normaliseStatus } from '../../../../src/trace';
import type { Helper, HelperOps } from '../ports';

type Numbered = 'request' | 'handle';

interface Waiting {
  readonly resolve: (status: string) => void;
  readonly reject: (failure: Error) => void;
}

const SUCCESS = 'STATUS_SUCCESS';
/** Whose name an NTSTATUS has in the kit. */
const NTSTATUS = 'IRP_MJ_WRITE';

export class Device {
  private readonly waiting = new Map<number, Waiting>();
  /** Handles that are open. */
  private readonly open = new Set<number>();
  private numbers = 0;

  constructor(private readonly helper: Helper) {
    helper.on('device.done', ({ request, status }) => {
      const name = normaliseStatus(status, NTSTATUS);
      if (name === undefined) this.settle(request, (each) => each.reject(new RigRefusal('environment', NO_STATUS)));
      else this.settle(request, ({ resolve }) => resolve(name));
    });
    helper.on('exit', ({ reason }) => {
      // Windows has closed them.
      this.open.clear();
      for (const request of [...this.waiting.keys()])
        this.settle(request, ({ reject }) => reject(new RigRefusal('lost', `The helper is gone: ${reason}`)));
    });
  }

  /** @returns number of the handle, which is open when `status` is a success: NTSTATUS, by its name */
  create(how: Omit<HelperOps['device.open']['params'], Numbered>): {
    readonly handle: number;
    readonly status: Promise<string>;
  } {
    const handle = this.next();
    const status = this.ask('device.open', { ...how, handle }).then((ended) => {
      if (ended === SUCCESS) this.open.add(handle);
      return ended;
    });
    return { handle, status };
  }

  /** @returns NTSTATUS, by its name, when the request has come back */
  put(handle: number, what: Omit<HelperOps['device.put']['params'], Numbered>): Promise<string> {
    return this.ask('device.put', { ...what, handle });
  }

  async cancel(handle: number): Promise<void> {
    if (!this.open.has(handle)) return;
    await this.helper.request('device.cancel', { handle });
  }

  /** One that has gone with the helper is closed already. */
  async close(handle: number): Promise<string> {
    return this.open.delete(handle) ? this.ask('device.close', { handle }) : SUCCESS;
  }

  private ask<O extends 'device.open' | 'device.put' | 'device.close'>(
    op: O,
    params: Omit<HelperOps[O]['params'], 'request'>,
  ): Promise<string> {
    const request = this.next();
    const ended = new Promise<string>((resolve, reject) => this.waiting.set(request, { resolve, reject }));
    this.helper
      .request(op, { ...params, request })
      .catch((failure: Error) => this.settle(request, ({ reject }) => reject(failure)));
    return ended;
  }

  private settle(request: number, tell: (waiting: Waiting) => void): void {
    const waiting = this.waiting.get(request);
    this.waiting.delete(request);
    if (waiting) tell(waiting);
  }

  private next(): number {
    this.numbers += 1;
    return this.numbers;
  }
}

const NO_STATUS = 'The helper tells of the end of a request with something that is no NTSTATUS.';
