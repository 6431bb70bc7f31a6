import { expect } from 'chai';
import { adapterFacts, planOpen, registryValues, serviceKey } from '../../../adapters/emulator/profile';
import { HEAD, hex, read } from './profile-text';

function values(registry: string, adapters: readonly string[] = ['A', 'B']) {
  const profile = read(`${HEAD}registry:\n${registry}`);
  return registryValues(
    profile,
    adapters.map((name, position) => adapterFacts(profile, name, position)),
  );
}

const SERVICE = '\\Registry\\Machine\\System\\CurrentControlSet\\Services\\mydriver';
const wide = (text: string) => hex(Buffer.from(text, 'utf16le'));

describe('The registry of a profile', () => {
  it('holds numbers, texts, lists of texts and what has its type written down', () => {
    const found = values(
      `  Parameters:\n    N: 258\n    S: hi\n    L: [a, bc]\n    B: { REG_BINARY: '01 02' }\n    E: { REG_EXPAND_SZ: '%x%' }\n    Q: { REG_QWORD: '0x0102030405060708' }\n    D: { REG_DWORD: 7 }\n`,
    );
    expect(found.map(({ name, type, bytes }) => [name, type, hex(bytes)])).to.deep.equal([
      ['N', 'REG_DWORD', '02010000'],
      ['S', 'REG_SZ', wide('hi\0')],
      ['L', 'REG_MULTI_SZ', wide('a\0bc\0\0')],
      ['B', 'REG_BINARY', '0102'],
      ['E', 'REG_EXPAND_SZ', wide('%x%\0')],
      ['Q', 'REG_QWORD', '0807060504030201'],
      ['D', 'REG_DWORD', '07000000'],
    ]);
    expect(new Set(found.map(({ key }) => key))).to.deep.equal(new Set([`${SERVICE}\\Parameters`]));
  });

  it('knows keys of the service, its own, and whole paths', () => {
    const found = values(
      `  .: { A: 1 }\n  Sub\\Deep: { A: 1 }\n  HKLM\\Software\\X: { A: 1 }\n  \\Registry\\Machine\\Y: { A: 1 }\n`,
    );
    expect(found.map(({ key }) => key)).to.deep.equal([
      SERVICE,
      `${SERVICE}\\Sub\\Deep`,
      '\\Registry\\Machine\\Software\\X',
      '\\Registry\\Machine\\Y',
    ]);
    expect(serviceKey('mydriver')).to.equal(SERVICE);
  });

  it('has a key with a placeholder once for each adapter, and a text in a list, too', () => {
    const perKey = values(`  Parameters\\Adapters\\{guid}: { Index: '{instance}' }\n`);
    expect(perKey.map(({ bytes }) => hex(bytes))).to.deep.equal([wide('0001\0'), wide('0002\0')]);
    expect(new Set(perKey.map(({ key }) => key)).size).to.equal(2);
    const [list] = values(`  Linkage: { Bind: ['\\Device\\{adapter}', fixed] }\n`);
    expect(hex(list?.bytes)).to.equal(wide('\\Device\\A\0\\Device\\B\0fixed\0\0'));
    expect(hex(values(`  Linkage: { Bind: ['{guid}'] }\n`, [])[0]?.bytes)).to.equal(wide('\0'));
  });
});

describe('The names of adapters', () => {
  it('are their own, and the same in every run', () => {
    const profile = read(HEAD);
    const [A, B] = [adapterFacts(profile, 'A', 0), adapterFacts(profile, 'B', 1)];
    expect(A.guid).to.match(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
    expect(A.guid).not.to.equal(B.guid);
    expect(adapterFacts(profile, 'A', 0)).to.deep.equal(A);
    expect([A.ifIndex, B.ifIndex, B.instance]).to.deep.equal([1, 2, '0002']);
    expect(A.miniport).to.equal(`\\Device\\${A.guid}`);
    expect(A.moduleName).to.equal(`${A.guid}-${A.filterGuid}-0000`);
  });

  it('have the GUID in them that the driver registers, as NDIS does, unless the profile knows better', () => {
    const unique = '{7daf2ac8-e9f6-4765-a842-f1f5d2501341}';
    const other = '{11111111-2222-3333-4444-555555555555}';
    const named = (text: string, registered: string): string =>
      adapterFacts(read(HEAD + text), 'A', 0, registered).moduleName.slice(39, 77);
    expect(named('', unique)).to.equal(unique.toUpperCase());
    expect(named(`filter: { guid: '${other}' }\n`, unique)).to.equal(other);
    expect(named('', 'no GUID')).to.equal(adapterFacts(read(HEAD), 'A', 0).filterGuid);
  });

  it('follow the patterns of the profile', () => {
    const guid = '{01234567-89ab-cdef-0123-456789abcdef}';
    const profile = read(
      `${HEAD}filter: { guid: '${guid}', class: encryption }\nadapters: { baseMiniportName: '\\DEVICE\\{guid}', moduleName: '{miniport}!{filterGuid}', ifIndex: 40 }\n` +
        `open: { device: '\\Device\\X_{ifIndex}', file: '{instance}\\{adapter}' }`,
    );
    const B = adapterFacts(profile, 'B', 1);
    expect(B.moduleName).to.equal(`\\DEVICE\\${B.guid}!${guid.toUpperCase()}`);
    expect(planOpen(profile, B)).to.deep.equal({ device: '\\Device\\X_41', fileName: '\\0002\\B' });
  });

  it('go by an NDIS version however YAML took it', () => {
    const versions = ['6.0', '6', '6.1', '6.20', '6.2', "'6.30'", '6.51', '6.89'].map(
      (v) => read(`${HEAD}ndis: ${v}`).ndis.minor,
    );
    expect(versions).to.deep.equal([0, 0, 1, 20, 20, 30, 51, 89]);
  });
});
