import { expect } from 'chai';
import schema from '../../../adapters/emulator/profile/profile-1.schema.json';
import { complaint, HEAD, OPEN } from './profile-text';

/** What a vendor writes by mistake, and what he reads then. */
const MISTAKES: readonly (readonly [title: string, text: string, ...expected: string[]])[] = [
  ['nothing at all', '', 'my.yaml:1:1: a profile is empty. Expected: keys'],
  ['something that is no mapping', '- a', 'my.yaml:1:1: a profile is a list'],
  ['another encoding', Buffer.from(HEAD, 'utf16le').toString('utf8'), 'my.yaml:1:2: this is no text in UTF-8'],
  [
    'a letter of a code page',
    'profile: 1\ndriver: M\ufffdller',
    'my.yaml:2:10: this is no text in UTF-8; save a profile',
  ],
  [
    'no service',
    'profile: 1\ndriver: d',
    'a profile lacks "service": the service\'s name, as in the INF\'s AddService',
  ],
  [
    'a misspelt key',
    'profile: 1\ndriver: d\nservise: s',
    'my.yaml:3:1: "servise" is no key of a profile; did you mean "service"?',
  ],
  [
    'swapped letters',
    `${HEAD}${OPEN}asks:\n  sned: []`,
    'my.yaml:7:3: "sned" is no key of "asks"; did you mean "send"?',
  ],
  [
    'a version of the future',
    'profile: 2\ndriver: d\nservice: s',
    '1:10: "profile" is 2. Expected: the version of this format: 1',
  ],
  [
    'an NDIS that never was',
    `${HEAD}ndis: 6.33`,
    '4:7: "ndis" is 6.33; did you mean "6.30"?',
    'Allowed: 6.0, 6.1, 6.20',
  ],
  [
    'a key twice',
    `${HEAD}driver: again`,
    'my.yaml:4:1: this is not YAML as a profile uses it: Map keys must be unique',
  ],
  ['an open bracket', `${HEAD}setup: [`, 'my.yaml:4:'],
  ['an unknown tag', `${HEAD}notes: !big x`, 'my.yaml:4:8', '!big'],
  ['an alias of itself', `${HEAD}setup: &x [*x]`, 'nested deeper than 40 levels'],
  [
    'an ask without a handle',
    `${HEAD}asks:\n  send:\n    - write: [frame]`,
    'my.yaml:5:3: "send" is put through a handle',
  ],
  [
    'a misspelt field',
    `${HEAD}${OPEN}setup:\n  - write: [frmae]`,
    '7:13: "setup[0].write[0]" is "frmae"; did you mean "frame"?',
  ],
  [
    'a misspelt value',
    `${HEAD}${OPEN}setup:\n  - write: [u8: cuont]`,
    '7:17: "setup[0].write[0].u8" is "cuont"; did you mean "count"?',
  ],
  [
    'two kinds of request in one',
    `${HEAD}${OPEN}setup:\n  - write: []\n    read: 4`,
    'my.yaml:7:5: "setup[0]" must be exactly one thing',
  ],
  [
    'two fields in one',
    `${HEAD}${OPEN}setup:\n  - write: [{ u8: 1, u16: 2 }]`,
    'must be exactly one thing',
    'one of u8, u16',
  ],
  [
    'an input of a write',
    `${HEAD}${OPEN}setup:\n  - write: []\n    input: []`,
    'my.yaml:8:5: "input" needs "ioctl" beside it',
  ],
  [
    'a value that is too large',
    `${HEAD}${OPEN}setup:\n  - write: [u8: 300]`,
    'my.yaml:7:17: 300 does not fit u8, which has 8 bits',
  ],
  [
    'a number of more than 53 bits',
    `${HEAD}${OPEN}setup:\n  - write: [u64: 18446744073709551615]`,
    'one of more than 53 bits in quotes',
  ],
  ['a label that is not there', `${HEAD}${OPEN}setup:\n  - write: [u8: { lengthOf: x }]`, 'no field is labelled "x"'],
  [
    'a label twice',
    `${HEAD}${OPEN}setup:\n  - write: [{ u8: 1, label: x }, { u8: 2, label: x }]`,
    'two fields beside each other are labelled "x"',
  ],
  [
    'a text that is too long',
    `${HEAD}${OPEN}setup:\n  - write: [{ text: abc, size: 4 }]`,
    'the text takes 6 bytes, more than the 4 of its field',
  ],
  [
    'a placeholder with spaces',
    `${HEAD}open:\n  device: \\Device\\X_{ guid }`,
    '"{ guid }" is no placeholder; did you mean "guid"?',
  ],
  [
    'a misspelt placeholder',
    `${HEAD}open:\n  device: \\Device\\X_{giud}`,
    'my.yaml:5:11: "{giud}" is no placeholder; did you mean "guid"?',
  ],
  [
    'a placeholder without quotes',
    `${HEAD}open:\n  device: \\Device\\X\n  file: {guid}`,
    '"open.file" is a mapping',
    'in quotes',
  ],
  [
    'a device without a path',
    `${HEAD}open:\n  device: MyDriver`,
    '"open.device" is "MyDriver". Expected: the path of the device',
  ],
  [
    'a buffer for a giant',
    `${HEAD}${OPEN}setup:\n  - write: [{ repeat: 60000, of: [{ repeat: 60000, of: [] }] }]`,
    'more than 1048576 bytes',
  ],
  [
    'a code that is none',
    `${HEAD}${OPEN}setup:\n  - ioctl: MY_SEND`,
    'my.yaml:7:12: "MY_SEND" is no I/O control code',
    'CTL_CODE(FILE_DEVICE_NETWORK',
  ],
  [
    'a device type that is none',
    `${HEAD}codes:\n  A: CTL_CODE(FILE_DEVICE_NETWRK, 1, METHOD_BUFFERED, FILE_ANY_ACCESS)`,
    'my.yaml:5:6',
    'did you mean "FILE_DEVICE_NETWORK"?',
  ],
  [
    'three arguments',
    `${HEAD}codes:\n  A: CTL_CODE(1, 2, 3)`,
    'CTL_CODE takes four arguments (device type, function, method, access), not 3',
  ],
  ['a function of 13 bits', `${HEAD}codes:\n  A: CTL_CODE(1, 0x1000, 0, 0)`, '"0x1000" is no function', '0 to 0xFFF'],
  ['a method that is none', `${HEAD}codes:\n  A: CTL_CODE(1, 2, METHOD_DIRECT, 0)`, '"METHOD_DIRECT" is no method'],
  ['an access that is none', `${HEAD}codes:\n  A: CTL_CODE(1, 2, 0, FILE_WRITE | 7)`, '"FILE_WRITE | 7" is no access'],
  ['a hive that is none', `${HEAD}registry:\n  HKCU\\x:\n    A: 1`, 'my.yaml:5:3: "HKCU\\x" is no key', 'HKLM\\'],
  [
    'a registry type that is none',
    `${HEAD}registry:\n  Parameters:\n    A: { REG_DWRD: 1 }`,
    'did you mean "REG_DWORD"?',
  ],
  [
    'a text that differs between adapters',
    `${HEAD}registry:\n  Parameters:\n    A: '{guid}'`,
    'my.yaml:6:8: this text differs from adapter to adapter',
  ],
  [
    'a capability it cannot show',
    `${HEAD}capabilities: [originatesSends]`,
    '"originatesSends" cannot be shown: "asks" does not say how to ask for "send"',
  ],
  ['handles without open', `${HEAD}capabilities: [userModeHandles]`, '"open" does not say how'],
  [
    'times twice',
    `${HEAD}${OPEN}asks:\n  send:\n    times: count\n    steps:\n      - write: [frame]\n        times: count`,
    'my.yaml:11:16: the whole sequence is put once for each frame already',
  ],
];

/** Parts of the schema that hold a value against something, and have no words for what they want. */
function wordless(part: unknown, path: string): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const asks = 'type' in part || 'enum' in part || 'const' in part;
  const own = asks && !('description' in part) ? [path] : [];
  return [...own, ...Object.entries(part).flatMap(([key, inner]) => wordless(inner, `${path}/${key}`))];
}

describe('A profile that is not as it must be', () => {
  for (const [title, text, ...expected] of MISTAKES) {
    it(`is told so: ${title}`, () => {
      const message = complaint(text);
      for (const part of expected) expect(message).to.contain(part);
    });
  }

  it('is told in words, whatever does not fit', () => {
    const bare = wordless(schema, '#').filter((path) => !/\/(if|properties)$/.test(path));
    expect(bare).to.deep.equal([]);
  });

  it('is told of everything at once, in the order of the file', () => {
    const lines = complaint(`${HEAD}ndis: 7\nimage: a.exe\nnotes: []\n`).split('\n');
    expect(lines.map((line) => line.split(':')[1])).to.deep.equal(['4', '5', '6']);
  });

  it('is told where, behind an alias, too', () => {
    expect(complaint(`${HEAD}${OPEN}setup:\n  - &s\n    ioctl: NO\n  - *s`)).to.match(
      /^my\.yaml:8:12: .*\nmy\.yaml:8:12: /,
    );
  });
});
