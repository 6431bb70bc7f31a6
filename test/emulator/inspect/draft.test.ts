import { expect } from 'chai';
import * as fc from 'fast-check';
import { profileText, writtenKey, type Draft } from '../../../adapters/emulator/inspect/draft';
import { machineValues } from '../../../adapters/emulator/inspect/machine-keys';
import { adapterFacts, readProfile, registryValues } from '../../../adapters/emulator/profile';
import { anyCharacter } from '../../any-character';

const BARE: Draft = { driver: 'x', service: 'x', image: 'x.sys', registry: [] };
const SERVICES = '\\Registry\\Machine\\System\\CurrentControlSet\\Services';

/** Visible text, as a driver may register it. */
const name = fc.string({ unit: anyCharacter, minLength: 1 }).filter((text) => /^[^\s\p{C}][^\p{C}\p{Z}]*$/u.test(text));

describe('the draft of a profile', () => {
  it('is read again as it was meant, whatever the driver calls itself', () => {
    fc.assert(
      fc.property(name, fc.string({ unit: anyCharacter }), (driver, remark) => {
        const text = profileText(
          { ...BARE, driver },
          { head: [remark, `|${remark}`], open: [remark], setup: [], asks: [remark] },
        );
        expect(readProfile(text, 'draft.yaml').driver).to.equal(driver);
      }),
    );
  });

  it('keeps values that are only examples as comments', () => {
    const value = { key: 'Parameters', value: '0', why: 'why' };
    const draft: Draft = {
      ...BARE,
      registry: [
        { ...value, name: 'Given', active: true },
        { ...value, name: 'Open', active: false },
        { ...value, key: '.', name: 'Own', active: false },
      ],
    };
    const profile = readProfile(profileText(draft), 'draft.yaml');
    expect(profile.registry.map(({ key, name: own }) => [key, own])).to.deep.equal([
      [`${SERVICES}\\x\\Parameters`, 'Given'],
    ]);
    const uncommented = profileText(draft).replace(/^# ( {2,}.*)$/gm, '$1');
    expect(readProfile(uncommented, 'draft.yaml').registry).to.have.lengthOf(3);
  });

  it('writes keys as a profile does', () => {
    expect(writtenKey({ key: `${SERVICES}\\MyDriver\\Parameters` }, 'mydriver')).to.equal('Parameters');
    expect(writtenKey({ key: `${SERVICES}\\mydriver` }, 'mydriver')).to.equal('.');
    expect(writtenKey({ key: `${SERVICES}\\Tcpip` }, 'mydriver')).to.equal(
      'HKLM\\System\\CurrentControlSet\\Services\\Tcpip',
    );
  });

  it('gives what every machine has to a driver that looks for it, and nothing else', () => {
    const asked = (key: string) => machineValues([{ key, found: false }]);
    const linkage = asked(`${SERVICES}\\Tcpip\\Linkage`);
    expect(linkage.map(({ name: own }) => own)).to.deep.equal(['Bind', 'Export']);
    const profile = readProfile(profileText({ ...BARE, registry: linkage }), 'draft.yaml');
    const facts = adapterFacts(profile, 'A', 0);
    const [bind] = registryValues(profile, [facts]);
    expect(Buffer.from(bind?.bytes ?? []).toString('utf16le')).to.equal(`\\Device\\${facts.guid}\0\0`);

    const network =
      '\\Registry\\Machine\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e972-e325-11ce-bfc1-08002be10318}';
    expect(asked(network)).to.have.lengthOf(3);
    expect(asked(`${network}\\0001\\Linkage`)).to.not.deep.equal([]);
    expect(asked(`${SERVICES}\\mydriver\\Parameters`)).to.deep.equal([]);
    expect(machineValues([{ key: `${SERVICES}\\Tcpip\\Linkage`, found: true }])).to.deep.equal([]);
  });
});
