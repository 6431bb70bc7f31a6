import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { shellWord } from '../../src/conformance/shell-word';

describe('A name in a printed command', () => {
  const cases: readonly (readonly [name: string, word: string])[] = [
    ['build/driver-1.2.sys', 'build/driver-1.2.sys'],
    ['C:\\drivers\\müller.sys', 'C:\\drivers\\müller.sys'],
    ['my driver.sys', '"my driver.sys"'],
    ['C:\\Program Files\\driver.sys', '"C:\\Program Files\\driver.sys"'],
    ['driver (1).sys', '"driver (1).sys"'],
    ['python3 a.py --nic "Intel 2"', '"python3 a.py --nic \\"Intel 2\\""'],
    ['$HOME of `me`.sys', '"\\$HOME of \\`me\\`.sys"'],
  ];
  for (const [name, word] of cases) {
    it(`${name}`, () => {
      expect(shellWord(name)).to.equal(word);
    });
  }

  it('comes back from a shell as it was', function () {
    if (process.platform === 'win32') this.skip();
    const names = cases.map(([name]) => name).filter((name) => !name.startsWith('C:\\d'));
    const printed = execFileSync('sh', ['-c', `printf '%s\\n' ${names.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(printed.trimEnd().split('\n')).to.deep.equal(names);
  });
});
