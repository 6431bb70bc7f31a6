/** A guest with a few functions assembled by hand, on a machine of the model. */
import type { Engine } from '../../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createMemory, type WindowMemory } from '../../../adapters/emulator/cpu/memory';
import type { Image, ImportedFunction, RuntimeFunction } from '../../../adapters/emulator/image';
import { Guest } from '../../../adapters/emulator/machine';
import { MODULES } from '../../../adapters/emulator/modules';
import type { Bugcheck, Call } from '../../../src/kernel';
import { Kernel } from '../../../src/kernel';
import { Chance, Machine, type Wdk } from '../../../src/ndis';

const WINDOW = 8 * 1024 * 1024;
export const IMAGE_BASE = 0x10_0000;
export const CODE = 0x1000;
export const DATA = 0x3000;
const TABLES = 0x4000;
const SIZE = 0x6000;

/** Functions of the image by RVA. */
export type Code = Readonly<Record<number, readonly number[]>>;

export interface LittleImage {
  readonly code?: Code;
  readonly functions?: readonly RuntimeFunction[];
  /** Unwind information and scope tables by RVA. */
  readonly tables?: Code;
  readonly imports?: readonly ImportedFunction[];
}

/** What a machine is booted with: functions assembled by hand, or an image that a compiler made. */
export interface BootPlan extends LittleImage {
  readonly image?: Image;
  readonly engine?: (memory: WindowMemory) => Engine;
}

function littleImage({ code = {}, functions = [], tables = {}, imports = [] }: LittleImage): Image {
  const contents = new Uint8Array(SIZE);
  for (const [rva, bytes] of [...Object.entries(code), ...Object.entries(tables)]) contents.set(bytes, Number(rva));
  const rights = { read: true, write: false, execute: false, discardable: false, pageable: false };
  return {
    sizeOfImage: SIZE,
    sizeOfHeaders: 0x400,
    entryPoint: CODE,
    preferredBase: 0x1_4000_0000n,
    sections: [
      { ...rights, name: '.text', rva: CODE, size: 0x1000, execute: true },
      { ...rights, name: 'PAGE', rva: 0x2000, size: 0x1000, execute: true, pageable: true },
      { ...rights, name: '.data', rva: DATA, size: 0x1000, write: true },
      { ...rights, name: '.rdata', rva: TABLES, size: 0x1000 },
      { ...rights, name: 'INIT', rva: 0x5000, size: 0x1000, execute: true, discardable: true },
    ],
    imports,
    delayImports: [],
    securityCookie: DATA + 0x800,
    guardFunctions: undefined,
    guardSlots: undefined,
    fileVersion: undefined,
    versionStrings: {},
    debug: undefined,
    symbols: { kind: 'none', count: 0, refused: undefined },
    contents,
    functions,
    mapAt: () => contents.slice(),
    functionAt: (rva) => functions.find(({ begin, end }) => rva >= begin && rva < end),
    symbolAt: () => undefined,
    addressOf: () => undefined,
  };
}

export class Booted {
  readonly kernel = new Kernel();
  readonly guest: Guest;
  readonly machine: Machine;
  private readonly wdk: Wdk;

  constructor({ image, engine = createInterpreter, ...plan }: BootPlan = {}) {
    this.machine = new Machine(this.kernel, new Chance(undefined));
    let linked: Wdk | undefined;
    const load = this.machine.load((wdk) => {
      linked = wdk;
      return function* () {
        return 'STATUS_SUCCESS';
      };
    });
    this.kernel.spawn('load', load);
    this.kernel.settle();
    if (!linked) throw new Error('the model did not load the driver');
    this.wdk = linked;
    this.guest = new Guest({
      image: image ?? littleImage(plan),
      kernel: this.kernel,
      wdk: linked,
      engine: engine(createMemory(WINDOW)),
      modules: MODULES,
      name: 'little',
    });
  }

  /** @returns the address of a function of the image */
  at(rva: number): bigint {
    return this.guest.address(IMAGE_BASE + rva);
  }

  /** Calls an export as code of the driver does. */
  *export(name: string, ...args: readonly (bigint | number)[]): Call<bigint> {
    const address = ['ntoskrnl.exe', 'ndis.sys', 'fwpkclnt.sys', 'netio.sys', 'ksecdd.sys']
      .map((module) => this.guest.imports.resolve(module, name))
      .find(Boolean);
    if (address === undefined) throw new Error(`${name} is not modelled`);
    return yield* this.guest.call(address, ...args.map(BigInt));
  }

  /** Runs a body as code of the driver on a thread of its own, and settles. @returns what it returned, if it did */
  run<T>(body: () => Call<T>, irql = 0): T | undefined {
    let result: T | undefined;
    this.wdk.StartRoutine('SystemThread', irql, function* () {
      result = yield* body();
    });
    this.kernel.settle();
    return result;
  }

  /** Calls a function of the image. */
  call(rva: number, ...args: readonly (bigint | number)[]): bigint | undefined {
    return this.run(() => this.guest.call(this.at(rva), ...args.map(BigInt)));
  }

  /** @returns the bugcheck that stopped the system. @throws Error when none did */
  get bugcheck(): Bugcheck {
    const { bugcheck } = this.kernel;
    if (!bugcheck) throw new Error('the system runs on');
    return bugcheck;
  }
}
