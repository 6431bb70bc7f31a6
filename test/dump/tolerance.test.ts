import { expect } from 'chai';
import fc from 'fast-check';
import { decodeText, explainDump, otherThanText } from '../../src/dump';
import { anyCharacter } from '../any-character';
import { fixture, SOURCES } from './sources';

const SEED = fixture('npf-2016-write');

function rulesOf(text: string): string[] {
  return explainDump(text).flatMap(({ rules }) => rules.map(({ rule, certainty }) => `${rule} ${certainty}`));
}

describe('The text of a dump', () => {
  const expected = rulesOf(SEED);

  it('is read with any line ends', () => {
    for (const end of ['\r\n', '\r']) expect(rulesOf(SEED.replaceAll('\n', end))).to.deep.equal(expected);
  });

  it('is read in the encodings of Windows', () => {
    const little = Buffer.from(SEED, 'utf16le');
    const encodings = [
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]),
      little,
      Buffer.from(little).swap16(),
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(SEED)]),
      Buffer.concat([
        Buffer.from('Absturz beim Trennen der Netzwerkkarte - gem\xe4\xdf Anleitung:\n', 'latin1'),
        Buffer.from(SEED),
      ]),
      Buffer.concat([Buffer.from([0xff, 0xfe]), little.subarray(0, little.length - 1)]),
    ];
    for (const bytes of encodings) expect(rulesOf(decodeText(bytes))).to.deep.equal(expected);
  });

  it('is read as forums show it: quoted, as HTML, with typographic quotes, in bold', () => {
    const pasted = [
      SEED.replace(/^/gm, '> '),
      `<pre>${SEED.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '&#96;')}</pre>`,
      SEED.replaceAll('\n', '<br />\n'),
      SEED.replaceAll('\n', '<br>'),
      SEED.replaceAll('`', '’'),
      SEED.replaceAll('`', ''),
      SEED.replaceAll('ndis!NdisFSend', '**ndis!NdisFSend'),
      SEED.replaceAll(' ', '\u00a0'),
      `\u001b[31m${SEED.replaceAll('\n', '\u001b[0m\n')}`,
      SEED.replaceAll('\n', '\n\n'),
    ];
    for (const text of pasted) expect(rulesOf(text)).to.deep.equal(expected);
  });

  it('is read when it was cut off behind the stack, or told twice on the page', () => {
    expect(rulesOf(SEED.slice(0, SEED.indexOf('MODULE_NAME')))).to.deep.equal(expected);
    expect(rulesOf(`${SEED}\n\nIch habe einen Treiber …\n${SEED}`)).to.deep.equal(expected);
  });

  it('says less when less is left', () => {
    const [crash] = explainDump(SEED.slice(0, SEED.indexOf('FAULTING_IP')));
    expect(crash?.rules).to.deep.equal([]);
    expect(crash?.none).to.match(/no call stack/);
  });

  it('loses certainty with the register that shows freed memory', () => {
    const unknown = SEED.replace(/^rax=\S+ rbx=\S+/m, '').replaceAll('6b49534e`02130030', 'ffffd507`28240048');
    const [crash] = explainDump(unknown);
    expect(crash?.conclusions.map(({ certainty }) => certainty)).to.deep.equal(['possible', 'possible', 'possible']);
  });

  it('may tell of several crashes', () => {
    const crashes = explainDump(`${fixture('wait-in-detach')}\n${SEED}\n${fixture('event-log')}`);
    expect(crashes.map(({ code }) => code)).to.deep.equal(['0x7C', '0x3B', '0xD1']);
  });

  it('is recognised in the languages and layouts of other tools', () => {
    const texts = [
      'Der Computer wurde nach einem schwerwiegenden Fehler neu gestartet. Der Fehlercode war: 0x0000007c (0x0000000000000025, 0x0000000000000011, 0xffffd78e90fb4fa8, 0x0000000000000000).',
      '*** STOP: 0x0000007C (0x0000000000000025,0x0000000000000011,0xFFFFD78E90FB4FA8,0x0000000000000000)',
      'The operating system detected an error in a networking driver.\nArguments:\nArg1: 25, x\nArg2: 11, y\nArg3: ffffd78e90fb4fa8\nArg4: 0',
      'BugCheck 7C, {25, 11, ffffd78e90fb4fa8, 0}\nProbably caused by : ndis.sys',
      [
        'Dump File         : 121420-1.dmp',
        'Fehlertext        : BUGCODE_NDIS_DRIVER',
        'Fehlercode        : 0x0000007c',
        'Parameter 1       : 00000000`00000025',
        'Parameter 2       : 00000000`00000011',
        'Parameter 3       : ffffd78e`90fb4fa8',
        'Parameter 4       : 00000000`00000000',
      ].join('\n'),
    ];
    for (const text of texts) {
      const [crash] = explainDump(text);
      expect(crash?.conclusions[0]?.id, text).to.equal('watchdog-filter-pause');
    }
    expect(explainDump('Stillstandcode: BUGCODE_NDIS_DRIVER\nFehlerursache: npcap.sys')[0]?.code).to.equal('0x7C');
  });

  it('is not seen where there is none', () => {
    for (const text of [
      '',
      'Good morning',
      'a log of nothing\n0 errors (0)',
      '{"seq":1,"dir":"->"}',
      '\0'.repeat(1000),
    ]) {
      expect(explainDump(text), JSON.stringify(text.slice(0, 40))).to.deep.equal([]);
    }
  });

  it('is told from dumps, programs and archives', () => {
    expect(otherThanText(Buffer.from('PAGEDU64aaaa'))).to.match(/dump itself/);
    expect(otherThanText(Buffer.from('MDMP....'))).to.match(/dump itself/);
    expect(otherThanText(Buffer.from('MZ\x90'))).to.match(/driver/);
    expect(otherThanText(Buffer.from('PK\x03\x04'))).to.match(/archive/);
    expect(otherThanText(Buffer.from(SEED))).to.equal(undefined);
  });

  it('never breaks the kit, however it is mangled', () => {
    const texts = Object.keys(SOURCES).map(fixture);
    const mangled = fc
      .record({
        text: fc.constantFrom(...texts),
        edits: fc.array(
          fc.record({
            at: fc.nat(6000),
            cut: fc.nat(200),
            put: fc.oneof(
              fc.string({ unit: anyCharacter, maxLength: 20 }),
              fc.constantFrom('0x', '`', '!', '[', ']+', '\n', ' : ', 'Arg1: ', '(7c)'),
            ),
          }),
          { maxLength: 8 },
        ),
      })
      .map(({ text, edits }) =>
        edits.reduce(
          (now, { at, cut, put }) =>
            now.slice(0, at % (now.length + 1)) + put + now.slice((at % (now.length + 1)) + cut),
          text,
        ),
      );
    fc.assert(
      fc.property(mangled, (text) => {
        for (const crash of explainDump(text)) {
          expect(crash.conclusions.length > 0 || crash.none !== undefined).to.equal(true);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is cut after fifty crashes', () => {
    const list = Array.from({ length: 2000 }, (_, at) => `BugCheck D1, {${at.toString(16)}, 2, 0, 1}`).join('\n');
    expect(explainDump(list)).to.have.length(50);
  });

  it('is read in time that grows with its length', () => {
    const long = `${'x'.repeat(200_000)}\n${'ffffa380`027037e0 '.repeat(20_000)}\n${SEED.repeat(20)}\n${'[a+b'.repeat(50_000)}`;
    expect(rulesOf(long)).to.deep.equal(expected);
  });
});
