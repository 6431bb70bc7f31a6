/**
 * The image: the file format of x64 drivers, and nothing of the processor or of Windows.
 *
 * - `contract.ts` what the rest of the emulator sees
 * - `image.ts` reads a file: `headers`, `sections`, `relocations`, `imports`, `loadConfig`, `functions` (.pdata),
 *   `version`, `debug`, each its own table; `foreign.ts` knows what is no driver at all; `bytes.ts` reads numbers
 * - `symbols/` names from a .pdb or a map file
 * - `unwind/` from a function to its caller: `frame` undoes prologues (`information`) and finishes epilogues
 *   (`epilogue`), `primary` follows functions in pieces, `scopes` lists `__try` blocks
 * - `thunks.ts` which import a routine is; `scan.ts` what there is to say of an image without running it
 */
export * from './contract';
export { readImage } from './image';
export { scanImage, type Scan, type ScannedFunction, type ScannedHandler, type ScannedModule } from './scan';
export type { SymbolFiles } from './symbols';
export { thunkedImport } from './thunks';
export { unwindFrame } from './unwind/frame';
export { primaryOf } from './unwind/primary';
export { scopeTable, type Scope } from './unwind/scopes';
