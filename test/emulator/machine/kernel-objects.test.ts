import { expect } from 'chai';
import { STATUS } from '../../../adapters/emulator/machine';
import { IRP, STACK_LOCATION } from '../../../adapters/emulator/machine/io/layouts';
import { CODE } from './booted';
import { Caller } from './caller';

/** The value of a variable that the kernel exports. */
function variable(caller: Caller, name: string): bigint {
  const at = caller.guest.imports.resolve('ntoskrnl.exe', name);
  if (at === undefined) throw new Error(`${name} is not exported`);
  return caller.u64(at);
}

describe('Objects with references', () => {
  const event = (caller: Caller): { handle: bigint; object: bigint } => {
    const out = caller.space(8);
    const object = caller.do('IoCreateNotificationEvent', 0, out);
    return { handle: caller.u64(out), object };
  };

  it('are given out by handle when they are of the type that is asked for', () => {
    const caller = new Caller();
    const { handle, object } = event(caller);
    const out = caller.space(8);
    const ask = (type: bigint): bigint => caller.do('ObReferenceObjectByHandle', handle, 0, type, 0, out, 0);
    expect(ask(variable(caller, 'PsThreadType'))).to.equal(BigInt(STATUS.OBJECT_TYPE_MISMATCH));
    expect(ask(variable(caller, 'ExEventObjectType'))).to.equal(0n);
    expect(ask(0n)).to.equal(0n);
    expect(caller.u64(out)).to.equal(object);
    expect(caller.do('ObReferenceObjectByHandle', (1n << 64n) - 2n, 0, 0, 0, out, 0)).to.equal(0n);
  });

  it('live until the last handle is closed and the last reference given back', () => {
    const caller = new Caller();
    const { handle, object } = event(caller);
    expect(caller.do('ObfReferenceObject', object)).to.equal(2n);
    expect(caller.do('ZwClose', handle)).to.equal(0n);
    caller.do('KeSetEvent', object, 0, 0);
    expect(caller.do('ObfDereferenceObject', object)).to.equal(0n);
    caller.run(() => caller.export('KeSetEvent', object, 0, 0));
    expect(caller.bugcheck.message).to.include('an event to which there is no reference left');
  });

  it('are not given back more often than taken', () => {
    const caller = new Caller();
    const { object } = event(caller);
    caller.do('ObfDereferenceObject', object);
    caller.run(() => caller.export('ObfDereferenceObject', object));
    expect(caller.bugcheck.code).to.equal('0x18');
  });

  it('are threads, which outlive their end while somebody has a reference', () => {
    const caller = new Caller({ code: { [CODE]: [0xc3] } });
    const [out, object] = [caller.space(8), caller.space(8)];
    caller.run(function* () {
      yield* caller.export('PsCreateSystemThread', out, 0, 0, 0, 0, caller.at(CODE), 0);
      yield* caller.export(
        'ObReferenceObjectByHandle',
        caller.u64(out),
        0,
        variable(caller, 'PsThreadType'),
        0,
        object,
        0,
      );
      yield* caller.export('ZwClose', caller.u64(out));
    });
    expect(caller.do('KeWaitForSingleObject', caller.u64(object), 0, 0, 0, 0)).to.equal(0n);
    expect(caller.do('ObfDereferenceObject', caller.u64(object))).to.equal(0n);
    caller.run(() => caller.export('KeWaitForSingleObject', caller.u64(object), 0, 0, 0, 0));
    expect(caller.bugcheck.message).to.include('a thread to which there is no reference left');
  });
});

describe('IRPs of the driver', () => {
  const INSERT = CODE;
  const REMOVE = CODE + 0x20;
  const PEEK = CODE + 0x40;
  const ACQUIRE = CODE + 0x60;
  const RELEASE = CODE + 0x80;
  const CANCEL = CODE + 0xa0;
  /** A queue for one IRP, which is kept behind the IO_CSQ, and the cancelled one behind it. */
  const code = {
    [INSERT]: [0x48, 0x89, 0x51, 0x40, 0xc3],
    [REMOVE]: [0x48, 0xc7, 0x41, 0x40, 0, 0, 0, 0, 0xc3],
    [PEEK]: [0x48, 0x85, 0xd2, 0x75, 0x05, 0x48, 0x8b, 0x41, 0x40, 0xc3, 0x31, 0xc0, 0xc3],
    [ACQUIRE]: [0xc6, 0x02, 0x00, 0xc3],
    [RELEASE]: [0xc3],
    [CANCEL]: [0x48, 0x89, 0x51, 0x48, 0xc3],
  };

  const queue = (): { caller: Caller; csq: bigint; irp: bigint } => {
    const caller = new Caller({ code });
    const csq = caller.space(0x50);
    const routines = [INSERT, REMOVE, PEEK, ACQUIRE, RELEASE, CANCEL].map((rva) => caller.at(rva));
    expect(caller.do('IoCsqInitialize', csq, ...routines)).to.equal(0n);
    const irp = caller.do('IoAllocateIrp', 1, 0);
    const at = caller.guest.offset(irp);
    caller.guest.memory.setU8(at + IRP.currentLocation, 1);
    caller.guest.memory.setU64(at + IRP.currentStackLocation, irp + BigInt(IRP.size));
    return { caller, csq, irp };
  };

  it('come out of a cancel-safe queue as they went in', () => {
    const { caller, csq, irp } = queue();
    caller.do('IoCsqInsertIrp', csq, irp, 0);
    const location = caller.guest.offset(irp) + IRP.size;
    expect(caller.guest.memory.u8(location + STACK_LOCATION.control)).to.equal(1);
    expect(caller.do('IoCsqRemoveNextIrp', csq, 0)).to.equal(irp);
    expect(caller.u64(irp, IRP.cancelRoutine)).to.equal(0n);
    expect(caller.do('IoCsqRemoveNextIrp', csq, 0)).to.equal(0n);
  });

  it('are cancelled out of the queue, or before they are in it', () => {
    const { caller, csq, irp } = queue();
    caller.do('IoCsqInsertIrp', csq, irp, 0);
    expect(caller.do('IoCancelIrp', irp)).to.equal(1n);
    expect([caller.u64(csq, 0x40), caller.u64(csq, 0x48)]).to.deep.equal([0n, irp]);
    expect(caller.kernel.bugcheck).to.equal(undefined);
    caller.put(csq, 0x48, 0n);
    caller.do('IoCsqInsertIrp', csq, irp, 0);
    expect([caller.u64(csq, 0x40), caller.u64(csq, 0x48)]).to.deep.equal([0n, irp]);
    expect(caller.do('IoCancelIrp', irp)).to.equal(0n);
  });

  it('are found by their context, once', () => {
    const { caller, csq, irp } = queue();
    const context = caller.space(0x18);
    caller.do('IoCsqInsertIrp', csq, irp, context);
    expect(caller.do('IoCsqRemoveIrp', csq, context)).to.equal(irp);
    expect(caller.do('IoCsqRemoveIrp', csq, context)).to.equal(0n);
    caller.do('IoCsqInsertIrp', csq, irp, context);
    expect(caller.do('IoCancelIrp', irp)).to.equal(1n);
    expect(caller.u64(csq, 0x48)).to.equal(irp);
  });

  it('are used again, with a routine for their completion', () => {
    const { caller, irp } = queue();
    caller.do('IoReuseIrp', irp, STATUS.CANCELLED);
    expect([caller.u32(irp, IRP.status), caller.u64(irp, IRP.currentStackLocation) - irp]).to.deep.equal([
      STATUS.CANCELLED,
      BigInt(IRP.size + STACK_LOCATION.size),
    ]);
    expect(caller.do('IoSetCompletionRoutineEx', 0, irp, caller.at(CODE), 5, 1, 0, 1)).to.equal(0n);
    expect([0x38, 0x40].map((member) => caller.u64(irp, IRP.size + member))).to.deep.equal([caller.at(CODE), 5n]);
    expect(caller.u32(irp, IRP.size) >>> 24).to.equal(0x60);
  });
});

describe('Callback objects', () => {
  // mov [rcx], edx; ret: the context is given the first argument
  const code = { [CODE]: [0x89, 0x11, 0xc3] };

  const create = (caller: Caller, name: string, isNew: boolean, flags = 0): bigint | number => {
    const [attributes, out] = [caller.space(0x30), caller.space(8)];
    caller.put(attributes, 0x10, caller.counted(name));
    caller.put(attributes, 0x18, BigInt(flags));
    const status = caller.do('ExCreateCallback', out, attributes, isNew ? 1 : 0, 0);
    return status === 0n ? caller.u64(out) : Number(status);
  };

  it('tell those who have registered, until they unregister', () => {
    const caller = new Caller({ code });
    const object = BigInt(create(caller, '\\Callback\\Mine', true));
    const seen = caller.space(4);
    const registration = caller.do('ExRegisterCallback', object, caller.at(CODE), seen);
    expect(caller.do('ExRegisterCallback', object, caller.at(CODE), seen), 'one only').to.equal(0n);
    caller.do('ExNotifyCallback', object, 7, 0);
    expect(caller.u32(seen)).to.equal(7);
    caller.do('ExUnregisterCallback', registration);
    caller.do('ExNotifyCallback', object, 9, 0);
    expect(caller.u32(seen)).to.equal(7);
  });

  it('are opened by their names: those of the system are there', () => {
    const caller = new Caller({ code });
    expect(create(caller, '\\Callback\\PowerState', false)).to.be.a('bigint');
    expect(create(caller, '\\Callback\\Mine', false)).to.equal(STATUS.OBJECT_NAME_NOT_FOUND);
    const mine = create(caller, '\\Callback\\Mine', true);
    expect(create(caller, '\\Callback\\Mine', true)).to.equal(STATUS.OBJECT_NAME_COLLISION);
    expect(create(caller, '\\Callback\\Mine', true, 0x80)).to.equal(mine);
  });
});

describe('Timers of the executive', () => {
  // add dword [rdx], 1; ret: counts in the context
  const code = { [CODE]: [0x83, 0x02, 0x01, 0xc3] };
  const MS = -10_000n;

  it('fire when they are due, again and again, until they are cancelled', () => {
    const caller = new Caller({ code });
    const count = caller.space(4);
    const timer = caller.do('ExAllocateTimer', caller.at(CODE), count, 0);
    expect(caller.do('ExSetTimer', timer, 5n * MS, -5n * MS, 0)).to.equal(0n);
    caller.kernel.advance(16);
    expect(caller.u32(count)).to.equal(3);
    expect(caller.do('ExCancelTimer', timer, 0)).to.equal(1n);
    expect(caller.do('ExCancelTimer', timer, 0)).to.equal(0n);
    caller.kernel.advance(20);
    expect(caller.u32(count)).to.equal(3);
  });

  it('are waited for like other objects, and gone once they are deleted', () => {
    const caller = new Caller({ code });
    const timer = caller.do('ExAllocateTimer', 0, 0, 0x8000_0000);
    caller.do('ExSetTimer', timer, MS, 0, 0);
    caller.kernel.advance(2);
    expect(caller.do('KeWaitForSingleObject', timer, 0, 0, 0, 0)).to.equal(0n);
    expect(caller.do('ExDeleteTimer', timer, 1, 1, 0)).to.equal(0n);
    caller.run(() => caller.export('ExSetTimer', timer, MS, 0, 0));
    expect(caller.bugcheck.message).to.include('a timer that has been deleted');
  });
});

describe('Remove locks', () => {
  it('are held by who uses a device; who removes it waits for all, and nobody comes after', () => {
    const caller = new Caller();
    const lock = caller.space(0x20);
    caller.do('IoInitializeRemoveLockEx', lock, 0, 0, 0, 0x20);
    expect(caller.do('IoAcquireRemoveLockEx', lock, 1, 0, 0, 0x20)).to.equal(0n);
    expect(caller.do('IoAcquireRemoveLockEx', lock, 2, 0, 0, 0x20)).to.equal(0n);
    let isOver = false;
    caller.run(function* () {
      yield* caller.export('IoReleaseRemoveLockAndWaitEx', lock, 1, 0x20);
      isOver = true;
    });
    expect([isOver, caller.do('IoAcquireRemoveLockEx', lock, 3, 0, 0, 0x20)]).to.deep.equal([
      false,
      BigInt(STATUS.DELETE_PENDING),
    ]);
    caller.do('IoReleaseRemoveLockEx', lock, 2, 0x20);
    expect(isOver).to.equal(true);
  });
});

describe('Fast mutexes', () => {
  const irql = (caller: Caller): number => caller.kernel.thread.irql;

  it('raise the IRQL to APC_LEVEL while they are held, and give the old one back', () => {
    const caller = new Caller();
    const mutex = caller.space(0x38);
    const levels = caller.run(function* () {
      const found = [irql(caller)];
      yield* caller.export('ExAcquireFastMutex', mutex);
      found.push(irql(caller));
      yield* caller.export('ExReleaseFastMutex', mutex);
      found.push(irql(caller));
      found.push(Number(yield* caller.export('ExTryToAcquireFastMutex', mutex)), irql(caller));
      yield* caller.export('ExReleaseFastMutex', mutex);
      return found;
    });
    expect(levels).to.deep.equal([0, 1, 0, 1, 1]);
  });

  it('leave the IRQL as it is when they are taken without, as guarded ones do', () => {
    const caller = new Caller();
    const mutex = caller.space(0x38);
    const levels = caller.run(function* () {
      yield* caller.export('ExAcquireFastMutexUnsafe', mutex);
      const found = [irql(caller)];
      yield* caller.export('ExReleaseFastMutexUnsafe', mutex);
      yield* caller.export('KeAcquireGuardedMutex', mutex);
      found.push(irql(caller));
      yield* caller.export('KeReleaseGuardedMutex', mutex);
      return found;
    });
    expect(levels).to.deep.equal([0, 0]);
  });

  it('keep out what may be called at PASSIVE_LEVEL only', () => {
    const caller = new Caller();
    const mutex = caller.space(0x38);
    caller.run(function* () {
      yield* caller.export('ExAcquireFastMutex', mutex);
      yield* caller.export('ZwClose', 0);
    });
    expect(caller.bugcheck.code).to.equal('0xA');
    expect(caller.bugcheck.message).to.include('ZwClose was called at IRQL 1');
  });
});
