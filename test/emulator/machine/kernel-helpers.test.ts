import { expect } from 'chai';
import { KERNEL_MODULES, Registry, STATUS } from '../../../adapters/emulator/machine';
import { utf16 } from '../../../adapters/emulator/machine/text';
import { CODE } from './booted';
import { Caller } from './caller';

const SERVICE = '\\Registry\\Machine\\System\\CurrentControlSet\\Services\\little';
const DISPATCH = 2;

describe('Extended features of the processor', () => {
  it('are none, whatever a driver asks for', () => {
    expect(new Caller().do('RtlGetEnabledExtendedFeatures', (1n << 64n) - 1n)).to.equal(0n);
  });
});

describe('Locks that may be taken in more ways than one', () => {
  it('a mutex may be taken again by the thread that has it, and given back by nobody else', () => {
    const caller = new Caller();
    const mutex = caller.space(0x38);
    caller.do('KeInitializeMutex', mutex, 0);
    const states = caller.run(function* () {
      yield* caller.export('KeWaitForSingleObject', mutex, 0, 0, 0, 0);
      yield* caller.export('KeWaitForSingleObject', mutex, 0, 0, 0, 0);
      const inside = yield* caller.export('KeReadStateMutex', mutex);
      yield* caller.export('KeReleaseMutex', mutex, 0);
      yield* caller.export('KeReleaseMutex', mutex, 0);
      return [BigInt.asIntN(32, inside), yield* caller.export('KeReadStateMutex', mutex)];
    });
    expect(states).to.deep.equal([-1n, 1n]);
    caller.run(() => caller.export('KeReleaseMutex', mutex, 0));
    expect(caller.bugcheck.message).to.match(/C0000046|0x1E|0x7E/i);
  });

  it('readers share a spin lock, and the only one of them may become the writer', () => {
    const caller = new Caller();
    const lock = caller.space(8);
    const seen = caller.run(function* () {
      const irql = yield* caller.export('ExAcquireSpinLockShared', lock);
      const level = caller.kernel.thread.irql;
      yield* caller.export('ExAcquireSpinLockSharedAtDpcLevel', lock);
      const withTwo = yield* caller.export('ExTryConvertSharedSpinLockExclusive', lock);
      yield* caller.export('ExReleaseSpinLockSharedFromDpcLevel', lock);
      const alone = yield* caller.export('ExTryConvertSharedSpinLockExclusive', lock);
      const other = yield* caller.export('ExTryAcquireSpinLockSharedAtDpcLevel', lock);
      yield* caller.export('ExReleaseSpinLockExclusive', lock, irql);
      return [level, withTwo, alone, other, caller.kernel.thread.irql];
    });
    expect(seen).to.deep.equal([DISPATCH, 0n, 1n, 0n, 0]);
    caller.run(() => caller.export('ExReleaseSpinLockExclusive', lock, 0));
    expect(caller.bugcheck.code).to.equal('0x10');
  });

  it('run-down protection is the same when it is aware of caches', () => {
    const caller = new Caller();
    const reference = caller.do('ExAllocateCacheAwareRundownProtection', 0, 0x1234);
    expect(caller.do('ExAcquireRundownProtectionCacheAware', reference)).to.equal(1n);
    caller.do('ExReleaseRundownProtectionCacheAware', reference);
    caller.do('ExWaitForRundownProtectionReleaseCacheAware', reference);
    expect(caller.do('ExAcquireRundownProtectionCacheAwareEx', reference, 2)).to.equal(0n);
    caller.do('ExFreeCacheAwareRundownProtection', reference);
  });

  it('guarded and fast mutexes are tried without waiting', () => {
    const caller = new Caller();
    const mutex = caller.space(0x38);
    caller.do('KeInitializeGuardedMutex', mutex);
    expect([
      caller.do('KeTryToAcquireGuardedMutex', mutex),
      caller.do('KeTryToAcquireGuardedMutex', mutex),
    ]).to.deep.equal([1n, 0n]);
  });

  it('a DPC that is taken out of the queue does not run', () => {
    // mov dword [rdx], 1; ret: the context is written
    const caller = new Caller({ code: { [CODE]: [0xc7, 0x02, 0x01, 0, 0, 0, 0xc3] } });
    const [dpc, flag] = [caller.space(0x40), caller.space(4)];
    const removed = caller.run(function* () {
      yield* caller.export('KeInitializeDpc', dpc, caller.at(CODE), flag);
      yield* caller.export('KeInsertQueueDpc', dpc, 0, 0);
      return yield* caller.export('KeRemoveQueueDpc', dpc);
    }, DISPATCH);
    expect([removed, caller.u32(flag)]).to.deep.equal([1n, 0]);
  });
});

describe('What belongs to the driver object', () => {
  it('extensions are found by the address that names them, once each', () => {
    const caller = new Caller();
    const out = caller.space(8);
    expect(caller.do('IoAllocateDriverObjectExtension', 0, 0x77, 24, out)).to.equal(0n);
    expect(caller.do('IoGetDriverObjectExtension', 0, 0x77)).to.equal(caller.u64(out));
    expect(caller.do('IoAllocateDriverObjectExtension', 0, 0x77, 24, out)).to.equal(
      BigInt(STATUS.OBJECT_NAME_COLLISION),
    );
    expect(caller.do('IoGetDriverObjectExtension', 0, 0x78)).to.equal(0n);
  });

  it('packets of the error log are as long as the log takes, and gone when they are written', () => {
    const caller = new Caller();
    expect(caller.do('IoAllocateErrorLogEntry', 0, 0xff)).to.equal(0n);
    const packet = caller.do('IoAllocateErrorLogEntry', 0, 0x30);
    caller.do('IoWriteErrorLogEntry', packet);
    expect(() => caller.do('IoFreeErrorLogEntry', packet)).to.throw();
  });
});

describe('The registry by tables', () => {
  /** One entry, and the one that ends the table. */
  function table(caller: Caller, entry: Readonly<Record<number, bigint>>): bigint {
    const at = caller.space(2 * 0x38);
    for (const [member, value] of Object.entries(entry)) caller.put(at, Number(member), value);
    return at;
  }

  it('puts values where the table says, or their defaults', () => {
    const caller = new Caller();
    caller.guest.part(Registry).set(SERVICE, { name: 'Limit', type: 4, data: Uint8Array.of(5, 0, 0, 0) });
    caller.guest.part(Registry).set(SERVICE, { name: 'Name', type: 1, data: utf16('eth', true) });
    const number = caller.space(4);
    const limit = table(caller, { 8: 0x20n, 16: caller.wide('Limit'), 24: number });
    expect(caller.do('RtlQueryRegistryValues', 1, caller.wide('little'), limit, 0, 0)).to.equal(0n);
    expect(caller.u32(number)).to.equal(5);
    const text = caller.space(0x10);
    caller.do(
      'RtlQueryRegistryValues',
      0,
      caller.wide(SERVICE),
      table(caller, { 8: 0x20n, 16: caller.wide('Name'), 24: text }),
      0,
      0,
    );
    expect(caller.text(text)).to.equal('eth');
    const fallback = caller.bytes(Uint8Array.of(9, 0, 0, 0));
    const missing = { 8: 0x20n, 16: caller.wide('None'), 24: number, 32: 4n, 40: fallback, 48: 4n };
    expect(caller.do('RtlQueryRegistryValues', 1, caller.wide('little'), table(caller, missing), 0, 0)).to.equal(0n);
    expect(caller.u32(number)).to.equal(9);
    const required = table(caller, { 8: 0x24n, 16: caller.wide('None'), 24: number });
    expect(caller.do('RtlQueryRegistryValues', 1, caller.wide('little'), required, 0, 0)).to.equal(
      BigInt(STATUS.OBJECT_NAME_NOT_FOUND),
    );
  });

  it("tells the driver's own routine each text of a list", () => {
    // mov rax, [rsp+0x28] (context); inc dword [rax]; xor eax, eax; ret
    const caller = new Caller({ code: { [CODE]: [0x48, 0x8b, 0x44, 0x24, 0x28, 0xff, 0x00, 0x31, 0xc0, 0xc3] } });
    caller.guest.part(Registry).set(SERVICE, { name: 'List', type: 7, data: utf16('a\0b\0c\0', true) });
    const count = caller.space(4);
    const entry = table(caller, { 0: caller.at(CODE), 16: caller.wide('List') });
    expect(caller.do('RtlQueryRegistryValues', 1, caller.wide('little'), entry, count, 0)).to.equal(0n);
    expect(caller.u32(count)).to.equal(3);
  });

  it('writes, deletes and makes', () => {
    const caller = new Caller();
    const key = caller.wide('little\\New');
    expect(caller.do('RtlCreateRegistryKey', 1, key)).to.equal(0n);
    const data = caller.bytes(Uint8Array.of(1, 0, 0, 0));
    expect(caller.do('RtlWriteRegistryValue', 1, key, caller.wide('One'), 4, data, 4)).to.equal(0n);
    expect(caller.guest.part(Registry).find(`${SERVICE}\\New`)?.values.get('one')?.type).to.equal(4);
    expect(caller.do('RtlDeleteRegistryValue', 1, key, caller.wide('One'))).to.equal(0n);
    expect(caller.do('RtlDeleteRegistryValue', 1, key, caller.wide('One'))).not.to.equal(0n);
  });
});

describe('Counted strings', () => {
  it('are folded, hashed, copied and compared', () => {
    const caller = new Caller();
    const out = caller.space(0x10);
    caller.do('RtlUpcaseUnicodeString', out, caller.counted('aBß'), 1);
    expect(caller.text(out)).to.equal('ABß');
    caller.do('RtlHashUnicodeString', caller.counted('ab'), 1, 0, out);
    const upper = caller.u32(out);
    caller.do('RtlHashUnicodeString', caller.counted('AB'), 0, 0, out);
    expect(caller.u32(out)).to.equal(upper);
    caller.do('RtlDuplicateUnicodeString', 1, caller.counted('copy'), out);
    expect(caller.text(out)).to.equal('copy');
    expect(caller.do('RtlCompareUnicodeStrings', caller.wide('ABC'), 2, caller.wide('abx'), 2, 1)).to.equal(0n);
  });

  it('are GUIDs and numbers', () => {
    const caller = new Caller();
    const out = caller.space(0x10);
    const guid = Buffer.from('67452301ab89efcd0011223344556677', 'hex');
    caller.do('RtlStringFromGUID', caller.bytes(guid), out);
    expect(caller.text(out)).to.equal('{01234567-89AB-CDEF-0011-223344556677}');
    caller.do('RtlCharToInteger', caller.narrow('0x1f'), 0, out);
    expect(caller.u32(out)).to.equal(31);
  });

  it('change their encoding', () => {
    const caller = new Caller();
    const [out, length] = [caller.space(16), caller.space(4)];
    caller.do('RtlUnicodeToUTF8N', out, 16, length, caller.bytes(utf16('ä')), 2);
    expect([caller.u32(length), caller.u32(out) & 0xffff]).to.deep.equal([2, 0xa4c3]);
    expect(caller.do('RtlUTF8ToUnicodeN', out, 2, length, caller.narrow('ab'), 2)).to.equal(
      BigInt(STATUS.BUFFER_TOO_SMALL),
    );
  });
});

describe('Events by handle', () => {
  it('are set, reset and waited for', () => {
    const caller = new Caller();
    const [out, timeout, before] = [caller.space(8), caller.space(8), caller.space(4)];
    caller.do('ZwCreateEvent', out, 0, 0, 0, 0);
    const event = caller.u64(out);
    expect(caller.do('ZwWaitForSingleObject', event, 0, timeout)).to.equal(BigInt(STATUS.TIMEOUT));
    caller.do('ZwSetEvent', event, 0);
    expect(caller.do('ZwWaitForSingleObject', event, 0, timeout)).to.equal(0n);
    caller.do('ZwResetEvent', event, before);
    expect(caller.u32(before)).to.equal(1);
    expect(caller.do('ZwSetEvent', 4, 0)).to.equal(BigInt(STATUS.INVALID_HANDLE));
  });
});

describe('Ordered tables', () => {
  it('are kept by the routines of the driver', () => {
    const compare = CODE;
    const [allocate, free] = [CODE + 0x20, CODE + 0x40];
    const caller = new Caller({
      code: {
        // mov ecx, [rdx]; cmp ecx, [r8]; mov eax, 2; je end; mov eax, 0; jb end; mov eax, 1; end: ret
        [compare]: [
          ...[0x8b, 0x0a, 0x41, 0x3b, 0x08, 0xb8, 2, 0, 0, 0, 0x74, 0x0c, 0xb8, 0, 0, 0, 0, 0x72, 0x05],
          ...[0xb8, 1, 0, 0, 0, 0xc3],
        ],
        // mov rax, [rcx+0x60] (the context); add qword [rcx+0x60], 0x40; ret
        [allocate]: [0x48, 0x8b, 0x41, 0x60, 0x48, 0x83, 0x41, 0x60, 0x40, 0xc3],
        [free]: [0xc3],
      },
    });
    const [table, out] = [caller.space(0x68), caller.space(8)];
    const routines = [compare, allocate, free].map((rva) => caller.at(rva));
    caller.do('RtlInitializeGenericTableAvl', table, ...routines, caller.space(0x400));
    const key = (value: number): bigint => caller.bytes(Uint8Array.of(value, 0, 0, 0));
    for (const value of [30, 10, 20]) caller.do('RtlInsertElementGenericTableAvl', table, key(value), 4, out);
    expect(caller.do('RtlNumberGenericTableElementsAvl', table)).to.equal(3n);
    const first = caller.do('RtlEnumerateGenericTableAvl', table, 1);
    const second = caller.do('RtlEnumerateGenericTableAvl', table, 0);
    expect([caller.u32(first), caller.u32(second)]).to.deep.equal([10, 20]);
    expect(caller.do('RtlLookupElementGenericTableAvl', table, key(20))).to.equal(second);
    expect(caller.do('RtlDeleteElementGenericTableAvl', table, key(10))).to.equal(1n);
    expect(caller.u32(caller.do('RtlGetElementGenericTableAvl', table, 0))).to.equal(20);
    expect(caller.do('RtlLookupElementGenericTableAvl', table, key(10))).to.equal(0n);
  });
});

describe('Pages and the calendar', () => {
  it('memory by pages is freed as it was taken', () => {
    const caller = new Caller();
    const mdl = caller.do('MmAllocatePagesForMdl', 0, 0, 0, 5000);
    expect(caller.u32(mdl, 0x28)).to.equal(5000);
    caller.do('MmFreePagesFromMdl', mdl);
    caller.do('ExFreePool', mdl);
    caller.do('MmFreeContiguousMemory', caller.do('MmAllocateContiguousMemory', 100, 0));
    expect(caller.do('MmAllocateContiguousMemory', 0xffff_ffff_ffffn, 0)).to.equal(0n);
  });

  it('times are fields, and fields are times', () => {
    const caller = new Caller();
    const [time, fields] = [caller.space(8), caller.space(0x10)];
    caller.do('RtlSecondsSince1970ToTime', 86_399, time);
    caller.do('RtlTimeToTimeFields', time, fields);
    const words = [0, 2, 4, 6, 8, 10].map((member) => caller.u32(fields, member) & 0xffff);
    expect(words).to.deep.equal([1970, 1, 1, 23, 59, 59]);
    const back = caller.space(8);
    expect(caller.do('RtlTimeFieldsToTime', fields, back)).to.equal(1n);
    expect(caller.u64(back)).to.equal(caller.u64(time));
    // 29 February 2024, a Thursday
    caller.do('RtlSecondsSince1970ToTime', 1_709_164_800, back);
    caller.do('RtlTimeToTimeFields', back, fields);
    const leap = [0, 2, 4, 14].map((member) => caller.guest.memory.u16(caller.guest.offset(fields) + member));
    expect(leap).to.deep.equal([2024, 2, 29, 4]);
    caller.guest.memory.setU16(caller.guest.offset(fields) + 2, 13);
    expect(caller.do('RtlTimeFieldsToTime', fields, back)).to.equal(0n);
    expect([caller.do('RtlTimeToSecondsSince1970', time, back), caller.u32(back)]).to.deep.equal([1n, 86_399]);
  });
});

describe('What is always the same', () => {
  it('is exported once', () => {
    for (const { exports } of KERNEL_MODULES) {
      const names = exports.map(({ name }) => name);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
    }
  });

  it('is answered', () => {
    const caller = new Caller();
    const out = caller.space(8);
    expect(caller.do('PsSetLoadImageNotifyRoutine', 0x1000)).to.equal(0n);
    expect(caller.do('CmRegisterCallback', 0x1000, 0, out)).to.equal(0n);
    expect(caller.u64(out)).not.to.equal(0n);
    expect(caller.do('KeGetProcessorNumberFromIndex', 2, out)).to.equal(0n);
    expect(caller.do('KeGetProcessorIndexFromNumber', out)).to.equal(2n);
    expect(caller.do('PsLookupProcessByProcessId', 44, out)).to.equal(BigInt(STATUS.INVALID_CID));
  });
});
