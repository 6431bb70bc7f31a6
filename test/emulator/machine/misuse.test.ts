import { expect } from 'chai';
import { join } from 'node:path';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { readImage, type Image } from '../../../adapters/emulator/image';
import { GuestDevices } from '../../../adapters/emulator/machine';
import { DRIVER_OBJECT, MAJOR_FUNCTIONS } from '../../../adapters/emulator/machine/io/layouts';
import { newUnicodeString } from '../../../adapters/emulator/machine/text';
import type { Call } from '../../../src/kernel';
import type { ArgValue } from '../../../src/trace';
import { buildDriver } from '../image/zig';
import { Booted } from './booted';

const RECIPE = {
  source: join(__dirname, 'images', 'misuse.c'),
  imports: {
    'ntoskrnl.exe': [
      ...[
        'ExAllocatePoolWithTag',
        'ExFreePoolWithTag',
        'ExFreePool',
        'KeAcquireSpinLockRaiseToDpc',
        'KeReleaseSpinLock',
      ],
      ...['KfRaiseIrql', 'KeLowerIrql', 'KeInitializeEvent', 'KeWaitForSingleObject', 'KeSetEvent', 'ZwClose'],
      ...['IoAllocateMdl', 'IoFreeMdl', 'MmBuildMdlForNonPagedPool', 'MmUnlockPages', 'MmProbeAndLockPages'],
      ...['MmMapLockedPagesSpecifyCache', 'IoAllocateIrp', 'IofCompleteRequest', 'ObfDereferenceObject'],
    ],
  },
  target: 'msvc',
  compile: ['-O1', '-fno-stack-protector', '-fno-optimize-sibling-calls'],
  entry: 'DriverEntry',
} as const;

const TAG = '0x7473654D';
const WORD = /^0x[0-9A-F]+$/;
const KERNEL = /^0xFFFFA0[0-9A-F]{10}$/i;

interface Expected {
  readonly code: string;
  /** Of the four parameters; what is not said is 0. */
  readonly parameters: readonly (string | RegExp)[];
  /** Functions that the stacks of the allocation and of the free begin with. */
  readonly allocated?: string;
  readonly freed?: string;
}

const POOL = { allocated: 'allocates' } as const;

const CASES: Readonly<Record<string, Expected>> = {
  overrun: { code: '0xD6', parameters: [KERNEL, '0x1', KERNEL], ...POOL },
  overrun_read: { code: '0xD6', parameters: [KERNEL, '0x0', KERNEL], ...POOL },
  underrun: { code: '0xD6', parameters: [KERNEL, '0x1', KERNEL], ...POOL },
  use_after_free: { code: '0x50', parameters: [KERNEL, '0x2', KERNEL], ...POOL, freed: 'frees' },
  double_free: { code: '0xC2', parameters: ['0x7', '0x0', TAG, KERNEL], ...POOL, freed: 'frees' },
  wrong_tag: { code: '0xC2', parameters: ['0xA', KERNEL, TAG, '0x31313131'], ...POOL },
  frees_inside: { code: '0xC2', parameters: ['0x46', KERNEL], ...POOL },
  frees_user_address: { code: '0xC2', parameters: ['0x40', '0x1000', '0xFFFF800000000000'] },
  frees_paged_raised: { code: '0xC2', parameters: ['0x9', '0x2', '0x1', KERNEL], ...POOL },
  touches_paged_raised: { code: '0xD1', parameters: [KERNEL, '0x2', '0x1', KERNEL] },
  allocates_paged_raised: { code: '0xC4', parameters: ['0x1', '0x2', '0x1', '0x18'] },
  runs_paged_raised: { code: '0xD1', parameters: [KERNEL, '0x2', '0x8', KERNEL] },
  null_pointer: { code: '0x7E', parameters: ['0xC0000005', KERNEL] },
  writes_constant: { code: '0xBE', parameters: [KERNEL, '0x0', '0x0', '0xA'] },
  wild_address: { code: '0x50', parameters: ['0xFFFFB00012345678', '0x0', KERNEL, '0x2'] },
  runs_pool: { code: '0xFC', parameters: [KERNEL, '0x0', '0x0', '0x2'], ...POOL },
  runs_null: { code: '0x7E', parameters: ['0xC0000005', WORD] },
  stack_overflow: { code: '0x7F', parameters: ['0x8', KERNEL, '0x0', KERNEL] },
  uninitialised_lock: { code: '0x133', parameters: ['0x1', WORD] },
  uninitialised_event: { code: '0xA', parameters: [WORD, '0x2', '0x0', KERNEL] },
  waits_for_garbage: { code: '0xA', parameters: [WORD, '0x2', '0x0', KERNEL] },
  takes_lock_twice: { code: '0xC4', parameters: ['0x1000', KERNEL] },
  releases_free_lock: { code: '0x10', parameters: [KERNEL] },
  spins: { code: '0x133', parameters: ['0x1', WORD] },
  lowers_upwards: { code: '0xC4', parameters: ['0x31', '0x0', '0x2'] },
  raises_downwards: { code: '0xC4', parameters: ['0x30', '0x2', '0x0'] },
  closes_raised: { code: '0xA', parameters: ['0x0', '0x2', '0x0', KERNEL] },
  waits_raised: { code: '0xA', parameters: ['0x0', '0x2', '0x0', KERNEL] },
  unlocks_never_locked: { code: '0xC4', parameters: ['0x7C', KERNEL, '0x0'] },
  unlocks_nonpaged: { code: '0xC4', parameters: ['0x7D', KERNEL, WORD] },
  locks_built: { code: '0xC4', parameters: ['0xB0', KERNEL, WORD, WORD] },
  builds_paged: { code: '0xC4', parameters: ['0x7F', '0x0', KERNEL, '0x0'], ...POOL },
  maps_unlocked: { code: '0xC4', parameters: ['0xB3', KERNEL, '0x0', WORD] },
  frees_mdl_twice: { code: '0xC2', parameters: ['0x7', '0x0', WORD, KERNEL] },
  completes_garbage: { code: '0x44', parameters: [KERNEL] },
};

/** Dispatch routines that do it. */
const REQUESTS: Readonly<Record<string, Expected>> = {
  completes_twice: { code: '0x44', parameters: [KERNEL, WORD] },
  touches_completed: { code: '0x50', parameters: [KERNEL, '0x0', KERNEL, WORD] },
  completes_cancellable: { code: '0x48', parameters: [KERNEL] },
};

describe('What a driver must not do with memory and the kernel', function () {
  this.timeout(120_000);
  let image: Image;
  let booted: Booted;

  before(() => {
    const { sys, pdb } = buildDriver(RECIPE);
    image = readImage(sys, { pdb });
  });

  beforeEach(() => {
    booted = new Booted({ image, engine: createJit });
  });

  const rva = (name: string): number => {
    const found = image.addressOf(name);
    if (found === undefined) throw new Error(`${name} is unknown`);
    return found;
  };

  const expectCrash = (name: string, { code, parameters, allocated, freed }: Expected): void => {
    const { bugcheck } = booted;
    expect(bugcheck.code, bugcheck.message).to.equal(code);
    expect(bugcheck.parameters).to.have.lengthOf(4);
    bugcheck.parameters.forEach((value, index) => {
      const expected = parameters[index] ?? '0x0';
      if (typeof expected === 'string') expect(value, `parameter ${index + 1}`).to.equal(expected);
      else expect(value, `parameter ${index + 1}`).to.match(expected);
    });
    const crossing = booted.kernel.recorder.crossings.find(({ dir, ddi }) => dir === '!!' && ddi === 'Bugcheck');
    const args = crossing?.args ?? {};
    const names = (value: ArgValue | undefined): string[] =>
      (Array.isArray(value) ? value : []).map((frame: string) => frame.replace(/^little!|\+0x[0-9a-f]+$/g, ''));
    expect(names(args['stack']), 'stack').to.include(name);
    // The export first, then who called it.
    const allocation = names(args['blockAllocationStack']).slice(1);
    const free = names(args['blockFreeStack']).slice(1);
    if (allocated !== undefined) expect(allocation).to.deep.equal([allocated, name]);
    if (freed !== undefined) expect(free).to.deep.equal([freed, name]);
  };

  for (const [name, expected] of Object.entries(CASES)) {
    it(`${name.replaceAll('_', ' ')}: ${expected.code}`, () => {
      booted.call(rva(name));
      expectCrash(name, expected);
    });
  }

  for (const [name, expected] of Object.entries(REQUESTS)) {
    it(`${name.replaceAll('_', ' ')}: ${expected.code}`, () => {
      const { guest } = booted;
      const { driver } = guest.part(GuestDevices);
      const slot = driver + DRIVER_OBJECT.majorFunction + 8 * MAJOR_FUNCTIONS.IRP_MJ_CREATE;
      guest.memory.setU64(slot, booted.at(rva(name)));
      const out = guest.address(guest.allocate(8));
      const device = guest.address(newUnicodeString(guest, '\\Device\\Test'));
      booted.run(() => booted.export('IoCreateDevice', guest.address(driver), 0, device, 0x12, 0, 0, out));
      const application = function* (): Call<void> {
        yield* booted.machine.io.open('\\Device\\Test', '');
      };
      booted.kernel.spawn('application', application());
      booted.kernel.settle();
      expectCrash(name, expected);
    });
  }

  it('leaves a pointer to its stack, and follows it: 0x50', () => {
    booted.call(rva('leaves_a_pointer'));
    booted.call(rva('follows_it'));
    expect(booted.bugcheck.message).to.include('on the stack of a call that has returned');
    expectCrash('follows_it', { code: '0x50', parameters: [KERNEL, '0x2', KERNEL, '0x2'] });
  });
});
