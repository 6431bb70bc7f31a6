import { KitError } from '../../../src/kernel';
import type { GuestMemory } from '../cpu/contract';
import { GUEST_BASE } from '../cpu/contract';
import type { Image } from '../image/contract';
import type { Arena } from './arena';
import type { DataExport, Export, ExportModule } from './contract';
import { IMAGE_BASE, IMPORT_AREA, IMPORT_AREA_END, IMPORT_STRIDE, READ_WRITE } from './layout';

/** What a call through the import area leads to. */
export interface ImportTarget<M> {
  readonly module: string;
  readonly name: string;
  /** Undefined for an export that is not modelled: its call stops the run with its name. */
  readonly export: Export<M> | undefined;
}

type Names<M> = ReadonlyMap<string, { readonly module: string; readonly export: Export<M> | DataExport<M> }>;

/** The same modules serve boot after boot. */
const known = new WeakMap<object, unknown>();

function namesOf<M>(modules: readonly ExportModule<M>[]): Names<M> {
  const kept = known.get(modules);
  if (kept !== undefined) return kept as Names<M>;
  const names = new Map(
    modules.flatMap(({ module, exports }) =>
      exports.flatMap((one) => {
        const entry = { module, export: one };
        return [[`${ANY_MODULE}!${one.name}`, entry] as const, [`${family(module)}!${one.name}`, entry] as const];
      }),
    ),
  );
  known.set(modules, names);
  return names;
}

/** Gives every export that the guest asks for an address of its own. */
export class Imports<M> {
  private readonly targets: ImportTarget<M>[] = [];
  private readonly addresses = new Map<string, bigint>();
  private readonly byName: Names<M>;

  constructor(
    private readonly machine: M,
    private readonly memory: GuestMemory,
    private readonly arena: Arena,
    modules: readonly ExportModule<M>[],
  ) {
    this.byName = namesOf(modules);
  }

  /** Fills the import address table of the mapped image. */
  link(image: Image): void {
    for (const { module, name, slot } of image.imports) {
      this.memory.setU64(IMAGE_BASE + slot, this.resolve(module, name) ?? this.place(module, name, undefined));
    }
  }

  /** @returns the address of an export by name, as MmGetSystemRoutineAddress gives it; undefined when it is not modelled */
  resolve(module: string, name: string): bigint | undefined {
    const known = this.byName.get(`${family(module)}!${name}`);
    if (!known) return undefined;
    return 'run' in known.export
      ? this.place(known.module, name, known.export)
      : this.variable(`${known.module}!${name}`, known.export);
  }

  /** @returns what a fetch from an address calls, undefined outside the import area */
  targetAt(offset: number): ImportTarget<M> | undefined {
    if (offset < IMPORT_AREA || (offset - IMPORT_AREA) % IMPORT_STRIDE !== 0) return undefined;
    return this.targets[(offset - IMPORT_AREA) / IMPORT_STRIDE];
  }

  private place(module: string, name: string, implementation: Export<M> | undefined): bigint {
    const key = `${module}!${name}`;
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const offset = IMPORT_AREA + this.targets.length * IMPORT_STRIDE;
    if (offset >= IMPORT_AREA_END) throw new KitError('the import area of the emulated machine is used up');
    this.targets.push({ module, name, export: implementation });
    const address = GUEST_BASE + BigInt(offset);
    this.addresses.set(key, address);
    return address;
  }

  private variable(key: string, { size, initialise }: DataExport<M>): bigint {
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const offset = this.arena.take(size, 16, 16);
    this.memory.protect(offset, size, READ_WRITE);
    initialise(this.machine, offset);
    const address = GUEST_BASE + BigInt(offset);
    this.addresses.set(key, address);
    return address;
  }
}

/** @returns whether what an image imports is there when it is linked to the modules; by ordinal nothing is */
export function isModelled<M>(modules: readonly ExportModule<M>[], module: string, name: string): boolean {
  return namesOf(modules).has(`${family(module)}!${name}`);
}

/** The kernel by the names of its other builds, and hal.dll, which has long been a part of it. */
const KERNEL = new Set(['hal.dll', 'ntkrnlmp.exe', 'ntkrnlpa.exe', 'ntkrpamp.exe']);
/** An API set stands for whichever module has the function. */
const API_SET = /^(api|ext)-ms-/;
const ANY_MODULE = '*';

/** @returns what modules that share their exports have in common */
function family(module: string): string {
  if (KERNEL.has(module)) return 'ntoskrnl.exe';
  return API_SET.test(module) ? ANY_MODULE : module;
}
