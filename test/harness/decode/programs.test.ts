/** What programs of Windows print, and how they end. Where a text is from stands with it; the others are constructed. */
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeNetcfg } from '../../../adapters/harness/decode/netcfg';
import { decodeVerifierSettings } from '../../../adapters/harness/decode/verifier';
import { explainDump } from '../../../src/dump';

describe('netcfg', () => {
  it('has done it, and says when Windows must be started again: 4a020 in https://github.com/nmap/npcap/issues/224', () => {
    expect(decodeNetcfg({ code: 0, stdout: '' })).to.deep.equal({ isDone: true, needsRestart: false, words: '' });
    expect(decodeNetcfg({ code: 0x4a020, stdout: '' })).to.include({ isDone: true, needsRestart: true });
    expect(decodeNetcfg({ code: 0x4a024, stdout: '' })).to.include({ isDone: true, needsRestart: false });
  });

  it('says why not, signed or not', () => {
    const locked = 'another program is changing the network configuration: close it, or wait (0x8004A024)';
    for (const code of [0x8004a024, 0x8004a024 | 0])
      expect(decodeNetcfg({ code, stdout: '' })).to.deep.equal({ isDone: false, needsRestart: false, words: locked });
    // 800f0203 in https://github.com/nmap/npcap/issues/31
    const stdout = 'Trying to install ms_mylwf ...\r\n\r\n... failed. Error code: 0x800f0203.\r\n';
    expect(decodeNetcfg({ code: 1, stdout }).words).to.equal('no driver was found for that component id (0x800F0203)');
  });

  it('may say anything else', () => {
    expect(decodeNetcfg({ code: 3, stdout: 'Es ging nicht.\r\n' }).words).to.equal('exit code 3: Es ging nicht.');
    expect(decodeNetcfg({ code: 0xc0000005, stdout: '' }).words).to.equal('0xC0000005');
    fc.assert(
      fc.property(fc.integer(), fc.string(), (code, stdout) => {
        const { isDone, words } = decodeNetcfg({ code, stdout });
        expect(isDone).to.equal(words === '');
      }),
    );
  });
});

// The example of "Driver Verifier Command Syntax", Windows 7, shortened:
// https://learn.microsoft.com/windows-hardware/drivers/devtest/using-driver-verifier--windows-7-and-earlier-
const SEVEN = `Special pool: Disabled
Low resources simulation: Enabled

Low Resources Simulation options:

- Fail only allocations using pool tags: Tag1 Tag2.
- Simulate low resources conditions only in applications: test1.exe test2.exe.

Verified drivers:

blah.sys
`;

// Constructed, in the form of Windows 10.
const TEN = `
Verifier Flags: 0x002209BB

  Standard Flags:

    [X] 0x00000001 Special pool.
    [ ] 0x00000004 Randomized low resources simulation.

  Boot Mode:

    Persistent

  Verified Drivers:

    MyLwf.sys
    ndis.sys
`;

describe('verifier', () => {
  it('names the drivers that it verifies, and its flags', () => {
    expect(decodeVerifierSettings(SEVEN)).to.deep.equal({ drivers: ['blah.sys'] });
    expect(decodeVerifierSettings(TEN)).to.deep.equal({ flags: '0x002209bb', drivers: ['mylwf.sys', 'ndis.sys'] });
    const query = 'Level: 000209BB\r\n\r\nName: mylwf.sys, loads: 1, unloads: 0\r\nName: MYLWF.SYS, loads: 2\r\n';
    expect(decodeVerifierSettings(query)).to.deep.equal({ flags: '0x000209bb', drivers: ['mylwf.sys'] });
  });

  it('may verify none, or say anything', () => {
    expect(decodeVerifierSettings('No drivers are currently verified.')).to.deep.equal({ drivers: [] });
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(decodeVerifierSettings(text).drivers)));
  });
});

// Texts of event 1001 of the System log, which the agent sends as they are, and lwf explain --dump reads.
const BUGCHECKS: readonly (readonly [text: string, code: string, first: string])[] = [
  // https://github.com/nmap/npcap/issues/184
  [
    'The computer has rebooted from a bugcheck.  The bugcheck was: 0x0000007c (0x0000000000000014, 0x0000000000000002, 0x0000000000000000, 0x0000000000000000). A dump was saved in: C:\\WINDOWS\\MEMORY.DMP. Report Id: dfcac66d-9fff-4a3d-8d79-74233a646a5c.',
    '0x7C',
    '0x14',
  ],
  // https://github.com/microsoft/DTrace-on-Windows/issues/60
  [
    'The computer has rebooted from a bugcheck.\nThe bugcheck was: 0x0000018b (0x000000000000018c, 0x0000000000001105, 0x0000000000000000, 0x0000000000000000).\nA dump was saved in: C:\\WINDOWS\\Minidump\\111324-18640-01.dmp.',
    '0x18B',
    '0x18c',
  ],
  // Constructed: German, and what host.ps1 makes of an event whose provider has no texts.
  [
    'Der Computer wurde nach einem schwerwiegenden Fehler neu gestartet. Der Fehlercode war: 0x000000c4 (0x0000000000092010, 0xffffb704652e8dc0, 0x0000000000000000, 0x0000000000000000).',
    '0xC4',
    '0x92010',
  ],
  [
    'The bugcheck was: 0x0000007c (0x0000000000000025, 0x000000000000000b, 0xffffb704652e8dc0, 0x0000000000000000). A dump was saved in: C:\\Windows\\MEMORY.DMP.',
    '0x7C',
    '0x25',
  ],
];

describe('Event 1001', () => {
  it('is explained, in whatever language the system speaks', () => {
    for (const [text, code, first] of BUGCHECKS) {
      const [crash, ...others] = explainDump(text);
      expect(crash?.code, text).to.equal(code);
      expect(crash?.parameters[0], text).to.equal(first);
      expect(others).to.deep.equal([]);
    }
  });
});
