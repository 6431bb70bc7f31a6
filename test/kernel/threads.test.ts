import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import { Bugcheck, Kernel, KitError, RandomWalk, randomFrom } from '../../src/kernel';
import { APC_LEVEL, DISPATCH_LEVEL, PASSIVE_LEVEL } from '../../src/trace';

/** Reads, lets others in between, and writes: the classic lost update. */
function* increment(kernel: Kernel, counter: { value: number }): Call<void> {
  const read = counter.value;
  yield* kernel.point('SharedAccess');
  counter.value = read + 1;
}

function kernelWith(seed: number | undefined): Kernel {
  return new Kernel(seed === undefined ? {} : { scheduler: new RandomWalk(randomFrom(seed)) });
}

describe('Kernel threads', () => {
  it('run one after the other when the scheduler leaves a thread only where it blocks', () => {
    const kernel = kernelWith(undefined);
    const order: string[] = [];
    const worker = function* (name: string): Call<void> {
      order.push(`${name}1`);
      yield* kernel.point('SharedAccess');
      order.push(`${name}2`);
    };
    kernel.spawn('a', worker('a'));
    kernel.spawn('b', worker('b'));
    kernel.settle();
    expect(order).to.deep.equal(['a1', 'a2', 'b1', 'b2']);
  });

  it('interleave under a random walk, in the same way for the same seed', () => {
    const run = (seed: number): string => {
      const kernel = kernelWith(seed);
      let order = '';
      const worker = function* (name: string): Call<void> {
        for (let i = 0; i < 8; i += 1) {
          order += name;
          yield* kernel.point('SharedAccess');
        }
      };
      kernel.spawn('a', worker('a'));
      kernel.spawn('b', worker('b'));
      kernel.settle();
      return order;
    };
    expect(run(1)).to.equal(run(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => run(seed))).size).to.be.greaterThan(10);
  });

  it('lose an update without a lock and never with one', () => {
    const lostWith = (locked: boolean): number => {
      let lost = 0;
      for (let seed = 0; seed < 50; seed += 1) {
        const kernel = kernelWith(seed);
        const lock = kernel.sync.newSpinLock();
        const counter = { value: 0 };
        const worker = function* (): Call<void> {
          if (locked) yield* kernel.sync.acquire(lock);
          yield* increment(kernel, counter);
          if (locked) yield* kernel.sync.release(lock);
        };
        kernel.spawn('a', worker());
        kernel.spawn('b', worker());
        kernel.settle();
        if (counter.value !== 2) lost += 1;
      }
      return lost;
    };
    expect(lostWith(false)).to.be.greaterThan(0);
    expect(lostWith(true)).to.equal(0);
  });

  it('get processors of their own while they live', () => {
    const kernel = kernelWith(undefined);
    const event = kernel.sync.newEvent();
    const waiter = function* (): Call<void> {
      yield* kernel.sync.wait(event);
    };
    const cpus = ['a', 'b', 'c'].map((name) => kernel.spawn(name, waiter()).cpu);
    expect(cpus).to.deep.equal([0, 1, 2]);
  });

  it('that never stop by themselves end in a bugcheck, not in a test that hangs', () => {
    const kernel = kernelWith(undefined);
    const spin = function* (): Call<void> {
      for (;;) yield* kernel.point('SharedAccess');
    };
    kernel.spawn('spin', spin());
    kernel.settle();
    expect(kernel.bugcheck?.code).to.equal('0x133');
  });

  it('can be stopped in front of a step and let go', () => {
    const kernel = kernelWith(undefined);
    const order: string[] = [];
    const worker = function* (): Call<void> {
      order.push('before');
      yield* kernel.point('NdisFSendNetBufferLists');
      order.push('after');
    };
    kernel.holdNext((step) => step.point === 'NdisFSendNetBufferLists');
    kernel.spawn('sender', worker());
    kernel.settle();
    expect(order).to.deep.equal(['before']);
    expect(kernel.heldThreads.map((thread) => thread.step?.point)).to.deep.equal(['NdisFSendNetBufferLists']);
    kernel.releaseHeld();
    kernel.settle();
    expect(order).to.deep.equal(['before', 'after']);
  });

  it('that fail in the kit make settle throw, a bugcheck does not', () => {
    const broken = kernelWith(undefined);
    broken.spawn(
      'kit',
      (function* (): Call<void> {
        throw new TypeError('a slip of the kit');
      })(),
    );
    expect(() => broken.settle()).to.throw(KitError);

    const crashed = kernelWith(undefined);
    crashed.spawn(
      'driver',
      (function* (): Call<void> {
        throw crashed.stop(new Bugcheck('0x3B', 'SYSTEM_SERVICE_EXCEPTION', 'a slip of the driver'));
      })(),
    );
    crashed.settle();
    expect(crashed.bugcheck?.code).to.equal('0x3B');
  });

  it('do not go on after a bugcheck, even when the driver catches the exception', () => {
    const kernel = kernelWith(undefined);
    const order: string[] = [];
    kernel.spawn(
      'driver',
      (function* (): Call<void> {
        try {
          throw kernel.stop(new Bugcheck('0x19', 'BAD_POOL_HEADER', 'a corrupted pool'));
        } catch {
          kernel.record({ dir: '=>', ddi: 'NdisFSendNetBufferLists' });
        }
        yield { point: 'SharedAccess' };
        order.push('went on');
      })(),
    );
    kernel.settle();
    expect(order).to.deep.equal([]);
    expect(kernel.recorder.crossings.map(({ ddi }) => ddi)).to.deep.equal(['Bugcheck']);
  });
});

describe('IRQL and spin locks', () => {
  it('a lock raises to DISPATCH_LEVEL and its release goes back', () => {
    const kernel = kernelWith(undefined);
    const lock = kernel.sync.newSpinLock();
    const seen: number[] = [];
    kernel.spawn(
      'worker',
      (function* (): Call<void> {
        yield* kernel.sync.acquire(lock);
        seen.push(kernel.thread.irql);
        kernel.record({ dir: '=>', ddi: 'NdisFPauseComplete' });
        yield* kernel.sync.release(lock);
        seen.push(kernel.thread.irql);
      })(),
    );
    kernel.settle();
    expect(seen).to.deep.equal([DISPATCH_LEVEL, PASSIVE_LEVEL]);
    expect(kernel.recorder.crossings[0])
      .to.include({ irql: DISPATCH_LEVEL })
      .and.to.have.deep.property('locks', ['lock1']);
  });

  it('a thread waits for a lock until its owner releases it', () => {
    const kernel = kernelWith(undefined);
    const lock = kernel.sync.newSpinLock();
    const order: string[] = [];
    const worker = function* (name: string): Call<void> {
      yield* kernel.sync.acquire(lock);
      order.push(name);
      yield* kernel.sync.release(lock);
    };
    kernel.holdNext((step) => step.point === 'NdisReleaseSpinLock');
    kernel.spawn('a', worker('a'));
    kernel.spawn('b', worker('b'));
    kernel.settle();
    expect(order).to.deep.equal(['a']);
    kernel.releaseHeld();
    kernel.settle();
    expect(order).to.deep.equal(['a', 'b']);
  });

  it('releasing a lock that the thread does not own is bugcheck 0x10', () => {
    const kernel = kernelWith(undefined);
    const lock = kernel.sync.newSpinLock();
    kernel.spawn('worker', kernel.sync.release(lock));
    kernel.settle();
    expect(kernel.bugcheck?.code).to.equal('0x10');
  });

  it('waiting at DISPATCH_LEVEL is bugcheck 0x7C with 0x14', () => {
    for (const wait of [
      (kernel: Kernel): Call<unknown> => kernel.sync.wait(kernel.sync.newEvent()),
      (kernel: Kernel): Call<unknown> => kernel.sync.sleep(1),
    ]) {
      const kernel = kernelWith(undefined);
      kernel.spawn('DPC', wait(kernel), DISPATCH_LEVEL);
      kernel.settle();
      expect(kernel.bugcheck).to.deep.include({ code: '0x7C', parameters: ['0x14'] });
    }
  });

  it('waiting for a rundown is for APC_LEVEL, too, and bugcheck 0xA above', () => {
    for (const [irql, code] of [
      [APC_LEVEL, undefined],
      [DISPATCH_LEVEL, '0xA'],
    ] as const) {
      const kernel = kernelWith(undefined);
      kernel.spawn('worker', kernel.sync.waitForRundown(kernel.sync.newRundownRef()), irql);
      kernel.settle();
      expect(kernel.bugcheck?.code).to.equal(code);
    }
  });
});

describe('Hangs', () => {
  const hangs = (kernel: Kernel) => kernel.recorder.crossings.filter(({ ddi }) => ddi === 'Hang');

  it('a lock taken twice on one thread', () => {
    const kernel = kernelWith(undefined);
    const lock = kernel.sync.newSpinLock();
    kernel.spawn(
      'worker',
      (function* (): Call<void> {
        yield* kernel.sync.acquire(lock);
        yield* kernel.sync.acquire(lock);
      })(),
    );
    kernel.settle();
    expect(hangs(kernel)).to.have.length(1);
    expect(hangs(kernel)[0]?.args).to.deep.equal({ waitsFor: 'lock1', heldBy: 't1', inside: 'worker' });
    kernel.settle();
    expect(hangs(kernel), 'reported once').to.have.length(1);
  });

  it('two locks taken in opposite order', () => {
    let found = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const kernel = kernelWith(seed);
      const locks = [kernel.sync.newSpinLock(), kernel.sync.newSpinLock()] as const;
      const worker = function* (first: 0 | 1): Call<void> {
        yield* kernel.sync.acquire(locks[first]);
        yield* kernel.sync.acquire(locks[first === 0 ? 1 : 0]);
        yield* kernel.sync.release(locks[first === 0 ? 1 : 0]);
        yield* kernel.sync.release(locks[first]);
      };
      kernel.spawn('a', worker(0));
      kernel.spawn('b', worker(1));
      kernel.settle();
      if (hangs(kernel).length === 2) found += 1;
    }
    expect(found).to.be.greaterThan(0);
  });

  it('a lock that a thread took to its grave', () => {
    const kernel = kernelWith(undefined);
    const lock = kernel.sync.newSpinLock();
    kernel.spawn('leaver', kernel.sync.acquire(lock));
    kernel.settle();
    kernel.spawn('worker', kernel.sync.acquire(lock));
    kernel.settle();
    expect(hangs(kernel)).to.have.length(1);
  });

  it('not while a scenario has stopped the owner of the lock', () => {
    const kernel = kernelWith(undefined);
    const lock = kernel.sync.newSpinLock();
    const worker = function* (): Call<void> {
      yield* kernel.sync.acquire(lock);
      yield* kernel.point('NdisFSendNetBufferLists');
      yield* kernel.sync.release(lock);
    };
    kernel.holdNext((step) => step.point === 'NdisFSendNetBufferLists');
    kernel.spawn('owner', worker());
    kernel.settle();
    kernel.spawn('other', worker());
    kernel.settle();
    expect(hangs(kernel)).to.have.length(0);
    kernel.releaseHeld();
    kernel.settle();
    expect(kernel.recorder.crossings.at(-1)?.ddi).to.equal('Quiescent');
  });
});

describe('Rundown protection', () => {
  it('refuses references once it has begun, and ends when the last one is gone', () => {
    const kernel = kernelWith(undefined);
    const ref = kernel.sync.newRundownRef();
    const order: string[] = [];
    kernel.spawn(
      'user',
      (function* (): Call<void> {
        order.push(`acquired ${yield* kernel.sync.acquireRundown(ref)}`);
        yield { point: 'busy', ready: () => order.includes('refused') };
        order.push('released');
        yield* kernel.sync.releaseRundown(ref);
      })(),
    );
    kernel.spawn(
      'detach',
      (function* (): Call<void> {
        yield* kernel.sync.waitForRundown(ref);
        order.push('run down');
      })(),
    );
    kernel.spawn(
      'late user',
      (function* (): Call<void> {
        if (!(yield* kernel.sync.acquireRundown(ref))) order.push('refused');
      })(),
    );
    kernel.settle();
    expect(order).to.deep.equal(['acquired true', 'refused', 'released', 'run down']);
  });

  it('released more often than acquired is bugcheck 0x18', () => {
    const kernel = kernelWith(undefined);
    kernel.spawn('user', kernel.sync.releaseRundown(kernel.sync.newRundownRef()));
    kernel.settle();
    expect(kernel.bugcheck?.code).to.equal('0x18');
  });
});
