import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import { Kernel } from '../../src/kernel';

function quiescent(kernel: Kernel): number {
  return kernel.recorder.crossings.filter(({ ddi }) => ddi === 'Quiescent').length;
}

describe('Virtual time', () => {
  it('passes for sleepers by itself', () => {
    const kernel = new Kernel();
    const woke: number[] = [];
    const sleeper = function* (ms: number): Call<void> {
      yield* kernel.sync.sleep(ms);
      woke.push(kernel.now);
    };
    kernel.spawn('long', sleeper(200));
    kernel.spawn('short', sleeper(50));
    kernel.settle();
    expect(woke).to.deep.equal([50, 200]);
  });

  it('ends a wait with a timeout, unless the event comes first', () => {
    const kernel = new Kernel();
    const event = kernel.sync.newEvent();
    const outcomes: boolean[] = [];
    const waiter = function* (): Call<void> {
      outcomes.push(yield* kernel.sync.wait(event, 100));
    };
    kernel.spawn('times out', waiter());
    kernel.settle();
    kernel.spawn('gets it', waiter());
    kernel.spawn(
      'sets it',
      (function* (): Call<void> {
        event.signaled = true;
      })(),
    );
    kernel.settle();
    expect(outcomes).to.deep.equal([false, true]);
    expect(kernel.now).to.equal(100);
  });

  it('does not pass without end for a thread that polls', () => {
    for (const [period, passed] of [
      [1, 1_500],
      [10, 15_000],
      [1_000, 30_000],
    ] as const) {
      const kernel = new Kernel();
      kernel.spawn(
        'poller',
        (function* (): Call<void> {
          for (;;) yield* kernel.sync.sleep(period);
        })(),
      );
      kernel.settle();
      expect(kernel.now).to.equal(passed);
      expect(kernel.bugcheck).to.equal(undefined);
    }
  });

  it('passes little for a thread of the background that was seen to poll, and wakes it all the same', () => {
    const kernel = new Kernel();
    let wakes = 0;
    const poller = kernel.spawn(
      'poller',
      (function* (): Call<void> {
        for (;;) {
          yield* kernel.sync.sleep(1_000);
          wakes += 1;
        }
      })(),
    );
    poller.background = true;
    kernel.settle();
    expect(kernel.now).to.equal(30_000);
    kernel.settle();
    expect(kernel.now).to.equal(33_000);
    expect(wakes).to.equal(33);
    expect(quiescent(kernel)).to.equal(2);
    kernel.advance(10_000);
    expect(wakes).to.equal(46); // 10, and 3 more until it is settled
  });

  it('passes in full once a thread of the background does not poll any more', () => {
    const kernel = new Kernel();
    let wakes = 0;
    const thread = kernel.spawn(
      'thread',
      (function* (): Call<void> {
        for (; wakes < 31; wakes += 1) yield* kernel.sync.sleep(1_000);
        for (; wakes < 41; wakes += 1) yield* kernel.sync.sleep(500);
      })(),
    );
    thread.background = true;
    kernel.settle();
    kernel.settle();
    expect(wakes).to.equal(41);
    expect(kernel.now).to.equal(36_000);
  });

  it('fires no timer while a machine settles', () => {
    const kernel = new Kernel();
    const fired: number[] = [];
    kernel.setTimer(100, 0, () => fired.push(kernel.now));
    kernel.settle();
    expect(fired).to.deep.equal([]);
    kernel.advance(99);
    expect(fired).to.deep.equal([]);
    kernel.advance(1);
    expect(fired).to.deep.equal([100]);
    expect(kernel.now).to.equal(100);
  });

  it('fires timers in the order of their time, periodic ones again and again', () => {
    const kernel = new Kernel();
    const fired: string[] = [];
    kernel.setTimer(30, 0, () => fired.push(`once ${kernel.now}`));
    const tick = kernel.setTimer(20, 20, () => fired.push(`tick ${kernel.now}`));
    kernel.advance(60);
    expect(fired).to.deep.equal(['tick 20', 'once 30', 'tick 40', 'tick 60']);
    expect(kernel.cancelTimer(tick)).to.equal(true);
    expect(kernel.cancelTimer(tick)).to.equal(false);
    kernel.advance(60);
    expect(fired).to.have.length(4);
  });

  it('wakes a sleeper before a timer that is due later', () => {
    const kernel = new Kernel();
    const order: string[] = [];
    kernel.setTimer(20, 0, () => order.push('timer'));
    kernel.spawn(
      'sleeper',
      (function* (): Call<void> {
        yield* kernel.sync.sleep(10);
        order.push('sleeper');
      })(),
    );
    kernel.advance(30);
    expect(order).to.deep.equal(['sleeper', 'timer']);
  });
});

describe('Quiescence', () => {
  it('is recorded when nothing more can happen', () => {
    const kernel = new Kernel();
    kernel.settle();
    expect(quiescent(kernel)).to.equal(1);
  });

  it('is not recorded while a timer is armed that has not fired yet', () => {
    const kernel = new Kernel();
    kernel.setTimer(10, 0, () => undefined);
    kernel.settle();
    expect(quiescent(kernel)).to.equal(0);
    kernel.advance(10);
    expect(quiescent(kernel)).to.equal(1);
  });

  it('is recorded under a periodic timer once that has fired', () => {
    const kernel = new Kernel();
    kernel.setTimer(10, 10, () => undefined);
    kernel.settle();
    expect(quiescent(kernel)).to.equal(0);
    kernel.advance(10);
    expect(quiescent(kernel)).to.equal(1);
  });

  it('is recorded although a thread polls, but not while one waits longer than time was let pass', () => {
    const kernel = new Kernel();
    kernel.spawn(
      'poller',
      (function* (): Call<void> {
        for (;;) yield* kernel.sync.sleep(0);
      })(),
    );
    kernel.settle();
    expect(quiescent(kernel)).to.equal(1);
    kernel.spawn('patient', kernel.sync.wait(kernel.sync.newEvent(), 60_000));
    kernel.settle();
    expect(quiescent(kernel)).to.equal(1);
    kernel.advance(60_000);
    expect(quiescent(kernel)).to.equal(2);
  });

  it('is not recorded while a scenario holds a thread', () => {
    const kernel = new Kernel();
    kernel.holdNext(() => true);
    kernel.spawn('worker', kernel.point('NdisFPauseComplete'));
    kernel.settle();
    expect(quiescent(kernel)).to.equal(0);
    kernel.releaseHeld();
    kernel.settle();
    expect(quiescent(kernel)).to.equal(1);
  });
});
