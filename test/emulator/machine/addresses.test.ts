import { expect } from 'chai';
import { MDL } from '../../../adapters/emulator/machine/io/layouts';
import type { Call } from '../../../src/kernel';
import { Booted, CODE } from './booted';

const SHARED = 0xffff_f780_0000_0000n;
/** mov rax, [rcx]; ret */
const LOAD = { [CODE]: [0x48, 0x8b, 0x01, 0xc3] };

describe('The page of the system that everybody reads', () => {
  const load = (booted: Booted, field: bigint) => booted.call(CODE, SHARED + field) ?? 0n;

  it('tells the clocks that the exports tell', () => {
    const booted = new Booted({ code: LOAD });
    const at = booted.guest.allocate(8);
    const told = (name: string) => {
      booted.run(() => booted.export(name, booted.guest.address(at)));
      return booted.guest.memory.u64(at);
    };
    for (const milliseconds of [0, 1000]) {
      booted.kernel.advance(milliseconds);
      expect(load(booted, 0x14n)).to.equal(told('KeQuerySystemTime'));
      expect(load(booted, 0x320n)).to.equal(told('KeQueryTickCount'));
      expect(load(booted, 0x08n)).to.equal(booted.run(() => booted.export('KeQueryInterruptTime')));
    }
    expect(load(booted, 0x08n)).to.equal(10_000_000n);
  });

  it('is read-only', () => {
    // mov [rcx], al; ret
    const booted = new Booted({ code: { [CODE]: [0x88, 0x01, 0xc3] } });
    booted.call(CODE, SHARED);
    expect(booted.bugcheck.code).to.equal('0xBE');
  });
});

describe('Memory of applications', () => {
  /** Runs a body as an application's thread does in a request. */
  const inRequest = <T>(booted: Booted, body: () => Call<T>, irql = 0): T | undefined => {
    let result: T | undefined;
    const { kernel } = booted;
    kernel.spawn(
      'application',
      (function* () {
        kernel.thread.frames.push({ ddi: 'IRP_MJ_WRITE' });
        result = yield* body();
      })(),
      irql,
    );
    kernel.settle();
    return result;
  };

  it('has addresses of the user half, which lead there in requests only', () => {
    const booted = new Booted({ code: LOAD });
    const { guest } = booted;
    const buffer = guest.user.allocate(16);
    expect(buffer < 0x8000_0000_0000n).to.equal(true);
    guest.memory.setU64(guest.memory.offsetOf(buffer) ?? 0, 7n);
    expect(inRequest(booted, () => guest.call(booted.at(CODE), buffer))).to.equal(7n);
    booted.call(CODE, buffer);
    expect(booted.bugcheck.code).to.equal('0x7E');
  });

  it('is not touched at DISPATCH_LEVEL', () => {
    const booted = new Booted({ code: LOAD });
    const buffer = booted.guest.user.allocate(16);
    inRequest(booted, () => booted.guest.call(booted.at(CODE), buffer), 2);
    expect(booted.bugcheck.code).to.equal('0xD1');
  });

  it('is seen at an address of the system once it is locked', () => {
    const booted = new Booted({ code: LOAD });
    const { guest } = booted;
    const buffer = guest.user.allocate(16);
    guest.memory.setU64(guest.memory.offsetOf(buffer) ?? 0, 9n);
    const mapped = inRequest(booted, function* () {
      const mdl = yield* booted.export('IoAllocateMdl', buffer, 16, 0, 0, 0);
      yield* booted.export('MmProbeAndLockPages', mdl, 1, 0);
      expect(guest.memory.u64(guest.offset(mdl) + MDL.startVa)).to.equal(buffer & ~0xfffn);
      return yield* booted.export('MmMapLockedPagesSpecifyCache', mdl, 0, 1, 0, 0, 0x10);
    });
    expect(booted.run(() => guest.call(booted.at(CODE), mapped ?? 0n), 2)).to.equal(9n);
  });

  for (const [what, name, args] of [
    ['an address of the system', 'ProbeForRead', [0xffff_a000_0010_0000n, 8n, 1n]],
    ['what ends beyond the user half', 'ProbeForRead', [0x7fff_fffe_fff8n, 16n, 1n]],
    ['a misaligned one', 'ProbeForRead', [0x200_0000_0001n, 8n, 8n]],
    ['what is not there, for writing', 'ProbeForWrite', [0x1_0000n, 8n, 1n]],
  ] as const) {
    it(`is not ${what}`, () => {
      const booted = new Booted();
      inRequest(booted, () => booted.export(name, ...args));
      expect(booted.bugcheck.parameters[0]).to.equal(what === 'a misaligned one' ? '0x80000002' : '0xC0000005');
    });
  }

  it('that is not there is found out when it is read, not when it is probed', () => {
    const booted = new Booted();
    inRequest(booted, () => booted.export('ProbeForRead', 0x1_0000n, 8, 1));
    expect(booted.kernel.bugcheck).to.equal(undefined);
  });
});
