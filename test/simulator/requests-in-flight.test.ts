import { expect } from 'chai';
import { Applications } from '../../adapters/modelled/applications';
import type { RequestPlan } from '../../adapters/modelled';
import { Kernel, type Call } from '../../src/kernel';
import type { Machine, NtStatus, OpenFile } from '../../src/ndis';

/** A driver whose writes come back when it is told: refused, where one of the same file has not come back. */
class Writes {
  readonly kernel = new Kernel();
  readonly opened: number[] = [];
  readonly closed: unknown[] = [];
  private readonly under = new Set<unknown>();
  private released = false;

  applications(oneAtATime: boolean): Applications {
    const io = {
      open: (): Call<OpenFile> => this.open(),
      close: (file: OpenFile): Call<void> => this.close(file),
      request: (file: OpenFile): Call<NtStatus> => this.write(file),
    };
    const machine = { kernel: this.kernel, io, ndis: { adapters: new Map([['A', {}]]) } };
    const plan: RequestPlan = {
      open: () => ({ device: '\\Device\\X', fileName: '', oneAtATime }),
      setup: () => [],
      ask: (_what, _adapter, _position, count) =>
        Array.from({ length: count }, () => ({ major: 'IRP_MJ_WRITE', input: {}, blocks: true }) as const),
    };
    return new Applications(machine as unknown as Machine, plan);
  }

  play(call: Call<unknown>): void {
    this.kernel.spawn('application', call);
    this.kernel.settle();
  }

  release(): void {
    this.released = true;
    this.kernel.settle();
  }

  private *open(): Call<OpenFile> {
    yield* this.kernel.point('open');
    this.opened.push(this.opened.length + 1);
    return { file: this.opened.length } as unknown as OpenFile;
  }

  private *close(file: OpenFile): Call<void> {
    yield* this.kernel.point('close');
    this.closed.push(file);
  }

  private *write(file: OpenFile): Call<NtStatus> {
    if (this.under.has(file)) return 'STATUS_UNSUCCESSFUL';
    this.under.add(file);
    yield* this.kernel.until('the write', () => this.released);
    this.under.delete(file);
    return 'STATUS_SUCCESS';
  }
}

describe('An application with several requests in flight', () => {
  function ask(oneAtATime: boolean): {
    writes: Writes;
    status: () => NtStatus | undefined;
    applications: Applications;
  } {
    const writes = new Writes();
    const applications = writes.applications(oneAtATime);
    writes.play(applications.open('one', 'A'));
    let status: NtStatus | undefined;
    writes.play(
      (function* (): Call<void> {
        status = yield* applications.ask('one', 'send', 3);
      })(),
    );
    return { writes, status: () => status, applications };
  }

  it('puts them all to one handle', () => {
    const { writes, status } = ask(false);
    writes.release();
    expect(writes.opened).to.have.length(1);
    expect(status()).to.equal('STATUS_UNSUCCESSFUL');
  });

  it('opens a handle for each where the driver takes one at a time, and closes them all', () => {
    const { writes, status, applications } = ask(true);
    expect(writes.opened).to.have.length(3);
    writes.release();
    expect(status()).to.equal('STATUS_SUCCESS');
    writes.play(applications.close('one'));
    expect(writes.closed).to.have.length(3);
  });

  it('closes a handle that takes one request at a time when its request has come back, any other at once', () => {
    for (const [oneAtATime, closedBefore] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const { writes, applications } = ask(oneAtATime);
      writes.play(applications.close('one'));
      expect(writes.closed).to.have.length(closedBefore);
      writes.release();
      expect(writes.closed).to.have.length(oneAtATime ? 3 : 1);
    }
  });

  it('takes a handle again once its request has come back', () => {
    const { writes, applications } = ask(true);
    writes.release();
    writes.play(applications.ask('one', 'send', 2));
    expect(writes.opened).to.have.length(3);
  });
});
