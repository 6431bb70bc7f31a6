import { expect } from 'chai';
import { DebugOutput, Registry } from '../../../adapters/emulator/machine';
import { newUnicodeString, readUnicodeString, utf16 } from '../../../adapters/emulator/machine/text';
import { Booted, CODE } from './booted';

/** Fresh memory for an object of the driver. */
function memory(booted: Booted, length: number): bigint {
  return booted.guest.address(booted.guest.allocate(length));
}

function wide(booted: Booted, text: string): bigint {
  const at = booted.guest.allocate(2 * text.length + 2);
  booted.guest.memory.write(at, utf16(text, true));
  return booted.guest.address(at);
}

function narrow(booted: Booted, text: string): bigint {
  const at = booted.guest.allocate(text.length + 1);
  booted.guest.memory.write(at, Buffer.from(text, 'latin1'));
  return booted.guest.address(at);
}

const NOTIFICATION = 0;
const SYNCHRONIZATION = 1;
const TIMEOUT = 0x102n;

describe('Locks of the kernel', () => {
  it('raise the IRQL and give the old one back', () => {
    const booted = new Booted();
    const lock = memory(booted, 8);
    const seen = booted.run(function* () {
      const irql = yield* booted.export('KeAcquireSpinLockRaiseToDpc', lock);
      const inside = booted.kernel.thread.irql;
      yield* booted.export('KeReleaseSpinLock', lock, irql);
      return [irql, inside, booted.kernel.thread.irql];
    });
    expect(seen).to.deep.equal([0n, 2, 0]);
  });

  it('hang when they are taken twice on a thread', () => {
    const booted = new Booted();
    const lock = memory(booted, 8);
    booted.run(function* () {
      yield* booted.export('KeAcquireSpinLockRaiseToDpc', lock);
      yield* booted.export('KeAcquireSpinLockAtDpcLevel', lock);
    });
    expect(booted.kernel.recorder.crossings.some(({ ddi }) => ddi === 'Hang')).to.equal(true);
  });

  it('hold calls to the IRQL of their documentation', () => {
    const booted = new Booted();
    booted.run(() => booted.export('ZwClose', 4), 2);
    expect(booted.bugcheck.code).to.equal('0xA');
    expect(booted.bugcheck.message).to.include('ZwClose was called at IRQL 2');
  });

  it('count rundown references', () => {
    const booted = new Booted();
    const reference = memory(booted, 8);
    const results: (bigint | string)[] = [];
    booted.run(function* () {
      yield* booted.export('ExInitializeRundownProtection', reference);
      results.push(yield* booted.export('ExAcquireRundownProtection', reference));
    });
    booted.run(function* () {
      yield* booted.export('ExWaitForRundownProtectionRelease', reference);
      results.push('over');
    });
    booted.run(function* () {
      results.push(yield* booted.export('ExAcquireRundownProtection', reference));
      yield* booted.export('ExReleaseRundownProtection', reference);
    });
    expect(results).to.deep.equal([1n, 0n, 'over']);
  });

  it('count several rundown references at once, all or none', () => {
    const booted = new Booted();
    const reference = memory(booted, 8);
    const results: (bigint | string)[] = [];
    booted.run(function* () {
      yield* booted.export('ExInitializeRundownProtection', reference);
      results.push(yield* booted.export('ExAcquireRundownProtectionEx', reference, 3));
    });
    booted.run(function* () {
      yield* booted.export('ExWaitForRundownProtectionRelease', reference);
      results.push('over');
    });
    booted.run(function* () {
      results.push(yield* booted.export('ExAcquireRundownProtectionEx', reference, 2));
      yield* booted.export('ExReleaseRundownProtectionEx', reference, 2);
      results.push('one left');
      yield* booted.export('ExReleaseRundownProtectionEx', reference, 1);
    });
    expect(results).to.deep.equal([1n, 0n, 'one left', 'over']);
  });

  it('let readers share a resource and writers have it alone', () => {
    const booted = new Booted();
    const lock = memory(booted, 8);
    const order: string[] = [];
    booted.run(function* () {
      yield* booted.export('ExAcquirePushLockSharedEx', lock, 0);
      order.push('shared');
    });
    booted.run(function* () {
      yield* booted.export('ExAcquirePushLockSharedEx', lock, 0);
      order.push('shared');
      yield* booted.export('ExReleasePushLockSharedEx', lock, 0);
    });
    booted.run(function* () {
      yield* booted.export('ExAcquirePushLockExclusiveEx', lock, 0);
      order.push('exclusive');
    });
    expect(order).to.deep.equal(['shared', 'shared']);
  });
});

describe('Waits', () => {
  it('end when the event is set, and a synchronisation event wakes one of them', () => {
    const booted = new Booted();
    const event = memory(booted, 0x18);
    const woken: number[] = [];
    booted.run(() => booted.export('KeInitializeEvent', event, SYNCHRONIZATION, 0));
    for (const number of [1, 2]) {
      booted.run(function* () {
        yield* booted.export('KeWaitForSingleObject', event, 0, 0, 0, 0);
        woken.push(number);
      });
    }
    expect(woken).to.deep.equal([]);
    booted.run(() => booted.export('KeSetEvent', event, 0, 0));
    expect(woken).to.deep.equal([1]);
  });

  it('end when their time is up, on virtual time', () => {
    const booted = new Booted();
    const event = memory(booted, 0x18);
    const timeout = memory(booted, 8);
    booted.guest.memory.setU64(booted.guest.offset(timeout), BigInt.asUintN(64, -50_000n));
    const result = booted.run(function* () {
      yield* booted.export('KeInitializeEvent', event, NOTIFICATION, 0);
      return yield* booted.export('KeWaitForSingleObject', event, 0, 0, 0, timeout);
    });
    expect([result, booted.kernel.now]).to.deep.equal([TIMEOUT, 5]);
  });

  it('may not wait at DISPATCH_LEVEL', () => {
    const booted = new Booted();
    const event = memory(booted, 0x18);
    booted.run(() => booted.export('KeInitializeEvent', event, NOTIFICATION, 0));
    booted.run(() => booted.export('KeWaitForSingleObject', event, 0, 0, 0, 0), 2);
    expect(booted.bugcheck.code).to.equal('0xA');
  });

  for (const name of ['KeWaitForSingleObject', 'KeDelayExecutionThread']) {
    it(`may not be in a DPC: ${name}`, () => {
      // sub rsp, 38h; xor eax, eax; mov [rsp+20h], rax; mov rcx, rdx; xor edx, edx; xor r8, r8; xor r9, r9; mov rax, address; call rax
      const booted = new Booted();
      const [dpc, argument, interval] = [memory(booted, 0x40), memory(booted, 0x18), memory(booted, 8)];
      const { guest } = booted;
      guest.memory.setU64(guest.offset(interval), -10_000n);
      const target = guest.imports.resolve('ntoskrnl.exe', name) ?? 0n;
      const code = Buffer.alloc(0x40);
      Buffer.from('4883ec3831c04889442420', 'hex').copy(code);
      const isWait = name === 'KeWaitForSingleObject';
      Buffer.from(isWait ? '4889d131d24d31c04d31c9' : '4989d031c931d24d31c9', 'hex').copy(code, 11);
      Buffer.from('48b8', 'hex').copy(code, 22);
      code.writeBigUInt64LE(target, 24);
      Buffer.from('ffd04883c438c3', 'hex').copy(code, 32);
      if (!isWait) code.writeUInt8(0x90, 21);
      const routine = guest.allocate(0x40);
      guest.memory.write(routine, code);
      guest.memory.protect(routine, 0x40, { read: true, write: false, execute: true });
      booted.run(function* () {
        yield* booted.export('KeInitializeEvent', argument, NOTIFICATION, 0);
        yield* booted.export('KeInitializeDpc', dpc, guest.address(routine), isWait ? argument : interval);
        yield* booted.export('KeInsertQueueDpc', dpc, 0, 0);
      });
      expect(booted.bugcheck.code).to.equal('0xB8');
    });
  }

  it('for a thread of the driver end with it', () => {
    // mov rax, rcx … the thread returns at once
    const booted = new Booted({ code: { [CODE]: [0xc3] } });
    const handle = memory(booted, 8);
    const object = memory(booted, 8);
    const { guest } = booted;
    const result = booted.run(function* () {
      yield* booted.export('PsCreateSystemThread', handle, 0, 0, 0, 0, booted.at(CODE), 0);
      const value = guest.memory.u64(guest.offset(handle));
      yield* booted.export('ObReferenceObjectByHandle', value, 0, 0, 0, object, 0);
      return yield* booted.export('KeWaitForSingleObject', guest.memory.u64(guest.offset(object)), 0, 0, 0, 0);
    });
    expect(result).to.equal(0n);
  });
});

describe('What is put off', () => {
  // mov byte [rdx], 1; ret — a DPC and a work item have their context in rdx
  const mark = { [CODE]: [0xc6, 0x02, 0x01, 0xc3] };

  it('runs by a DPC of a timer once it is due', () => {
    const booted = new Booted({ code: mark });
    const [dpc, timer, flag] = [memory(booted, 0x40), memory(booted, 0x40), memory(booted, 1)];
    booted.run(function* () {
      yield* booted.export('KeInitializeDpc', dpc, booted.at(CODE), flag);
      yield* booted.export('KeInitializeTimer', timer);
      yield* booted.export('KeSetTimer', timer, BigInt.asUintN(64, -100_000n), dpc);
    });
    const ran = () => booted.guest.memory.u8(booted.guest.offset(flag));
    booted.kernel.advance(9);
    expect(ran()).to.equal(0);
    booted.kernel.advance(1);
    expect(ran()).to.equal(1);
  });

  it('runs by a work item, which may not be freed while it is queued', () => {
    const booted = new Booted({ code: mark });
    const flag = memory(booted, 1);
    let item = 0n;
    booted.run(function* () {
      item = yield* booted.export('IoAllocateWorkItem', 0);
      yield* booted.export('IoQueueWorkItem', item, booted.at(CODE), 1, flag);
    });
    expect(booted.guest.memory.u8(booted.guest.offset(flag))).to.equal(1);
    booted.run(function* () {
      yield* booted.export('IoQueueWorkItem', item, booted.at(CODE), 1, flag);
      yield* booted.export('IoFreeWorkItem', item);
    });
    expect(booted.bugcheck.code).to.equal('0xE4');
  });
});

describe('Strings, lists and numbers', () => {
  it('are printed as DbgPrint prints them', () => {
    const booted = new Booted();
    const text = booted.guest.address(newUnicodeString(booted.guest, 'wide'));
    booted.run(() =>
      booted.export(
        'DbgPrint',
        narrow(booted, '%wZ|%5d|%-4x|%08X|%s|%ws|%I64u|%%'),
        text,
        0xffff_fffen,
        0xab,
        0xbeef,
        narrow(booted, 'n'),
        wide(booted, 'w'),
        1n << 40n,
      ),
    );
    expect(booted.guest.part(DebugOutput).lines).to.deep.equal(['wide|   -2|ab  |0000BEEF|n|w|1099511627776|%']);
  });

  it('are appended only where there is room', () => {
    const booted = new Booted();
    const { guest } = booted;
    const string = guest.allocate(0x10);
    const buffer = guest.allocate(12);
    guest.memory.setU16(string + 2, 12);
    guest.memory.setU64(string + 8, guest.address(buffer));
    const results = booted.run(function* () {
      const first = yield* booted.export('RtlAppendUnicodeToString', guest.address(string), wide(booted, 'abcd'));
      const second = yield* booted.export('RtlAppendUnicodeToString', guest.address(string), wide(booted, 'efg'));
      return [first, second];
    });
    expect(results).to.deep.equal([0n, 0xc000_0023n]);
    expect(readUnicodeString(guest, string)).to.equal('abcd');
  });

  it('are compared with and without regard to case, also those of bytes', () => {
    const booted = new Booted();
    const counted = (text: string): bigint => {
      const at = memory(booted, 16);
      const offset = booted.guest.memory.offsetOf(at) ?? 0;
      booted.guest.memory.setU16(offset, text.length);
      booted.guest.memory.setU16(offset + 2, text.length);
      booted.guest.memory.setU64(offset + 8, narrow(booted, text));
      return at;
    };
    const [upper, lower, longer] = [counted('OpenPacket'), counted('openpacket'), counted('OpenPacket0')];
    const seen = booted.run(function* () {
      return [
        yield* booted.export('RtlEqualString', upper, lower, 0),
        yield* booted.export('RtlEqualString', upper, lower, 1),
        yield* booted.export('RtlEqualString', upper, longer, 1),
        BigInt.asIntN(32, yield* booted.export('RtlCompareString', upper, longer, 0)),
      ];
    });
    expect(seen).to.deep.equal([0n, 1n, 0n, -1n]);
  });

  it('go into lists at both ends and come out in order', () => {
    const booted = new Booted();
    const { guest } = booted;
    const [head, lock] = [memory(booted, 16), memory(booted, 8)];
    const entries = [memory(booted, 16), memory(booted, 16)];
    guest.memory.setU64(guest.offset(head), head);
    guest.memory.setU64(guest.offset(head) + 8, head);
    const order = booted.run(function* () {
      yield* booted.export('ExInterlockedInsertTailList', head, entries[0] ?? 0n, lock);
      yield* booted.export('ExInterlockedInsertHeadList', head, entries[1] ?? 0n, lock);
      const out = [];
      for (let index = 0; index < 3; index += 1)
        out.push(yield* booted.export('ExInterlockedRemoveHeadList', head, lock));
      return out;
    });
    expect(order).to.deep.equal([entries[1], entries[0], 0n]);
  });

  it('are read from the registry with the protocol of buffers too small', () => {
    const booted = new Booted();
    const { guest } = booted;
    const path = '\\Registry\\Machine\\System\\Test';
    guest.part(Registry).set(path, { name: 'Value', type: 4, data: Uint8Array.of(7, 0, 0, 0) });
    const attributes = guest.allocate(0x30);
    guest.memory.setU64(attributes + 0x10, guest.address(newUnicodeString(guest, path.toUpperCase())));
    const [handle, needed, buffer] = [memory(booted, 8), memory(booted, 4), memory(booted, 32)];
    const name = guest.address(newUnicodeString(guest, 'value'));
    const results = booted.run(function* () {
      const opened = yield* booted.export('ZwOpenKey', handle, 0, guest.address(attributes));
      const key = guest.memory.u64(guest.offset(handle));
      const statuses = [opened];
      for (const room of [4, 12, 32]) {
        statuses.push(yield* booted.export('ZwQueryValueKey', key, name, 2, buffer, room, needed));
      }
      return statuses;
    });
    expect(results).to.deep.equal([0n, 0xc000_0023n, 0x8000_0005n, 0n]);
    expect(guest.memory.u32(guest.offset(buffer) + 12)).to.equal(7);
    expect(guest.memory.u32(guest.offset(needed))).to.equal(16);
  });
});
