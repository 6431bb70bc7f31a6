/** Handles that applications have on the driver's device, and what they put to it by them, as the vendor's profile says. */
import type { AppName, Ask } from '../../../contract';
import type { Clock } from '../../protocol';
import type { Device } from './device';
import { frameName, frameOf, type MarkedFrame } from './frames';
import type { PlannedPut, RequestPlan } from './request-plan';
import type { UnderWay } from './under-way';

const SUCCESS = 'STATUS_SUCCESS';
const CLOSED = 'STATUS_INVALID_HANDLE';
/** After it a request that has not come back is with the driver, which waits for something: the one behind it may go. */
const REST_MS = 250;

/** What an application has open: one file, or one for each request that it has had in flight. */
interface Application {
  readonly files: File[];
  isClosed: boolean;
}

interface File {
  readonly handle: number;
  /** Requests that have not come back. */
  readonly busy: Set<Promise<string>>;
}

export class Handles {
  private readonly applications = new Map<AppName, Application>();
  private readonly opening = new Set<Promise<unknown>>();
  private readonly closing = new Set<Promise<unknown>>();
  private haveEnded = false;

  /** @param nextNumber the number of the next frame */
  constructor(
    private readonly device: Device,
    private readonly plan: RequestPlan,
    private readonly underWay: UnderWay,
    private readonly clock: Clock,
    private readonly nextNumber: () => number,
  ) {}

  /** The profile says how the driver is asked for it. */
  knows(what: Ask): boolean {
    return this.plan.knows(what);
  }

  get areOpen(): boolean {
    const have = [...this.applications.values()].some(({ files }) => files.length > 0);
    return have || this.opening.size > 0 || this.closing.size > 0;
  }

  /** @returns the status of the open, or of what the profile puts after every open */
  open(app: AppName): Promise<string> {
    const application: Application = { files: [], isClosed: false };
    return this.tracked(
      [],
      this.openFile(application, () => this.applications.set(app, application)),
    );
  }

  /** @returns the status of the request that ended it */
  ask(app: AppName, what: Ask, count: number): Promise<string> {
    const marked = new Map<number, MarkedFrame>();
    const requests = this.plan.ask(what, count, (sequence) => {
      const frame = marked.get(sequence) ?? { origin: 'filter', number: this.nextNumber() };
      marked.set(sequence, frame);
      return Buffer.from(frameOf(frame, this.plan.frames), 'hex');
    });
    if (!requests) return Promise.resolve('STATUS_INVALID_DEVICE_REQUEST');
    const application = this.applications.get(app);
    if (!application) return Promise.resolve('STATUS_INVALID_PARAMETER');
    return this.tracked([...marked.values()].map(frameName), this.put(application, requests));
  }

  /** All that the application has under way. */
  async cancel(app: AppName): Promise<void> {
    for (const { handle } of this.applications.get(app)?.files ?? []) await this.device.cancel(handle);
  }

  /** @returns the status, when nothing of the application is under way any more: then the driver has been told of the close */
  close(app: AppName): Promise<string> {
    const application = this.applications.get(app);
    if (!application) return Promise.resolve('STATUS_INVALID_PARAMETER');
    this.applications.delete(app);
    application.isClosed = true;
    const closed = this.tracked([], this.closeFiles(application));
    during(this.closing, closed);
    return closed;
  }

  /** As when the processes of all applications are ended: what they have under way is cancelled, and what they have open closed. */
  async end(): Promise<void> {
    this.haveEnded = true;
    for (const app of [...this.applications.keys()]) {
      // It is closed all the same, and then that tells what became of it.
      await this.cancel(app).catch(() => undefined);
      this.close(app).catch(() => undefined);
    }
    await Promise.all([...this.opening, ...this.closing]);
  }

  private async closeFiles({ files }: Application): Promise<string> {
    let last = SUCCESS;
    for (const { handle, busy } of files) {
      const status = await this.device.close(handle);
      await Promise.allSettled(busy);
      if (status !== SUCCESS) last = status;
    }
    return last;
  }

  private openFile(application: Application, opened: () => void): Promise<string> {
    const status = this.openAndSetUp(application, opened);
    during(this.opening, status);
    return status;
  }

  private async openAndSetUp(application: Application, opened: () => void): Promise<string> {
    const { handle, status } = this.device.create(this.plan.open());
    let last = await status;
    if (last !== SUCCESS) return last;
    // The driver has let it wait until nobody was there for it any more.
    if (application.isClosed || this.haveEnded) {
      await this.device.close(handle);
      return CLOSED;
    }
    const file: File = { handle, busy: new Set() };
    application.files.push(file);
    opened();
    for (const request of this.plan.setup()) {
      last = await this.send(file, request);
      if (!request.goesOn.includes(last)) return last;
    }
    return last;
  }

  /** Requests in order, until one of them fails. Those that block are not waited for before the end. */
  private async put(application: Application, requests: readonly PlannedPut[]): Promise<string> {
    const parallel: Promise<string>[] = [];
    let last = SUCCESS;
    for (const request of requests) {
      const file = await this.fileFor(application);
      if (typeof file === 'string') return file;
      if (request.blocks && requests.length > 1) {
        const sent = this.send(file, request);
        sent.catch(() => undefined);
        parallel.push(sent);
        continue;
      }
      await this.atRest(parallel);
      last = await this.send(file, request);
      if (!request.goesOn.includes(last)) return last;
    }
    return (await Promise.all(parallel)).find((status) => status !== SUCCESS) ?? last;
  }

  private atRest(sent: readonly Promise<string>[]): Promise<void> {
    return new Promise((resolve) => {
      if (sent.length === 0) resolve();
      const stop = this.clock.after(REST_MS, resolve);
      void Promise.allSettled(sent).then(stop).then(resolve);
    });
  }

  /** @returns another file where the driver takes one request at a time and the others are busy, or why there is none */
  private async fileFor(application: Application): Promise<File | string> {
    const { files } = application;
    if (application.isClosed) return CLOSED;
    const free = this.plan.open().synchronous ? files.find(({ busy }) => busy.size === 0) : files[0];
    if (free) return free;
    const status = await this.openFile(application, () => undefined);
    return files.find(({ busy }) => busy.size === 0) ?? status;
  }

  private send({ handle, busy }: File, { what }: PlannedPut): Promise<string> {
    const sent = this.device.put(handle, what);
    during(busy, sent);
    return sent;
  }

  private tracked(frames: readonly string[], work: Promise<string>): Promise<string> {
    this.underWay.add(frames, work);
    return work;
  }
}

/** It is in the set until it has ended. */
function during<T>(set: Set<Promise<T>>, work: Promise<T>): void {
  set.add(work);
  const over = (): void => void set.delete(work);
  work.then(over, over);
}
