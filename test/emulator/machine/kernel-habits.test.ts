import { expect } from 'chai';
import { GuestDevices, Registry, STATUS } from '../../../adapters/emulator/machine';
import { DRIVER_OBJECT, MAJOR_FUNCTIONS, MDL, MDL_FLAGS } from '../../../adapters/emulator/machine/io/layouts';
import type { IrpMajor } from '../../../src/ndis';
import { CODE } from './booted';
import { Caller } from './caller';

const SERVICE = '\\Registry\\Machine\\System\\CurrentControlSet\\Services\\little';
const APC = 1;
const DISPATCH = 2;

describe('What correct drivers may do with the kernel', () => {
  it('map a part of a buffer of the application that is mapped already', () => {
    const caller = new Caller();
    const { guest } = caller;
    const user = guest.user.allocate(0x100);
    const whole = caller.do('IoAllocateMdl', user, 0x100, 0, 0, 0);
    const flags = guest.offset(whole) + MDL.flags;
    guest.memory.setU16(flags, guest.memory.u16(flags) | MDL_FLAGS.locked);
    const mapped = caller.do('MmMapLockedPagesSpecifyCache', whole, 0, 1, 0, 0, 0);
    const part = caller.do('IoAllocateMdl', user, 0x100, 0, 0, 0);
    caller.do('IoBuildPartialMdl', whole, part, user + 0x10n, 0x20);
    expect(caller.u64(part, MDL.mappedSystemVa)).to.equal(mapped + 0x10n);
    caller.do('IoBuildPartialMdl', whole, part, user, 0x100);
    expect(caller.u32(part, MDL.byteCount)).to.equal(0x100);
  });

  it('but no part that the MDL has no room for', () => {
    const caller = new Caller();
    const whole = caller.do('IoAllocateMdl', caller.space(0x3000), 0x3000, 0, 0, 0);
    const begin = caller.u64(whole, MDL.startVa) + BigInt(caller.u32(whole, MDL.byteOffset));
    const part = caller.do('IoAllocateMdl', begin, 0x10, 0, 0, 0);
    caller.run(() => caller.export('IoBuildPartialMdl', whole, part, begin, 0x3000));
    expect(caller.bugcheck.code).to.equal('0x40');
  });

  it('wait for DPCs that run on other processors', () => {
    // sub rsp, 28h; mov ecx, 1000; call [rip+…KeStallExecutionProcessor]; mov eax, 1 …: spins for a while, then marks.
    const slot = 0x3000;
    const code = [
      ...[0x53, 0x48, 0x83, 0xec, 0x20, 0x48, 0x89, 0xd3, 0xb9, 0xd0, 0x07, 0, 0, 0xff, 0x15],
      ...[(slot - (CODE + 19)) & 0xff, ((slot - (CODE + 19)) >> 8) & 0xff, 0, 0],
      ...[0xc7, 0x03, 0x01, 0, 0, 0, 0x48, 0x83, 0xc4, 0x20, 0x5b, 0xc3],
    ];
    const imports = [{ module: 'ntoskrnl.exe', name: 'KeStallExecutionProcessor', slot }];
    const caller = new Caller({ code: { [CODE]: code }, imports });
    const [dpc, mark] = [caller.space(0x40), caller.space(4)];
    const seen = caller.run(function* () {
      yield* caller.export('KeInitializeDpc', dpc, caller.at(CODE), mark);
      yield* caller.export('KeInsertQueueDpc', dpc, 0, 0);
      yield { point: 'test', ready: () => caller.kernel.now > 0, deadline: 1 };
      const before = caller.u32(mark);
      yield* caller.export('KeFlushQueuedDpcs');
      return [before, caller.u32(mark)];
    });
    expect(seen).to.deep.equal([0, 1]);
  });

  it('spin until it is late enough', () => {
    const caller = new Caller();
    const from = caller.space(8);
    const counts = caller.run(function* () {
      const first = yield* caller.export('KeQueryPerformanceCounter', 0);
      let last = first;
      for (let again = 0; again < 2_500; again += 1) {
        const next = yield* caller.export('KeQueryPerformanceCounter', 0);
        if (next <= last) return undefined;
        last = next;
      }
      yield* caller.export('KeStallExecutionProcessor', 600);
      yield* caller.export('KeStallExecutionProcessor', 600);
      yield* caller.export('KeQuerySystemTimePrecise', from);
      return Number(last - first);
    });
    expect(counts).to.be.greaterThan(20_000);
    expect(caller.kernel.now).to.equal(3);
  });

  it('sleep at APC_LEVEL', () => {
    const caller = new Caller();
    const due = caller.space(8);
    caller.put(due, 0, -50_000n);
    expect(caller.run(() => caller.export('KeDelayExecutionThread', 0, 0, due), APC)).to.equal(0n);
    expect(caller.kernel.now).to.equal(5);
  });

  it('catch what allocations with a quota raise, or have NULL instead', () => {
    const caller = new Caller();
    const huge = 0x7000_0000;
    expect(caller.do('ExAllocatePoolWithQuotaTag', 8, huge, 0x31)).to.equal(0n);
    expect(caller.do('ExAllocatePoolWithTag', 0, huge, 0x31)).to.equal(0n);
    caller.run(() => caller.export('ExAllocatePoolWithQuotaTag', 0, huge, 0x31));
    expect(caller.bugcheck.parameters[0]).to.equal('0xC000009A');
  });

  it('leave the extension of the driver object to the system', () => {
    const caller = new Caller();
    caller.do('IoAllocateDriverObjectExtension', 0, 0x77, 24, caller.space(8));
    expect(caller.kernel.pool.liveBlocks).to.deep.equal([]);
  });

  it('use a deleted device until the last handle on it is closed, and not longer', () => {
    // mov rax, [rcx+40h]; mov byte [rax], 1: touches the extension; then completes.
    const slot = 0x3000;
    const end = CODE + 7 + 11 + 7 + 3 + 6;
    const code = [
      ...[0x48, 0x8b, 0x41, 0x40, 0xc6, 0x00, 0x01],
      ...[0x53, 0x48, 0x83, 0xec, 0x20, 0x48, 0x89, 0xd3, 0x48, 0x89, 0xd1],
      ...[0xc7, 0x43, 0x30, 0, 0, 0, 0],
      ...[0x90, 0x90, 0x90],
      ...[0xff, 0x15, (slot - end) & 0xff, ((slot - end) >> 8) & 0xff, 0, 0],
      ...[0x31, 0xc0, 0x48, 0x83, 0xc4, 0x20, 0x5b, 0xc3],
    ];
    const imports = [{ module: 'ntoskrnl.exe', name: 'IofCompleteRequest', slot }];
    const caller = new Caller({ code: { [CODE]: code }, imports });
    const { guest, machine } = caller;
    const { driver } = guest.part(GuestDevices);
    for (const major of ['IRP_MJ_CREATE', 'IRP_MJ_CLEANUP', 'IRP_MJ_CLOSE'] as const satisfies readonly IrpMajor[]) {
      guest.memory.setU64(driver + DRIVER_OBJECT.majorFunction + 8 * MAJOR_FUNCTIONS[major], caller.at(CODE));
    }
    const out = caller.space(8);
    caller.do('IoCreateDevice', guest.address(driver), 16, caller.counted('\\Device\\Test'), 0x12, 0, 0, out);
    const device = caller.u64(out);
    const extension = caller.u64(device, 0x40);
    caller.kernel.spawn(
      'application',
      (function* () {
        const file = yield* machine.io.open('\\Device\\Test', '');
        if (typeof file === 'string') throw new Error(file);
        yield* caller.export('IoDeleteDevice', device);
        yield* machine.io.close(file);
      })(),
    );
    caller.kernel.settle();
    expect(caller.kernel.bugcheck?.message).to.equal(undefined);
    caller.run(() => caller.export('memset', extension, 0, 1));
    expect(caller.bugcheck.message).to.include('the extension of a device that has been deleted');
  });

  it('ask for versions and features as they are', () => {
    const caller = new Caller();
    const version = caller.space(0x11c);
    const ask = (major: number, minor: number, condition: bigint): number => {
      caller.put(version, 4, BigInt(major) | (BigInt(minor) << 32n));
      return Number(caller.do('RtlVerifyVersionInfo', version, 3, condition | (condition << 3n)));
    };
    expect(ask(6, 2, 3n)).to.equal(STATUS.SUCCESS);
    expect(ask(6, 2, 1n)).to.equal(STATUS.REVISION_MISMATCH);
    expect(ask(10, 0, 1n)).to.equal(STATUS.SUCCESS);
    expect(ask(11, 0, 3n)).to.equal(STATUS.REVISION_MISMATCH);
    expect([10, 17].map((feature) => caller.do('ExIsProcessorFeaturePresent', feature))).to.deep.equal([1n, 0n]);
  });

  it('are told what access they have', () => {
    const caller = new Caller();
    const out = caller.space(8);
    const status = out + 4n;
    caller.put(out, 0, -1n);
    expect(caller.do('SeAccessCheck', 0, 0, 0, 3, 4, 0, 0, 1, out, status)).to.equal(1n);
    expect([caller.u32(out), caller.u32(status)]).to.deep.equal([7, 0]);
  });
});

describe('What the kernel holds against a driver', () => {
  it('a work item that is queued after it was freed', () => {
    const caller = new Caller();
    const item = caller.do('IoAllocateWorkItem', 0);
    caller.do('IoFreeWorkItem', item);
    caller.run(() => caller.export('IoQueueWorkItem', item, caller.at(CODE), 1, 0));
    expect(caller.bugcheck.message).to.include('which had been freed');
  });

  it('a wait for more objects than there is room for', () => {
    const caller = new Caller();
    const event = caller.space(0x18);
    caller.do('KeInitializeEvent', event, 0, 1);
    const array = caller.space(32);
    [0, 8, 16, 24].forEach((at) => caller.put(array, at, event));
    expect(caller.do('KeWaitForMultipleObjects', 3, array, 1, 0, 0, 0, 0, 0)).to.equal(0n);
    expect(caller.do('KeWaitForMultipleObjects', 4, array, 1, 0, 0, 0, 0, caller.space(0x200))).to.equal(0n);
    caller.run(() => caller.export('KeWaitForMultipleObjects', 4, array, 1, 0, 0, 0, 0, 0));
    expect(caller.bugcheck.code).to.equal('0xC');
  });

  it('paged memory of a lookaside list at DISPATCH_LEVEL', () => {
    const caller = new Caller();
    const list = caller.space(0x80);
    caller.do('ExInitializeLookasideListEx', list, 0, 0, 1, 0, 0x20, 0x31, 0);
    caller.run(() => caller.export('ExAllocateFromLookasideListEx', list), DISPATCH);
    expect(caller.bugcheck.code).to.equal('0xC4');
  });

  it('the end of a thread that is not its own is refused', () => {
    const caller = new Caller();
    expect(caller.do('PsTerminateSystemThread', 0)).to.equal(BigInt(STATUS.INVALID_PARAMETER));
  });
});

describe('The registry', () => {
  it('tells of keys below in every form that is asked for', () => {
    const caller = new Caller();
    caller.guest.part(Registry).create(`${SERVICE}\\Instances\\One`);
    caller.guest
      .part(Registry)
      .set(`${SERVICE}\\Instances\\One`, { name: 'v', type: 4, data: Uint8Array.of(7, 0, 0, 0) });
    const [attributes, out, buffer, needed] = [0x30, 8, 0x100, 4].map((length) => caller.space(length)) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const open = (path: string): bigint => {
      caller.put(attributes, 0x10, caller.counted(path));
      expect(caller.do('ZwOpenKey', out, 0, attributes)).to.equal(0n);
      return caller.u64(out);
    };
    const above = open(`${SERVICE}\\Instances`);
    expect(caller.do('ZwEnumerateKey', above, 0, 1, buffer, 0x100, needed)).to.equal(0n);
    expect([caller.u32(buffer, 0x14), caller.u32(buffer, 0x18) & 0xffff]).to.deep.equal([6, 'O'.charCodeAt(0)]);
    expect(caller.do('ZwEnumerateKey', above, 0, 2, buffer, 0x100, needed)).to.equal(0n);
    expect(caller.u32(buffer, 0x20), 'values').to.equal(1);
    expect(caller.do('ZwEnumerateKey', above, 1, 0, buffer, 0x100, needed)).to.equal(BigInt(STATUS.NO_MORE_ENTRIES));
    const value = caller.counted('v');
    const one = open(`${SERVICE}\\Instances\\One`);
    expect(caller.do('ZwQueryValueKey', one, value, 4, buffer, 0x100, needed)).to.equal(0n);
    expect([0, 4, 8].map((member) => caller.u32(buffer, member))).to.deep.equal([4, 4, 7]);
    expect(caller.do('ZwQueryValueKey', one, value, 9, buffer, 0x100, needed)).to.equal(
      BigInt(STATUS.INVALID_PARAMETER),
    );
  });

  it('holds a table of values to the types that it asks for', () => {
    const caller = new Caller();
    caller.guest.part(Registry).set(SERVICE, { name: 'v', type: 1, data: Uint8Array.of(65, 0, 0, 0) });
    const table = caller.space(0x70);
    const value = caller.space(8);
    caller.put(table, 0x08, 0x120n);
    caller.put(table, 0x10, caller.wide('v'));
    caller.put(table, 0x18, value);
    caller.put(table, 0x20, 4n << 24n);
    const status = caller.do('RtlQueryRegistryValues', 1, caller.wide('little'), table, 0, 0);
    expect(status).to.equal(BigInt(STATUS.OBJECT_TYPE_MISMATCH));
  });
});
