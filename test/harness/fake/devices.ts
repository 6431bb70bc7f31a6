/** Handles of one process on the driver under test: the I/O manager of the kit's model is behind them. */
import type { HelperOps } from '../../../adapters/harness/agent/ports';
import { statusValue } from '../../../src/trace';
import type { Call } from '../../../src/kernel';
import type { OpenFile } from '../../../src/ndis/io-manager';
import { decodeRequest } from './driver-profile';
import type { FakeWindows } from './windows';

type Params<O extends keyof HelperOps> = HelperOps[O]['params'];

interface Opened {
  readonly file: OpenFile;
  readonly synchronous: boolean;
  /** What a handle that is not for overlapped requests is busy with. */
  last: Promise<unknown>;
}

export class Devices {
  private readonly open = new Map<number, Opened>();

  /** @param done tells how a request has ended: NTSTATUS, unsigned */
  constructor(
    private readonly windows: FakeWindows,
    private readonly done: (request: number, status: number) => void,
  ) {}

  create({ request, handle, path, synchronous }: Params<'device.open'>): void {
    const [, folder = '', name = '', rest = ''] = /^(\\[^\\]+\\)([^\\]+)\\?(.*)$/.exec(path) ?? [];
    const { model } = this.windows;
    this.run(request, `open of ${name}`, function* (this: Devices): Call<string> {
      const file = yield* model.machine.io.open(folder + name, rest);
      if (typeof file === 'string') return file;
      this.open.set(handle, { file, synchronous, last: Promise.resolve() });
      return 'STATUS_SUCCESS';
    });
  }

  put({ request, handle, what, buffers }: Params<'device.put'>): void {
    const opened = this.of(handle);
    const { model, frames, driver } = this.windows;
    const decoded = decodeRequest(driver, what, Buffer.from(buffers[0]?.bytes ?? '', 'hex'));
    let own = '';
    const start = (): Promise<string> =>
      model.start(
        'request of an application',
        function* (): Call<string> {
          const status = yield* model.machine.io.request(opened.file, decoded.irp);
          if (status !== 'STATUS_SUCCESS') frames.forgets(own);
          return status;
        },
        0,
        ({ id }) => frames.sends((own = id), decoded.frames),
      ).ended;
    const ended = opened.synchronous ? opened.last.then(start) : start();
    opened.last = ended.catch(() => undefined);
    this.tell(request, ended);
    this.windows.looksDown();
  }

  cancel(handle: number): void {
    const { file } = this.of(handle);
    const { model } = this.windows;
    model.do('cancel', () => model.machine.io.cancel(file)).catch(() => undefined);
    this.windows.looksDown();
  }

  close({ request, handle }: Params<'device.close'>): void {
    const { file, synchronous, last } = this.of(handle);
    this.open.delete(handle);
    const { model } = this.windows;
    const close = (): Promise<string> =>
      model.do('close', function* (): Call<string> {
        yield* model.machine.io.close(file);
        return 'STATUS_SUCCESS';
      });
    this.tell(request, synchronous ? last.then(close) : close());
    this.windows.looksDown();
  }

  /** The process ends. */
  end(): void {
    const { model } = this.windows;
    for (const { file } of this.open.values()) {
      model
        .do('end of a process', function* (): Call<void> {
          yield* model.machine.io.cancel(file);
          yield* model.machine.io.close(file);
        })
        .catch(() => undefined);
    }
    this.open.clear();
  }

  private run(request: number, name: string, body: (this: Devices) => Call<string>): void {
    this.tell(
      request,
      this.windows.model.do(name, () => body.call(this)),
    );
    this.windows.looksDown();
  }

  /** Of a machine that went down nobody hears anything. */
  private tell(request: number, ended: Promise<string>): void {
    ended.then(
      (status) => this.done(request, statusValue(status) ?? Number(status)),
      () => undefined,
    );
  }

  private of(handle: number): Opened {
    const opened = this.open.get(handle);
    if (!opened) throw new Error('there is no such handle');
    return opened;
  }
}
