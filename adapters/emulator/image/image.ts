/** A driver's file, read. */
import { Contents, hex } from './bytes';
import { BadImage, type Image } from './contract';
import { readDebug } from './debug';
import { functionIn, readFunctions } from './functions';
import { readHeaders } from './headers';
import { readDelayImports, readImports } from './imports';
import { readLoadConfig } from './loadConfig';
import { readRelocations, relocate } from './relocations';
import { layOut } from './sections';
import { readSymbols, type SymbolFiles } from './symbols';
import { readFileVersion, readVersionStrings } from './version';

/**
 * Reads the file of a driver for x64. Signatures and the checksum are not looked at.
 * @param options symbols of the build; see `Image.symbols` for what became of them
 * @throws BadImage when the file is none, or damaged where running it depends on it
 */
export function readImage(file: Uint8Array, options: SymbolFiles = {}): Image {
  const headers = readHeaders(file);
  const { preferredBase, entryPoint, sizeOfImage, sizeOfHeaders, timeDateStamp } = headers;
  const { sections, contents: bytes } = layOut(file, headers);
  const contents = new Contents(bytes);
  if (!sections.some(({ rva, size, execute }) => execute && entryPoint >= rva && entryPoint < rva + size)) {
    throw new BadImage(
      `The entry point, RVA ${hex(entryPoint)} by the optional header, is not in a section that can be executed: ` +
        'link the driver with its DriverEntry as entry.',
    );
  }
  // Before what else an ARM64EC image may have that is not as on x64.
  const loadConfig = readLoadConfig(contents, headers.directory('loadConfig'), preferredBase);
  const imports = readImports(contents, headers.directory('import'));
  if (headers.relocationsStripped) {
    throw new BadImage(
      'The relocations of the image were stripped (file header), and drivers are never loaded where they prefer: link the driver without /FIXED.',
    );
  }
  const relocations = readRelocations(contents, headers.directory('relocation'));
  const functions = readFunctions(contents, headers.directory('exception'));
  const debug = readDebug(file, bytes, headers.directory('debug'));
  const symbols = readSymbols(options, { sections, debug, preferredBase, timeDateStamp });
  return {
    sizeOfImage,
    sizeOfHeaders,
    entryPoint,
    preferredBase,
    sections,
    imports,
    delayImports: readDelayImports(contents, headers.directory('delayImport')),
    ...loadConfig,
    fileVersion: readFileVersion(bytes, headers.directory('resource')),
    versionStrings: readVersionStrings(bytes, headers.directory('resource')),
    debug,
    symbols: symbols.source,
    contents: bytes,
    functions,
    mapAt: (base) => {
      const mapped = bytes.slice();
      relocate(mapped, relocations, base - preferredBase);
      return mapped;
    },
    functionAt: (rva) => functionIn(functions, rva),
    symbolAt: (rva) => symbols.at(rva),
    addressOf: (symbol) => symbols.addressOf(symbol),
  };
}
