import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { kitRoot } from '../../src/conformance/kit-root';
import { lwfProcess, withFolder, type Ended } from './lwf';

const EXAMPLE = join(kitRoot, 'docs', 'examples', 'adapter.ts');

/** An adapter that does this when it is to pause a module, and is the example otherwise. */
function adapterThat(does: string): string {
  return `
    const { adapter } = require(${JSON.stringify(EXAMPLE)});
    exports.adapter = {
      name: 'odd',
      driver: adapter.driver,
      capabilities: () => adapter.capabilities(),
      profile: () => adapter.profile(),
      exhibit: () => undefined,
      async open(options) {
        const rig = await adapter.open(options);
        return new Proxy(rig, {
          get: (target, name) => name === 'pause' ? () => { ${does} } : target[name]?.bind(target),
        });
      },
    };`;
}

function run(does: string, ...more: string[]): Promise<Ended> {
  return withFolder(async (folder) => {
    const file = join(folder, 'odd.ts');
    writeFileSync(file, adapterThat(does));
    const out = ['--no-allure', '--out', join(folder, 'out')];
    return lwfProcess(['run', '--adapter', file, '--rule', 'PAU-01', ...out, ...more]);
  });
}

describe('lwf run with an adapter that is a module', function () {
  this.timeout(120_000);

  for (const workers of ['1', '2']) {
    it(`that never answers is no conforming driver (${workers} at a time)`, async () => {
      const { code, out, err } = await run('return new Promise(() => undefined);', '--workers', workers);
      expect(err).to.match(/^lwf: no verdict: \d+ scenarios? ended in an error/m);
      expect(out).to.include('The adapter never answered `pause`: nothing is left in its process that could.');
      expect(code).to.equal(2);
    });

    it(`that ends the process says that there is no result (${workers} at a time)`, async () => {
      const { code, err } = await run('process.exit(0);', '--workers', workers);
      expect(err).to.match(/^lwf: (?:the process was ended before the command was|A worker stopped)[^\n]+\n$/m);
      expect(code).to.equal(2);
    });
  }

  it('that leaves a promise to nobody is named with the place', async () => {
    const { code, err } = await run(`void Promise.reject(new Error('adrift'));\nreturn Promise.resolve();`);
    expect(err).to.match(
      /^lwf: [^\n]+odd\.ts:\d+ failed \(Error: adrift\), and nobody was there to catch it\. [^\n]+\n$/m,
    );
    expect(code).to.equal(2);
  });
});
