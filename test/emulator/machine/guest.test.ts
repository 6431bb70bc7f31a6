import { expect } from 'chai';
import { GuestBugcheck, isModelled, KERNEL_MODULES } from '../../../adapters/emulator/machine';
import { KitError } from '../../../src/kernel';
import { Booted, CODE, DATA, IMAGE_BASE } from './booted';

const RET = 0xc3;

describe('A guest', () => {
  it('is called with arguments in registers and on the stack, and gives rax back', () => {
    // lea rax, [rcx+rdx]; add rax, r8; add rax, r9; add rax, [rsp+28h]; ret
    const sum = [0x48, 0x8d, 0x04, 0x11, 0x4c, 0x01, 0xc0, 0x4c, 0x01, 0xc8, 0x48, 0x03, 0x44, 0x24, 0x28, RET];
    expect(new Booted({ code: { [CODE]: sum } }).call(CODE, 1, 2, 4, 8, 16)).to.equal(31n);
  });

  it('enters functions with the stack aligned as the convention says', () => {
    // mov rax, rsp; and rax, 15; ret
    const code = [0x48, 0x89, 0xe0, 0x48, 0x83, 0xe0, 0x0f, RET];
    for (const count of [0, 4, 5, 6]) {
      const args = Array.from({ length: count }, () => 0);
      expect(new Booted({ code: { [CODE]: code } }).call(CODE, ...args)).to.equal(8n);
    }
  });

  it('finds the processor, the thread and itself through gs', () => {
    // mov rax, gs:[188h]; ret — mov rax, gs:[18h]; mov rax, [rax+188h]; ret — movzx eax, word gs:[184h]; ret
    const booted = new Booted({
      code: {
        [CODE]: [0x65, 0x48, 0x8b, 0x04, 0x25, 0x88, 1, 0, 0, RET],
        [CODE + 0x40]: [0x65, 0x48, 0x8b, 0x04, 0x25, 0x18, 0, 0, 0, 0x48, 0x8b, 0x80, 0x88, 1, 0, 0, RET],
        [CODE + 0x80]: [0x65, 0x0f, 0xb7, 0x04, 0x25, 0x84, 1, 0, 0, RET],
      },
    });
    const thread = booted.call(CODE);
    expect(thread).to.not.equal(0n);
    expect(booted.call(CODE + 0x40)).to.equal(thread);
    expect(booted.call(CODE + 0x80)).to.equal(0n);
  });

  it('raises and reads the IRQL through cr8', () => {
    // mov eax, 2; mov cr8, rax; mov rax, cr8; ret
    const code = [0xb8, 2, 0, 0, 0, 0x44, 0x0f, 0x22, 0xc0, 0x44, 0x0f, 0x20, 0xc0, RET];
    expect(new Booted({ code: { [CODE]: code } }).call(CODE)).to.equal(2n);
  });

  it('has a security cookie that is not the one of the compiler', () => {
    const { guest } = new Booted();
    const cookie = guest.memory.u64(IMAGE_BASE + DATA + 0x800);
    expect(cookie).to.not.equal(0n);
    expect(cookie).to.not.equal(0x2b99_2ddf_a232n);
    expect(cookie >> 48n).to.equal(0n);
  });

  it('says the name of an export that nobody modelled when it is called', () => {
    const booted = new Booted();
    const image = { ...booted.guest.image, imports: [{ module: 'ntoskrnl.exe', name: 'KeNever', slot: DATA }] };
    booted.guest.imports.link(image);
    const address = booted.guest.memory.u64(IMAGE_BASE + DATA);
    expect(() => booted.run(() => booted.guest.call(address))).to.throw(KitError, 'ntoskrnl.exe!KeNever');
  });

  it('is linked by API sets and by other names of the kernel, too', () => {
    const { guest } = new Booted();
    const names = ['ntoskrnl.exe', 'hal.dll', 'ntkrnlmp.exe', 'ext-ms-win-ntos-ke-l1-1-0.dll'];
    const addresses = names.map((module) => guest.imports.resolve(module, 'KeSetEvent'));
    expect(new Set(addresses).size).to.equal(1);
    expect(addresses[0]).to.not.equal(undefined);
    expect(guest.imports.resolve('ndis.sys', 'KeSetEvent')).to.equal(undefined);
    expect(isModelled(KERNEL_MODULES, 'api-ms-win-any-l1-1-0.dll', 'DbgPrint')).to.equal(true);
  });

  it('gives the variables of the system as addresses of pointers', () => {
    const { guest } = new Booted();
    const variable = guest.imports.resolve('ntoskrnl.exe', 'IoFileObjectType');
    expect(guest.memory.u64(guest.offset(variable ?? 0n))).to.not.equal(0n);
  });
});

describe('A fault of the guest', () => {
  it('of a NULL pointer stops the system with the instruction and the stack', () => {
    // mov rax, [rcx]; ret
    const booted = new Booted({ code: { [CODE]: [0x48, 0x8b, 0x01, RET] } });
    booted.call(CODE, 0);
    const { bugcheck } = booted;
    expect(bugcheck.code).to.equal('0x7E');
    expect(bugcheck.message).to.include('a NULL pointer was followed');
    expect(bugcheck).to.be.instanceOf(GuestBugcheck);
    if (bugcheck instanceof GuestBugcheck) {
      expect(bugcheck.details.instruction?.where).to.equal('little+0x1000');
      expect(bugcheck.details.stack.map(({ where }) => where)).to.deep.equal(['little+0x1000']);
    }
  });

  it('at DISPATCH_LEVEL is DRIVER_IRQL_NOT_LESS_OR_EQUAL', () => {
    const booted = new Booted({ code: { [CODE]: [0x48, 0x8b, 0x01, RET] } });
    booted.run(() => booted.guest.call(booted.at(CODE), 0x10n), 2);
    expect(booted.bugcheck.code).to.equal('0xD1');
  });

  it('of a write to code is a write to read-only memory', () => {
    // mov [rcx], al; ret
    const booted = new Booted({ code: { [CODE]: [0x88, 0x01, RET] } });
    booted.run(() => booted.guest.call(booted.at(CODE), booted.at(CODE)));
    expect(booted.bugcheck.code).to.equal('0xBE');
  });

  it('of a division by zero is not handled by anybody', () => {
    // xor ecx, ecx; xor edx, edx; div ecx
    const booted = new Booted({ code: { [CODE]: [0x31, 0xc9, 0x31, 0xd2, 0xf7, 0xf1] } });
    booted.call(CODE);
    expect(booted.bugcheck.parameters[0]).to.equal('0xC0000094');
  });

  it('of __fastfail carries its code', () => {
    // mov ecx, 2; int 29h
    const booted = new Booted({ code: { [CODE]: [0xb9, 2, 0, 0, 0, 0xcd, 0x29] } });
    booted.call(CODE);
    expect([booted.bugcheck.code, booted.bugcheck.parameters[0]]).to.deep.equal(['0x139', '0x2']);
  });

  it('of a failed assertion and of a breakpoint is told apart', () => {
    const asserting = new Booted({ code: { [CODE]: [0xcd, 0x2c] } });
    asserting.call(CODE);
    expect(asserting.bugcheck.parameters[0]).to.equal('0xC0000420');
    const breaking = new Booted({ code: { [CODE]: [0xcc] } });
    breaking.call(CODE);
    expect(breaking.bugcheck.parameters[0]).to.equal('0x80000003');
  });

  it('of a function that calls itself without end is a stack overflow', () => {
    // sub rsp, 28h; call self
    const booted = new Booted({ code: { [CODE]: [0x48, 0x83, 0xec, 0x28, 0xe8, 0xf7, 0xff, 0xff, 0xff] } });
    booted.call(CODE);
    expect([booted.bugcheck.code, booted.bugcheck.parameters[0]]).to.deep.equal(['0x7F', '0x8']);
  });

  it('of pageable code at DISPATCH_LEVEL is caught', () => {
    const booted = new Booted({ code: { 0x2000: [RET] } });
    booted.run(() => booted.guest.call(booted.at(0x2000)));
    expect(booted.kernel.bugcheck).to.equal(undefined);
    booted.run(() => booted.guest.call(booted.at(0x2000)), 2);
    expect(booted.bugcheck.code).to.equal('0xD1');
  });

  it('of code in INIT is caught once DriverEntry has returned', () => {
    const booted = new Booted({ code: { 0x5000: [RET] } });
    booted.call(0x5000);
    booted.guest.discardInit();
    booted.call(0x5000);
    expect(booted.bugcheck.code).to.equal('0x50');
  });

  it('that the kit itself cannot serve is an error of the kit, and never a crash of the driver', () => {
    const booted = new Booted({ code: { [CODE]: [RET] } });
    booted.guest.engine.run = (): never => {
      throw new TypeError('no such table');
    };
    expect(() => booted.call(CODE)).to.throw(KitError, 'the emulator failed: no such table');
    expect(booted.kernel.bugcheck).to.equal(undefined);
  });

  it('of code that spins for ever is the watchdog, and of code that spins for another thread none', () => {
    const forEver = new Booted({ code: { [CODE]: [0xeb, 0xfe] } });
    forEver.call(CODE);
    expect(forEver.bugcheck.code).to.equal('0x133');

    // cmp byte [rcx], 0; je back; ret
    const booted = new Booted({ code: { [CODE]: [0x80, 0x39, 0, 0x74, 0xfb, RET] } });
    const flag = booted.guest.allocate(1);
    let isOver = false;
    booted.guest.wdk.StartRoutine('SystemThread', 0, function* () {
      yield* booted.guest.call(booted.at(CODE), booted.guest.address(flag));
      isOver = true;
    });
    booted.run(function* () {
      booted.guest.memory.setU8(flag, 1);
    });
    expect(isOver).to.equal(true);
  });
});
