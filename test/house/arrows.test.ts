import { expect } from 'chai';
import { ESLint, type Linter } from 'eslint';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { kitRoot } from '../../src/conformance/kit-root';

const RULE = 'import-x/no-restricted-paths';

/** The arrows of the design, written down a second time: a wrong edit of `eslint.arrows.mjs` must not pass unseen. */
const NEVER: readonly (readonly [room: string, mustNotKnow: readonly string[]])[] = [
  ['src/trace', ['src/rules', 'src/kernel', 'src/ndis', 'adapters/contract', 'adapters/simulator', 'src/conformance']],
  ['src/rules', ['src/kernel', 'src/ndis', 'adapters/contract', 'adapters/simulator', 'src/conformance', 'src/cli']],
  ['src/kernel', ['src/rules', 'src/ndis', 'adapters/contract', 'adapters/simulator', 'src/conformance']],
  ['src/ndis', ['src/rules', 'adapters/contract', 'adapters/simulator', 'src/conformance', 'src/reporting']],
  ['adapters/contract', ['src/rules', 'src/kernel', 'src/ndis', 'adapters/simulator', 'src/conformance']],
  ['adapters/simulator', ['src/rules', 'src/conformance', 'src/reporting', 'src/cli', 'step-definitions']],
  ['adapters/modelled', ['src/rules', 'adapters/simulator', 'adapters/emulator/cpu', 'src/conformance']],
  ['adapters/emulator/cpu', ['src/kernel', 'src/ndis', 'src/trace', 'adapters/contract', 'adapters/emulator/image']],
  ['adapters/emulator/image', ['src/kernel', 'src/ndis', 'src/trace', 'adapters/contract', 'adapters/emulator/cpu']],
  ['adapters/emulator/profile', ['src/ndis', 'adapters/modelled', 'adapters/emulator/machine', 'src/conformance']],
  ['adapters/emulator/machine', ['src/rules', 'adapters/simulator', 'src/conformance', 'step-definitions']],
  ['step-definitions', ['src/kernel', 'src/ndis', 'adapters/simulator', 'src/conformance', 'src/reporting', 'src/cli']],
  ['src/conformance', ['src/reporting', 'src/cli', 'test']],
  ['src/reporting', ['src/cli', 'step-definitions', 'test']],
  ['src/cli', ['step-definitions', 'test']],
];

const ALLOWED: readonly (readonly [room: string, mayKnow: readonly string[]])[] = [
  ['src/rules', ['src/trace']],
  ['src/kernel', ['src/trace']],
  ['src/ndis', ['src/kernel', 'src/trace']],
  ['adapters/contract', ['src/trace']],
  ['adapters/simulator', ['adapters/contract', 'src/ndis', 'src/kernel', 'src/trace']],
  ['adapters/modelled', ['adapters/contract', 'src/ndis', 'src/kernel', 'src/trace']],
  ['adapters/emulator/machine', ['adapters/emulator/cpu', 'adapters/emulator/image', 'adapters/modelled', 'src/ndis']],
  ['step-definitions', ['adapters/contract', 'src/trace', 'src/rules']],
];

/** A source file of the room: ESLint reads rules for it as for any other file there. */
function fileIn(room: string): string {
  const found = readdirSync(join(kitRoot, room), { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.ts'),
  );
  if (found === undefined) throw new Error(`${room} holds no TypeScript file`);
  return join(kitRoot, room, found);
}

function importText(from: string, to: string): string {
  const path = relative(join(from, '..'), to).replaceAll('\\', '/').replace(/\.ts$/, '');
  const specifier = path.startsWith('.') ? path : `./${path}`;
  return `import type * as known from '${specifier}';\nexport type Known = typeof known;\n`;
}

describe('The arrows between rooms', () => {
  let eslint: ESLint;

  before(async () => {
    // The arrows alone: the rules that need types would make each of these tiny texts cost seconds.
    const eslintOfHouse = new ESLint({ cwd: kitRoot });
    const config = (await eslintOfHouse.calculateConfigForFile(fileIn('src/trace'))) as Linter.Config;
    const { parser } = config.languageOptions as { parser: Linter.Parser };
    eslint = new ESLint({
      cwd: kitRoot,
      overrideConfigFile: true,
      overrideConfig: {
        files: ['**/*.ts'],
        languageOptions: { parser },
        plugins: { 'import-x': config.plugins?.['import-x'] ?? {} },
        settings: config.settings ?? {},
        rules: { [RULE]: config.rules?.[RULE] ?? 'off' },
      },
    });
  });

  async function complaints(room: string, other: string): Promise<string[]> {
    const file = fileIn(room);
    const [result] = await eslint.lintText(importText(file, fileIn(other)), { filePath: file });
    return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }

  for (const [room, others] of NEVER) {
    it(`${room} never imports ${others.join(', ')}`, async () => {
      for (const other of others) {
        expect(await complaints(room, other), `${room} -> ${other}`).to.have.length(1);
      }
    });
  }

  for (const [room, others] of ALLOWED) {
    it(`${room} may import ${others.join(', ')}`, async () => {
      for (const other of others) expect(await complaints(room, other), `${room} -> ${other}`).to.deep.equal([]);
    });
  }

  it('hold for every TypeScript file of every room', async () => {
    const house = new ESLint({ cwd: kitRoot });
    for (const [room] of NEVER) {
      const config = (await house.calculateConfigForFile(fileIn(room))) as Linter.Config;
      const severity = [config.rules?.[RULE]].flat()[0];
      expect(severity, room).to.equal(2);
    }
  });
});
