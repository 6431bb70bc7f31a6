import { expect } from 'chai';
import { MODULES } from '../../../adapters/emulator/modules';
import { CODE, DATA, IMAGE_BASE } from './booted';
import { Caller } from './caller';

/** inc dword [rcx]; mov eax, [rcx]; ret */
const COUNT = [0xff, 0x01, 0x8b, 0x01, 0xc3];
/** mov rax, rcx; sub rsp, 28h; call [DATA]; add rsp, 28h; ret */
const RESERVE = [0x48, 0x89, 0xc8, 0x48, 0x83, 0xec, 0x28, 0xff, 0x15, 0xf3, 0x1f, 0, 0, 0x48, 0x83, 0xc4, 0x28, 0xc3];

describe('Security identifiers', () => {
  const administrators = (caller: Caller): bigint => {
    const [sid, authority] = [caller.space(16), caller.bytes(Uint8Array.of(0, 0, 0, 0, 0, 5))];
    expect(caller.do('RtlLengthRequiredSid', 2)).to.equal(16n);
    expect(caller.do('RtlInitializeSid', sid, authority, 2)).to.equal(0n);
    for (const [index, value] of [32n, 544n].entries()) {
      const at = caller.guest.offset(caller.do('RtlSubAuthoritySid', sid, index));
      caller.guest.memory.setU32(at, Number(value));
    }
    return sid;
  };

  it('are built, copied, compared and written', () => {
    const caller = new Caller();
    const sid = administrators(caller);
    const copy = caller.space(16);
    expect(caller.do('RtlCopySid', 8, copy, sid)).to.equal(0xc000_0023n);
    expect(caller.do('RtlCopySid', 16, copy, sid)).to.equal(0n);
    expect(caller.do('RtlEqualSid', copy, sid)).to.equal(1n);
    expect(caller.do('RtlValidSid', copy)).to.equal(1n);
    const text = caller.space(16);
    expect(caller.do('RtlConvertSidToUnicodeString', text, sid, 1)).to.equal(0n);
    expect(caller.text(text)).to.equal('S-1-5-32-544');
  });

  it('are found in access control lists by number', () => {
    const caller = new Caller();
    const [acl, out] = [caller.space(64), caller.space(8)];
    caller.do('RtlCreateAcl', acl, 64, 2);
    caller.do('RtlAddAccessAllowedAce', acl, 2, 7, administrators(caller));
    expect(caller.do('RtlGetAce', acl, 0, out)).to.equal(0n);
    expect(caller.u64(out)).to.equal(acl + 8n);
    expect(caller.do('RtlGetAce', acl, 1, out)).to.equal(0xc000_000dn);
  });
});

describe('Processes', () => {
  it('have a name and a path, which is freed by who asked', () => {
    const caller = new Caller();
    const out = caller.space(8);
    const process = caller.do('PsGetCurrentProcess');
    expect(caller.do('SeLocateProcessImageName', process, out)).to.equal(0n);
    expect(caller.text(caller.u64(out))).to.match(/\\app\.exe$/);
    caller.do('ExFreePool', caller.u64(out));
    expect(caller.guest.memory.u8(caller.guest.offset(caller.do('PsGetProcessImageFileName', process)))).to.equal(0x61);
    expect(caller.do('PsIsHostSilo', caller.do('PsGetCurrentServerSilo'))).to.equal(1n);
  });

  it('are not attached to from a DPC', () => {
    const caller = new Caller();
    caller.run(() => caller.export('KeStackAttachProcess', 1, 2), 2);
    expect(caller.bugcheck.code).to.equal('0xA');
  });

  it('are interrupted on all processors', () => {
    const caller = new Caller({ code: { [CODE]: COUNT } });
    const count = caller.space(4);
    expect(caller.do('KeIpiGenericCall', caller.at(CODE), count)).to.equal(32n);
    expect(caller.u32(count)).to.equal(32);
  });
});

describe('Changes of addresses and routes', () => {
  it('are told to who registers: that he has registered, and no more, as there are none', () => {
    const caller = new Caller({ code: { [CODE]: COUNT } });
    const [count, out] = [caller.space(4), caller.space(8)];
    expect(caller.do('NotifyUnicastIpAddressChange', 0, caller.at(CODE), count, 0, out)).to.equal(0n);
    expect(caller.u32(count)).to.equal(0);
    const first = caller.u64(out);
    expect(caller.do('NotifyRouteChange2', 2, caller.at(CODE), count, 1, out)).to.equal(0n);
    expect(caller.u32(count)).to.equal(1);
    expect(caller.u64(out)).to.not.equal(first);
    expect(caller.do('NotifyIpInterfaceChange', 1, caller.at(CODE), count, 1, out)).to.equal(0xc000_000dn);
    expect(caller.do('CancelMibChangeNotify2', first)).to.equal(0n);
    expect(caller.do('CancelMibChangeNotify2', first)).to.equal(0xc000_000dn);
  });
});

describe('Versions', () => {
  it('are compared under the conditions that were set', () => {
    const caller = new Caller();
    const info = caller.space(0x11c);
    const asks = (major: number): bigint => {
      caller.guest.memory.setU32(caller.guest.offset(info) + 4, major);
      const mask = caller.do('VerSetConditionMask', caller.do('VerSetConditionMask', 0, 2, 3), 1, 3);
      return caller.do('RtlVerifyVersionInfo', info, 3, mask);
    };
    expect(asks(6)).to.equal(0n);
    expect(asks(99)).to.equal(0xc000_0059n);
  });

  it('of ids are random ones, each another', () => {
    const caller = new Caller();
    const [a, b] = [caller.space(16), caller.space(16)];
    expect([caller.do('ExUuidCreate', a), caller.do('ExUuidCreate', b)]).to.deep.equal([0n, 0n]);
    expect(caller.u64(a)).to.not.equal(caller.u64(b));
  });
});

describe('Large frames on the stack', () => {
  const imports = [{ module: 'ntoskrnl.exe', name: '__chkstk', slot: DATA }];

  it('are taken while there is room', () => {
    const caller = new Caller({ code: { [CODE]: RESERVE }, imports });
    expect(caller.run(() => caller.guest.call(caller.guest.address(IMAGE_BASE + CODE), 0x2000n))).to.equal(0x2000n);
    caller.run(() => caller.guest.call(caller.guest.address(IMAGE_BASE + CODE), 0x8000n));
    expect(caller.bugcheck.code).to.equal('0x7F');
  });
});

describe('Resources', () => {
  it('are shared by who had them alone', () => {
    const caller = new Caller();
    const resource = caller.space(0x68);
    caller.run(function* () {
      yield* caller.export('ExInitializeResourceLite', resource);
      yield* caller.export('ExAcquireResourceExclusiveLite', resource, 1);
      yield* caller.export('ExConvertExclusiveToSharedLite', resource);
    });
    expect(caller.do('ExAcquireResourceSharedLite', resource, 0)).to.equal(1n);
    expect(caller.do('ExAcquireResourceExclusiveLite', resource, 0)).to.equal(0n);
  });
});

describe('Chains of MDLs', () => {
  it('are filled from a buffer and copied to one', () => {
    const caller = new Caller();
    const mdls = [4, 8].map((length) => {
      const mdl = caller.do('IoAllocateMdl', caller.space(length), length, 0, 0, 0);
      caller.do('MmBuildMdlForNonPagedPool', mdl);
      return mdl;
    });
    caller.put(mdls[0] ?? 0n, 0, mdls[1] ?? 0n);
    const [to, count] = [caller.space(16), caller.space(8)];
    const first = mdls[0] ?? 0n;
    expect(caller.do('RtlCopyBufferToMdl', caller.narrow('abcdef'), first, 2, 6, count)).to.equal(0n);
    expect(caller.do('RtlCopyMdlToBuffer', first, 3, to, 4, count)).to.equal(0n);
    expect([caller.u32(to), caller.u64(count)]).to.deep.equal([Buffer.from('bcde').readUInt32LE(), 4n]);
    expect(caller.do('RtlCopyMdlToBuffer', first, 10, to, 4, count)).to.equal(0xc000_0023n);
    expect(caller.u64(count)).to.equal(2n);
  });
});

describe('Drivers that are more than a filter', () => {
  it('register a protocol, whose options are asked for, and which nothing is bound to', () => {
    const caller = new Caller({ code: { [CODE]: [0x31, 0xc0, 0xc3] } });
    const [characteristics, out] = [caller.space(0x100), caller.space(8)];
    const at = caller.guest.offset(characteristics);
    const register = (): bigint => caller.do('NdisRegisterProtocolDriver', 7, characteristics, out);
    expect(register()).to.equal(0xc001_0005n);
    caller.guest.memory.setU8(at, 0x95);
    expect(register()).to.equal(0xc001_0004n);
    caller.guest.memory.setU8(at + 4, 6);
    caller.put(characteristics, 0x20, caller.at(CODE));
    expect(register()).to.equal(0n);
    expect(caller.u64(out)).to.not.equal(0n);
    caller.do('NdisDeregisterProtocolDriver', caller.u64(out));
  });
});

describe('Exports of NDIS for older drivers', () => {
  it('are those of the kernel: lists and strings', () => {
    const caller = new Caller();
    const [head, entry, lock] = [caller.space(16), caller.space(16), caller.space(8)];
    caller.put(head, 0, head);
    caller.put(head, 8, head);
    expect(caller.do('NdisInterlockedInsertTailList', head, entry, lock)).to.equal(0n);
    expect(caller.do('NdisInterlockedRemoveHeadList', head, lock)).to.equal(entry);
    const [narrow, wide] = [caller.space(16), caller.space(16)];
    caller.do('NdisInitAnsiString', narrow, caller.narrow('lwf'));
    caller.put(wide, 8, caller.space(16));
    caller.guest.memory.setU16(caller.guest.offset(wide) + 2, 16);
    expect(caller.do('NdisAnsiStringToUnicodeString', wide, narrow)).to.equal(0n);
    expect(caller.text(wide)).to.equal('lwf');
  });

  it('are timers in memory of their own, and work items', () => {
    // inc dword [rdx]; ret
    const caller = new Caller({ code: { [CODE]: [0xff, 0x02, 0xc3] } });
    const [timer, count, item, cancelled] = [caller.space(0x80), caller.space(4), caller.space(0x50), caller.space(1)];
    caller.do('NdisInitializeTimer', timer, caller.at(CODE), count);
    caller.do('NdisSetTimer', timer, 5);
    caller.kernel.advance(10);
    expect(caller.u32(count)).to.equal(1);
    caller.do('NdisCancelTimer', timer, cancelled);
    expect(caller.guest.memory.u8(caller.guest.offset(cancelled))).to.equal(0);
    caller.put(item, 0, count);
    caller.put(item, 8, caller.at(CODE));
    caller.do('NdisScheduleWorkItem', item);
    expect(caller.u32(count)).to.equal(2);
  });
});

describe('What images may import', () => {
  it('is named once in each module', () => {
    for (const { module, exports } of MODULES) {
      const names = exports.map(({ name }) => name);
      expect(
        names.filter((name, index) => names.indexOf(name) !== index),
        module,
      ).to.deep.equal([]);
    }
  });
});
