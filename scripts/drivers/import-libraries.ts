/**
 * The import libraries of the kernel and its neighbours: the names that mingw-w64 knows, and those that the emulator models
 * beyond them, which are of newer systems.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from '../../adapters/emulator/modules';
import { kitRoot } from '../../src/conformance/kit-root';
import { runZig, SCRATCH, type Toolchain } from './toolchain';

/** By name of the library: the module, and mingw-w64's definition file, where it has one. */
const LIBRARIES: Readonly<Record<string, { readonly module: string; readonly definition?: string }>> = {
  ntoskrnl: { module: 'ntoskrnl.exe', definition: 'mingw/lib64/ntoskrnl.def' },
  hal: { module: 'hal.dll', definition: 'mingw/lib64/hal.def' },
  ndis: { module: 'ndis.sys', definition: 'mingw/lib-common/ndis.def' },
  fwpkclnt: { module: 'fwpkclnt.sys' },
  netio: { module: 'netio.sys', definition: 'mingw/lib-common/netio.def' },
};

/** @returns a definition file: the given one, with the names that it lacks */
export function completed(module: string, definition: string | undefined, names: readonly string[]): string {
  const text = definition?.trimEnd() ?? `LIBRARY "${module}"\nEXPORTS`;
  const known = new Set(text.split(/\s+/));
  return [text, ...names.filter((name) => !known.has(name)), ''].join('\n');
}

/** Makes the import libraries. @returns their paths, relative to the root of the clone */
export async function importLibraries(toolchain: Toolchain): Promise<string[]> {
  mkdirSync(SCRATCH, { recursive: true });
  return Promise.all(
    Object.entries(LIBRARIES).map(async ([name, { module, definition }]) => {
      const known = definition && readFileSync(join(kitRoot, toolchain.libc, definition), 'utf8');
      const modelled = MODULES.filter((one) => one.module === module).flatMap((one) => one.exports);
      const text = completed(
        module,
        known,
        modelled.map((one) => one.name),
      );
      const [file, library] = [`.tmp/drivers/${name}.def`, `.tmp/drivers/${name}.lib`];
      const path = join(kitRoot, file);
      if (existsSync(path) && existsSync(join(kitRoot, library)) && readFileSync(path, 'utf8') === text) return library;
      writeFileSync(path, text);
      const args = ['dlltool', '-m', 'i386:x86-64', '-d', file, '-l', library];
      await runZig(toolchain, args, `Import library of ${name}`);
      return library;
    }),
  );
}
