import { expect } from 'chai';
import { GuestDevices, type RawRequest } from '../../../adapters/emulator/machine';
import { DRIVER_OBJECT, MAJOR_FUNCTIONS } from '../../../adapters/emulator/machine/io/layouts';
import { newUnicodeString } from '../../../adapters/emulator/machine/text';
import type { Call } from '../../../src/kernel';
import type { IrpMajor, NtStatus, OpenFile } from '../../../src/ndis';
import { Booted, CODE, DATA } from './booted';

const COMPLETE = DATA;
const RELEASE_CANCEL = DATA + 8;

const SIMPLE = CODE;
const ANSWER = CODE + 0x100;
const TWICE = CODE + 0x200;
const LATE = CODE + 0x300;
const PEND = CODE + 0x400;
const CANCEL = CODE + 0x500;

function u32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
}

/** Assembles a function at an RVA: parts that depend on where they are get it. */
function assemble(at: number, ...parts: readonly (readonly number[] | ((at: number) => number[]))[]): number[] {
  return parts.reduce<number[]>(
    (code, part) => [...code, ...(typeof part === 'function' ? part(at + code.length) : part)],
    [],
  );
}

/** push rbx; sub rsp, 20h; mov rbx, rdx; mov rcx, rdx */
const BEGIN = [0x53, 0x48, 0x83, 0xec, 0x20, 0x48, 0x89, 0xd3, 0x48, 0x89, 0xd1];
/** add rsp, 20h; pop rbx; ret */
const END = [0x48, 0x83, 0xc4, 0x20, 0x5b, 0xc3];
const RETURN_SUCCESS = [0x31, 0xc0, ...END];
/** mov dword [rbx+30h], status; mov qword [rbx+38h], 4; mov rcx, rbx */
const finish = (status: number) => [
  0xc7,
  0x43,
  0x30,
  ...u32(status),
  0x48,
  0xc7,
  0x43,
  0x38,
  ...u32(4),
  0x48,
  0x89,
  0xd9,
];
const callSlot = (slot: number) => (at: number) => [0xff, 0x15, ...u32(slot - (at + 6))];
/** mov rax, [rbx+18h]; mov dword [rax], 2A2B2C2Dh: into the system buffer */
const WRITE = [0x48, 0x8b, 0x43, 0x18, 0xc7, 0x00, 0x2d, 0x2c, 0x2b, 0x2a];
/** mov rax, [rbx+0B8h]; or byte [rax+3], 1: IoMarkIrpPending */
const MARK = [0x48, 0x8b, 0x83, ...u32(0xb8), 0x80, 0x48, 0x03, 0x01];
/** lea rax, [CANCEL]; mov [rbx+68h], rax: IoSetCancelRoutine */
const setCancel = (at: number) => [0x48, 0x8d, 0x05, ...u32(CANCEL - (at + 7)), 0x48, 0x89, 0x43, 0x68];
/** movzx ecx, byte [rbx+45h] */
const OLD_IRQL = [0x0f, 0xb6, 0x4b, 0x45];
/** mov al, [rbx] */
const TOUCH = [0x8a, 0x03];
const AGAIN = [0x48, 0x89, 0xd9];

const code = {
  [SIMPLE]: assemble(SIMPLE, BEGIN, finish(0), callSlot(COMPLETE), RETURN_SUCCESS),
  [ANSWER]: assemble(ANSWER, BEGIN, WRITE, finish(0), callSlot(COMPLETE), RETURN_SUCCESS),
  [TWICE]: assemble(TWICE, BEGIN, finish(0), callSlot(COMPLETE), AGAIN, callSlot(COMPLETE), RETURN_SUCCESS),
  [LATE]: assemble(LATE, BEGIN, finish(0), callSlot(COMPLETE), TOUCH, RETURN_SUCCESS),
  [PEND]: assemble(PEND, BEGIN, MARK, setCancel, [0xb8, ...u32(0x103)], END),
  [CANCEL]: assemble(CANCEL, BEGIN, OLD_IRQL, callSlot(RELEASE_CANCEL), finish(0xc000_0120), callSlot(COMPLETE), END),
};

const imports = [
  { module: 'ntoskrnl.exe', name: 'IofCompleteRequest', slot: COMPLETE },
  { module: 'ntoskrnl.exe', name: 'IoReleaseCancelSpinLock', slot: RELEASE_CANCEL },
];

/** Makes a device whose opens succeed, and whose control requests go to a routine. */
function deviceWith(control: number | undefined): Booted {
  const booted = new Booted({ code, imports });
  const { guest } = booted;
  const { driver } = guest.part(GuestDevices);
  const routines: Partial<Record<IrpMajor, number | undefined>> = {
    IRP_MJ_CREATE: SIMPLE,
    IRP_MJ_DEVICE_CONTROL: control,
  };
  for (const [major, rva] of Object.entries(routines)) {
    const slot = driver + DRIVER_OBJECT.majorFunction + 8 * MAJOR_FUNCTIONS[major as IrpMajor];
    if (rva !== undefined) guest.memory.setU64(slot, booted.at(rva));
  }
  const out = guest.address(guest.allocate(8));
  const name = guest.address(newUnicodeString(guest, '\\Device\\Test'));
  const status = booted.run(() => booted.export('IoCreateDevice', guest.address(driver), 16, name, 0x12, 0, 0, out));
  expect(status).to.equal(0n);
  return booted;
}

const RAW: RawRequest = { ioControlCode: 0x12_2000, input: Uint8Array.of(1, 2), outputLength: 8 };

function control(booted: Booted, after?: (file: OpenFile) => Call<void>): NtStatus | undefined {
  const { io } = booted.machine;
  let status: NtStatus | undefined;
  const body = function* (): Call<void> {
    const file = yield* io.open('\\Device\\Test', '{0}');
    if (typeof file === 'string') {
      status = file;
      return;
    }
    if (after) booted.kernel.spawn('canceller', after(file));
    status = yield* io.request(file, {
      major: 'IRP_MJ_DEVICE_CONTROL',
      ioControlCode: '0x122000',
      input: { raw: RAW },
    });
  };
  booted.kernel.spawn('application', body());
  booted.kernel.settle();
  return status;
}

describe('Requests of applications', () => {
  it('reach the device that the driver made and come back with its status', () => {
    const booted = deviceWith(ANSWER);
    expect(control(booted)).to.equal('STATUS_SUCCESS');
    const names = booted.kernel.recorder.crossings.map(({ dir, ddi }) => `${dir}${ddi}`);
    expect(names).to.include.members([
      '=>IoCreateDevice',
      '->IRP_MJ_CREATE',
      '->IRP_MJ_DEVICE_CONTROL',
      '=>IoCompleteRequest',
    ]);
  });

  it('for which the driver has no routine are refused', () => {
    expect(control(deviceWith(undefined))).to.equal('STATUS_INVALID_DEVICE_REQUEST');
  });

  it('are completed once', () => {
    const booted = deviceWith(TWICE);
    control(booted);
    expect(booted.bugcheck.code).to.equal('0x44');
  });

  it('are not touched once they are completed', () => {
    const booted = deviceWith(LATE);
    control(booted);
    expect(booted.bugcheck.message).to.include('an IRP that has been completed');
  });

  it('pend with their mark, and are cancelled by the routine in the IRP', () => {
    const booted = deviceWith(PEND);
    const { io } = booted.machine;
    const status = control(booted, (file) => io.cancel(file));
    expect(status).to.equal('STATUS_CANCELLED');
    const names = booted.kernel.recorder.crossings.map(({ dir, ddi }) => `${dir}${ddi}`);
    expect(names).to.include.members(['=>IoMarkIrpPending', '->IrpCancelRoutine']);
    expect(booted.kernel.bugcheck).to.equal(undefined);
  });

  it('find the device by a link', () => {
    const booted = deviceWith(SIMPLE);
    const { guest } = booted;
    const [link, name] = ['\\DosDevices\\Test', '\\Device\\Test'].map((text) =>
      guest.address(newUnicodeString(guest, text)),
    );
    booted.run(() => booted.export('IoCreateSymbolicLink', link ?? 0n, name ?? 0n));
    let opened: unknown;
    booted.kernel.spawn(
      'application',
      (function* (): Call<void> {
        opened = yield* booted.machine.io.open('\\DosDevices\\Test', '');
      })(),
    );
    booted.kernel.settle();
    expect(opened).to.be.an('object');
  });
});

describe('Requests that a driver has built for it', () => {
  const devicesOf = (booted: Booted): bigint => {
    const { guest } = booted;
    return guest.memory.u64(guest.part(GuestDevices).driver + DRIVER_OBJECT.deviceObject);
  };
  const space = (booted: Booted, length: number): bigint => booted.guest.address(booted.guest.allocate(length));
  const sent = (booted: Booted, irp: bigint): bigint | undefined =>
    booted.run(() => booted.export('IofCallDriver', devicesOf(booted), irp));

  it('come back with what the device wrote, its status, and the event set', () => {
    const booted = deviceWith(ANSWER);
    const { guest } = booted;
    const [input, output, event, status] = [space(booted, 2), space(booted, 8), space(booted, 24), space(booted, 16)];
    const irp = booted.run(function* () {
      yield* booted.export('KeInitializeEvent', event, 0, 0);
      const device = devicesOf(booted);
      return yield* booted.export(
        'IoBuildDeviceIoControlRequest',
        0x12_2000,
        device,
        input,
        2,
        output,
        8,
        0,
        event,
        status,
      );
    });
    expect(sent(booted, irp ?? 0n)).to.equal(0n);
    expect(guest.memory.u64(guest.offset(output))).to.equal(0x2a2b_2c2dn);
    expect(guest.memory.u64(guest.offset(status) + 8)).to.equal(4n);
    expect(booted.run(() => booted.export('KeReadStateEvent', event))).to.equal(1n);
    booted.run(() => booted.export('IofCallDriver', devicesOf(booted), irp ?? 0n));
    expect(booted.bugcheck.message).to.include('an IRP that has been completed');
  });

  it('are refused by a device that knows nothing of them', () => {
    const booted = deviceWith(undefined);
    const status = space(booted, 16);
    const data = space(booted, 8);
    const irp = booted.run(() =>
      booted.export(
        'IoBuildSynchronousFsdRequest',
        MAJOR_FUNCTIONS.IRP_MJ_READ,
        devicesOf(booted),
        data,
        8,
        0,
        0,
        status,
      ),
    );
    expect(sent(booted, irp ?? 0n)).to.equal(0xc000_0010n);
    expect(booted.guest.memory.u32(booted.guest.offset(status))).to.equal(0xc000_0010);
  });

  it("remain the driver's when nobody waits for them", () => {
    const booted = deviceWith(undefined);
    const data = space(booted, 8);
    const irp = booted.run(() =>
      booted.export('IoBuildAsynchronousFsdRequest', MAJOR_FUNCTIONS.IRP_MJ_WRITE, devicesOf(booted), data, 8, 0, 0),
    );
    sent(booted, irp ?? 0n);
    booted.run(() => booted.export('IoFreeIrp', irp ?? 0n));
    expect(booted.kernel.bugcheck).to.equal(undefined);
  });
});
