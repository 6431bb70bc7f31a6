/**
 * The image: the file format of x64 drivers, and nothing of the processor or of Windows.
 *
 * - `contract.ts` what the rest of the emulator sees
 * - `image.ts` reads a file: `headers`, `sections`, `relocations`, `imports`, `loadConfig`, `functions` (.pdata),
 *   `version`, `debug`, each its own table; `foreign.ts` knows what is no driver at all; `bytes.ts` reads numbers
 * - `symbols/` names from a .pdb or a map file
 */
export * from './contract';
export { readImage } from './image';
export type { SymbolFiles } from './symbols';
