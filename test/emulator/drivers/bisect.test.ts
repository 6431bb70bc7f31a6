import { expect } from 'chai';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDrivers } from '../../../scripts/build-drivers';
import { findToolchain } from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';
import { lwf, withFolder } from '../../cli/lwf';

const PROFILE = join(kitRoot, 'drivers/profiles/reference.yaml');
const built = (name: string): string => join(kitRoot, 'drivers/build', `${name}.sys`);

describe('lwf bisect on machine code', () => {
  it('bisects images, and passes over those that cannot be judged', async function () {
    if (!findToolchain()) this.skip();
    await buildDrivers(['reference', 'answers-sketch']);
    await withFolder(async (folder) => {
      const paths = ['reference', 'broken', 'answers-sketch'].map((name, index) =>
        join(folder, `drv-${index + 1}.sys`),
      );
      const [first = '', second = '', third = ''] = paths;
      copyFileSync(built('reference'), first);
      writeFileSync(second, 'MZ');
      copyFileSync(built('answers-sketch'), third);
      const { code, out } = await lwf(['bisect', '--rule', 'PAU-07', '--profile', PROFILE, folder]);
      expect(out)
        .to.match(/^First bad: .*drv-3\.sys breaks PAU-07\.\nLast good: .*drv-1\.sys keeps it\.\n/)
        .and.to.match(/^Left out: .*drv-2\.sys is no image that can be run/m);
      expect(code).to.equal(1);
    });
  });
});
