import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type TsNode from 'ts-node';
import type { Adapter } from '../../adapters/contract';
import type { SiteLog } from '../../adapters/emulator/sites';
import { createSimulator, type SimulatedDriver } from '../../adapters/simulator';
import { registeredDriver, registeredDrivers } from '../../adapters/simulator/drivers';
import { CannotJudge } from './cannot-judge';
import type { EngineName } from './engines';
import type * as ImageFile from './image-file';
import type * as OwnAdapter from './own-adapter';
import type * as Program from './program';
import { exhibitBeside, isKitReferenceImage } from './kit-image';
import { nearest } from './nearest';
import { noteOwnModule } from './own-modules';
import { serveOwnPackage } from './own-package';

/** For what is chosen at run time: a driver's module by its path, and what most runs can do without. */
const load = createRequire(__filename);

const BRINGS_ITS_DRIVER = 'An adapter of your own brings its driver along: leave --driver and --profile out.';

/** Adapters that a run can choose by name. */
export const ADAPTERS = ['simulator', 'emulator', 'stdio', 'harness'] as const;

/** The driver under test and what it runs on. */
export interface Subject {
  /** One of ADAPTERS, or the path of a module that exports an adapter; undefined: the one that the driver's path asks for. */
  readonly adapter?: string | undefined;
  /** Name of a shipped driver, path of a module that exports a SimulatedDriver, or path of a .sys image. */
  readonly driver: string;
  /** Path of the profile of an image. */
  readonly profile?: string | undefined;
  /** How an image is executed. */
  readonly engine?: EngineName | undefined;
  /** Command line of an adapter that is a program of its own (adapter `stdio`), which brings the driver with it. */
  readonly command?: string | undefined;
  /** Seconds that such a program may take for an answer. */
  readonly answerWithin?: number | undefined;
  /** Path of the target file of a lab machine (adapter `harness`), which names the driver. */
  readonly target?: string | undefined;
  /** Watches where in the machine code of an image crossings happen; slow. */
  readonly sites?: SiteLog | undefined;
}

/**
 * Finds the adapter and puts the driver under test on it.
 * @throws CannotJudge for an unknown adapter or driver, for a module that does not load or export a driver, for an image or a
 *   profile that cannot be used, and when adapter and driver do not fit each other
 */
export function openAdapter({ adapter, driver, profile, engine, sites }: Subject): Adapter {
  if (adapter !== undefined && isAdapterModule(adapter)) return adapterFromModule(adapter, { driver, profile });
  if (adapter !== undefined && !(ADAPTERS as readonly string[]).includes(adapter)) {
    throw new CannotJudge(
      `There is no adapter "${adapter}". Choose one of: ${ADAPTERS.join(', ')}, or give the path of a module (./my-adapter.ts).`,
    );
  }
  if (adapter === 'stdio') {
    throw new CannotJudge(
      'An adapter that is a program of its own is for `lwf run` and `lwf explore`: `--adapter stdio --command …`.',
    );
  }
  if (adapter === 'harness') {
    throw new CannotJudge('A lab machine is for `lwf run`: `lwf run --target lab.yaml` (docs/lab.md).');
  }
  const isImage = isImageSubject({ driver, profile });
  if (adapter === 'simulator' && isImage) {
    throw new CannotJudge(`The simulator runs no images; leave out --adapter simulator to run ${driver}.`);
  }
  if (adapter === 'emulator' && !isImage) {
    throw new CannotJudge(`The emulator runs .sys images, and "${driver}" is not the path of one.`);
  }
  if (engine !== undefined && !isImage) {
    throw new CannotJudge(`--engine says how a .sys image is executed, and "${driver}" is none: leave it out.`);
  }
  // The emulator brings a decoder of two megabytes along: whoever runs no image does without.
  if (isImage) {
    const { openImage } = load('./image-file') as typeof ImageFile;
    const exhibits = isKitReferenceImage({ driver, profile }) ? exhibitsOf(driver, engine, sites) : undefined;
    return openImage({ path: driver, profile, engine: engine ?? 'jit', sites, ...(exhibits && { exhibits }) });
  }
  if (profile !== undefined) {
    throw new CannotJudge(
      `--profile says how to ask a .sys image, and "${driver}" is none: give the image with --driver FILE.sys.`,
    );
  }
  return createSimulator(simulatedDriver(driver), (name) => registeredDriver(name)?.driver);
}

/** Is it machine code? Whoever gives a profile means an image, whatever its file is called. */
export function isImageSubject({ driver, profile }: Subject): boolean {
  return /\.sys$/i.test(driver) || (profile !== undefined && !isSimulated(driver));
}

/** Is it one of the drivers that the kit ships? */
export function isShippedDriver(driver: string): boolean {
  return registeredDriver(driver) !== undefined;
}

/**
 * Finds the adapter like `openAdapter`, and starts it where it is a program.
 * @param signal aborted: a program that has not answered yet is not waited for
 * @returns the adapter, and `end`, which lets go of what it holds
 * @throws CannotJudge as `openAdapter` does, and when the program does not start or speaks another language
 */
export async function startAdapter(
  subject: Subject,
  signal?: AbortSignal,
): Promise<{ adapter: Adapter; end: () => Promise<void> }> {
  const { adapter, command, answerWithin } = subject;
  if (adapter === undefined ? command === undefined : adapter !== 'stdio') {
    if (command !== undefined) throw new CannotJudge(`--command is for --adapter stdio, and not for ${adapter}.`);
    if (answerWithin !== undefined) {
      throw new CannotJudge('--answer-within is for --adapter stdio: other adapters answer at once. Leave it out.');
    }
    return { adapter: openAdapter(subject), end: () => Promise.resolve() };
  }
  if (command === undefined) {
    throw new CannotJudge("--adapter stdio needs the program: --command 'python3 my_adapter.py'.");
  }
  if (subject.profile !== undefined || subject.driver !== 'reference') {
    throw new CannotJudge(BRINGS_ITS_DRIVER);
  }
  const { startProgram } = load('./program') as typeof Program;
  const program = await startProgram(subject, command, signal);
  return { adapter: program, end: () => program.end() };
}

/** Each is opened once: what its processors have translated serves all scenarios that show it. */
function exhibitsOf(
  reference: string,
  engine: EngineName | undefined,
  sites: SiteLog | undefined,
): (name: string) => Adapter | undefined {
  const opened = new Map<string, Adapter>();
  return (name) => {
    const known = opened.get(name);
    if (known) return known;
    const subject = exhibitBeside(reference, name);
    const adapter = subject && openAdapter({ ...subject, engine, sites });
    if (adapter) opened.set(name, adapter);
    return adapter;
  };
}

function isSimulated(driver: string): boolean {
  return registeredDriver(driver) !== undefined || /\.[cm]?[jt]s$/.test(driver);
}

function simulatedDriver(driver: string): SimulatedDriver {
  const registered = registeredDriver(driver);
  if (registered) return registered.driver;
  if (/[\\/]|\.[cm]?[jt]s$/.test(driver)) return driverFromModule(driver);
  const near = nearest(driver, [...registeredDrivers.keys()]);
  throw new CannotJudge(
    `There is no driver "${driver}".${near ? ` Did you mean "${near}"?` : ''} ` +
      '`lwf drivers` lists the drivers of the kit; a driver of your own is given as a path (./my-driver.ts).',
  );
}

/** Does a run name an adapter by its module? */
export function isAdapterModule(adapter: string): boolean {
  return /[\\/]|\.[cm]?[jt]s$/.test(adapter);
}

function adapterFromModule(path: string, { driver, profile }: Subject): Adapter {
  const file = resolve(path);
  if (profile !== undefined || driver !== 'reference') throw new CannotJudge(BRINGS_ITS_DRIVER);
  if (!existsSync(file)) {
    throw new CannotJudge(`There is no file ${file}. Give the path of a module that exports an adapter.`);
  }
  const exported = loadModule(file);
  const candidate = exported['adapter'] ?? exported['default'];
  if (isAdapter(candidate)) return (load('./own-adapter') as typeof OwnAdapter).ownAdapter(candidate);
  throw new CannotJudge(
    `${file} exports no adapter. It must export \`adapter\` (or default) with name, driver, capabilities, profile, open and exhibit; see docs/writing-an-adapter.md.`,
  );
}

function isAdapter(value: unknown): value is Adapter {
  if (typeof value !== 'object' || value === null) return false;
  const { name, driver, capabilities, profile, open, exhibit } = value as Partial<Adapter>;
  const isNamed = typeof name === 'string' && typeof driver === 'string';
  return isNamed && [capabilities, profile, open, exhibit].every((method) => typeof method === 'function');
}

function driverFromModule(path: string): SimulatedDriver {
  const file = resolve(path);
  if (!existsSync(file))
    throw new CannotJudge(`There is no file ${file}. Give the path of a module that exports a driver.`);
  const exported = loadModule(file);
  const candidate = exported['driver'] ?? exported['default'];
  if (isSimulatedDriver(candidate)) return candidate;
  throw new CannotJudge(
    `${file} exports no driver. It must export \`driver\` (or default) with name, profile and load; see docs/writing-a-simulated-driver.md.`,
  );
}

function loadModule(file: string): Record<string, unknown> {
  serveOwnPackage();
  noteOwnModule(file);
  try {
    if (/\.c?ts$/.test(file)) registerTypeScript();
    return load(file) as Record<string, unknown>;
  } catch (failure) {
    throw new CannotJudge(`${file} could not be loaded: ${whyNotLoaded(file, failure)}`, { cause: failure });
  }
}

function whyNotLoaded(file: string, failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const isEsm = 'code' in failure && failure.code === 'ERR_REQUIRE_ESM';
  if (isEsm && /\.m?ts$/.test(file)) return 'TypeScript is loaded as CommonJS; give the file the ending .cts.';
  return failure.message.split('\n')[0] ?? '';
}

let typeScriptRegistered = false;

function registerTypeScript(): void {
  if (typeScriptRegistered || require.extensions['.ts']) return;
  // Only loaded for drivers in TypeScript: it costs half a second.
  const tsNode = load('ts-node') as typeof TsNode;
  tsNode.register({
    transpileOnly: true,
    skipProject: true,
    compilerOptions: { module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', esModuleInterop: true },
  });
  typeScriptRegistered = true;
}

function isSimulatedDriver(value: unknown): value is SimulatedDriver {
  if (typeof value !== 'object' || value === null) return false;
  const driver = value as Partial<SimulatedDriver>;
  return (
    typeof driver.name === 'string' &&
    typeof driver.load === 'function' &&
    typeof driver.profile === 'object' &&
    Array.isArray(driver.profile.capabilities) &&
    typeof driver.profile.requests === 'object'
  );
}
