/** What a driver is and what it wants of the emulator, told before anything of it runs. */
import { createHash } from 'node:crypto';
import {
  readImage,
  scanImage,
  type DebugInformation,
  type ScannedHandler,
  type Section,
  type SymbolSource,
} from './image';
import { isModelled } from './machine';
import { MODULES } from './modules';
import { scanCode, type ScannedCode } from './scan-code';

export type { UnsupportedInstruction } from './scan-code';

export interface ScannedImport {
  readonly name: string;
  /** Bound at the first call, by code of the image's own. */
  readonly delayed: boolean;
  /** A call of one that is not modelled stops the run with its name. */
  readonly modelled: boolean;
}

export interface DriverScan {
  readonly schema: 'scan/1';
  readonly size: number;
  readonly sha256: string;
  readonly fileVersion?: string;
  /** The program database that the image names. */
  readonly debug?: DebugInformation;
  readonly symbols: SymbolSource;
  readonly sections: readonly Section[];
  readonly securityCookie: boolean;
  /** Valid targets of indirect calls; undefined without control-flow guard. */
  readonly guardFunctions?: number;
  readonly handlers: readonly ScannedHandler[];
  readonly imports: readonly { readonly module: string; readonly functions: readonly ScannedImport[] }[];
  /** How many functions .pdata lists. */
  readonly functions: number;
  readonly code: ScannedCode;
}

/**
 * @param file the image
 * @param pdb its symbols, when there are any
 * @throws BadImage when the file is not a driver that can be run
 */
export function scanDriver(file: Uint8Array, pdb?: Uint8Array): DriverScan {
  const image = readImage(file, pdb ? { pdb } : {});
  const { sections, functions, modules, handlers } = scanImage(image);
  return {
    schema: 'scan/1',
    size: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
    ...(image.fileVersion !== undefined && { fileVersion: image.fileVersion }),
    ...(image.debug && { debug: image.debug }),
    symbols: image.symbols,
    sections,
    securityCookie: image.securityCookie !== undefined,
    ...(image.guardFunctions && { guardFunctions: image.guardFunctions.size }),
    handlers,
    imports: modules.map(({ module, functions: imported }) => ({
      module,
      functions: imported.map((one) => ({ ...one, modelled: isModelled(MODULES, module, one.name) })),
    })),
    functions: functions.length,
    code: scanCode(image),
  };
}
