import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planDrivers } from '../../scripts/drivers/plan';
import { shippedDrivers } from '../../scripts/shipped-drivers';
import { kitRoot } from '../../src/conformance/kit-root';

interface Package {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const kit = JSON.parse(readFileSync(join(kitRoot, 'package.json'), 'utf8')) as Package;

/** What is compiled into `dist`, as it is in a clone. */
function sourceOf(path: string): string {
  return path.replace(/^\.\/dist\//, './').replace(/(\.d\.ts|\.js)$/, '.ts');
}

describe('The package', () => {
  it('brings drivers that are built from this source, and the source of each', () => {
    const shipped = shippedDrivers();
    expect(shipped).to.include.members(['reference', 'counting', 'npcap-2016-no-pause', 'npcap-2016-repaired']);
    const plans = planDrivers();
    for (const name of shipped) {
      const plan = plans.find((each) => each.name === name);
      expect(plan, name).not.to.equal(undefined);
      expect(kit.files, name).to.include(plan?.folder);
    }
  });

  it('brings every driver that a scenario of the reference driver shows', () => {
    const shown = ['answers-sketch', 'counting', 'npcap-2016-first-fix', 'npcap-2016-no-pause'];
    expect(shippedDrivers()).to.include.members(shown);
  });

  it('exports and ships what there is', () => {
    const exported = Object.values(kit.exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    );
    for (const path of [...exported, ...Object.values(kit.bin)]) {
      expect(existsSync(join(kitRoot, sourceOf(path))) || existsSync(join(kitRoot, path)), path).to.equal(true);
    }
    const made = (path: string): boolean => path === 'dist' || path.startsWith('drivers/build/');
    for (const path of kit.files) {
      const folder = path.replace(/\/\*\.\w+$/, '');
      if (!made(path)) expect(existsSync(join(kitRoot, folder)), path).to.equal(true);
    }
  });

  it('is found by its name, whatever command is wanted: npx takes the bin of that name', () => {
    expect(Object.keys(kit.bin)).to.include.members(['lwf', kit.name]);
  });
});
