/** What decides the result of a run, as plain data: two runs with the same identity find the same. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Adapter, Capabilities } from '../../adapters/contract';
import type * as Image from '../../adapters/emulator/image';
import { isAdapterModule, isImageSubject, isShippedDriver, type Subject } from './adapters';
import { bytesOf, symbolsBeside } from './image-bytes';
import { kitVersion } from './kit-root';
import type { MachineIdentity } from './lab/notes';
import { specificationFacts, type SpecificationFacts } from './specification';

/** The reader of images is for those who run one. */
const load = createRequire(__filename);

export interface FileFacts {
  /** Its name, without folders: those differ from machine to machine. */
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
}

export interface ImageFacts extends FileFacts {
  /** Strings of its version resource: FileVersion, ProductVersion, CompanyName … */
  readonly version?: Readonly<Record<string, string>>;
}

export interface DriverFacts {
  readonly name: string;
  readonly kind: 'image' | 'simulated' | 'adapter';
  readonly image?: ImageFacts;
  /** Of a driver or an adapter in TypeScript that is not the kit's. */
  readonly module?: FileFacts;
}

/** Which findings decide: those on core rules, all, or those of the stricter readings as well. */
export const CONFORMANCE_PROFILES = ['core', 'full', 'strict'] as const;
export type ConformanceProfile = (typeof CONFORMANCE_PROFILES)[number];

/** What was chosen from the specification; nothing of it: all. */
export interface Selection {
  /** A Cucumber tag expression. */
  readonly tags?: string;
  /** Ids of rules. */
  readonly rules?: readonly string[];
  readonly areas?: readonly string[];
  /** Feature files or folders, also `file:line`. */
  readonly paths?: readonly string[];
}

export interface RunIdentity {
  /** Version of the kit. */
  readonly kit: string;
  readonly specification: SpecificationFacts;
  readonly driver: DriverFacts;
  readonly profile?: FileFacts;
  /** The .pdb beside an image: it gives names to places in machine code, and decides no verdict. */
  readonly symbols?: FileFacts;
  readonly adapter: {
    readonly name: string;
    readonly observation: Capabilities['observation'];
    readonly engine?: string;
    /** Command line, where it is a program of its own. */
    readonly command?: string;
    readonly capabilities: readonly string[];
  };
  /** The lab machine that it was made on. */
  readonly machine?: MachineIdentity;
  readonly seed: number;
  readonly conformance: ConformanceProfile;
  readonly selection: Selection;
}

export interface IdentityOptions {
  readonly subject: Subject;
  /** With the driver under test on it. */
  readonly adapter: Adapter;
  readonly seed: number;
  readonly conformance: ConformanceProfile;
  readonly selection: Selection;
  /** Where the driver is on a lab machine. */
  readonly lab?: LabIdentity | undefined;
}

/** What a lab machine says of itself and of the driver on it. */
export interface LabIdentity {
  readonly machine: MachineIdentity;
  readonly image?: ImageFacts;
  readonly profile: FileFacts;
}

/** @throws CannotJudge when a file of the driver cannot be read */
export async function identityOf(options: IdentityOptions): Promise<RunIdentity> {
  const { subject, adapter, seed, conformance, selection, lab } = options;
  const { observation, adapter: capabilities } = await adapter.capabilities();
  const isImage = isImageSubject(subject);
  const { profile, engine = 'jit' } = subject;
  const symbols = isImage ? symbolsBeside(subject.driver) : undefined;
  return {
    kit: kitVersion,
    specification: specificationFacts(),
    driver: lab
      ? { name: adapter.driver, kind: 'adapter', ...(lab.image && { image: lab.image }) }
      : driverFacts(subject, adapter.driver),
    ...(lab && { profile: lab.profile }),
    ...(isImage && profile !== undefined && { profile: fileFacts(profile, bytesOf(profile, 'profile')) }),
    ...(symbols !== undefined && { symbols: fileFacts(symbols, bytesOf(symbols, 'symbols')) }),
    adapter: {
      name: adapter.name,
      observation,
      ...(isImage && { engine }),
      ...(subject.command !== undefined && { command: subject.command }),
      capabilities: [...capabilities].sort(),
    },
    ...(lab && { machine: lab.machine }),
    seed,
    conformance,
    selection,
  };
}

/**
 * @param path of the file
 * @param bytes its content
 */
export function fileFacts(path: string, bytes: Uint8Array): FileFacts {
  return { file: basename(path), sha256: sha256(bytes), size: bytes.length };
}

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function driverFacts(subject: Subject, name: string): DriverFacts {
  const { driver } = subject;
  if (subject.command !== undefined) return { name, kind: 'adapter' };
  if (subject.adapter !== undefined && isAdapterModule(subject.adapter)) {
    return { name, kind: 'adapter', module: fileFacts(subject.adapter, bytesOf(subject.adapter, 'adapter')) };
  }
  if (isImageSubject(subject)) return { name, kind: 'image', image: imageFacts(driver) };
  if (isShippedDriver(driver)) return { name, kind: 'simulated' };
  return { name, kind: 'simulated', module: fileFacts(driver, bytesOf(driver, 'driver')) };
}

/** @throws CannotJudge when the file cannot be read */
export function imageFacts(path: string): ImageFacts {
  const { readImage } = load('../../adapters/emulator/image') as typeof Image;
  const bytes = bytesOf(path, 'image');
  const { fileVersion, versionStrings } = readImage(bytes);
  // What the author wrote for people comes before the number for installers.
  const version = { ...(fileVersion !== undefined && { FileVersion: fileVersion }), ...versionStrings };
  return { ...fileFacts(path, bytes), ...(Object.keys(version).length > 0 && { version }) };
}
