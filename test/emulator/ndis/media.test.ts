import { expect } from 'chai';
import { MEDIA, NdisPart } from '../../../adapters/emulator/machine/ndis';
import { ATTACH_PARAMETERS, RESTART_PARAMETERS } from '../../../adapters/emulator/machine/ndis/layouts';
import { lendAttachParameters, lendRestartParameters } from '../../../adapters/emulator/machine/ndis/parameters';
import { profileText } from '../../../adapters/emulator/inspect/draft';
import { readProfile } from '../../../adapters/emulator/profile';
import { Caller } from './caller';

const ATTACH = {
  FilterModuleGuidName: '{A}-{F}',
  BaseMiniportName: 'A',
  MiniportMediaType: 'NdisMedium802_3',
  CurrentMacAddress: '02-00-00-00-00-01',
  LowerIfIndex: 100,
} as const;

describe('The medium of the adapters', () => {
  for (const [medium, type, physical, addressLength] of [
    ['ethernet', 0, 14, 6],
    ['ip', 19, 0, 0],
    ['wifi', 16, 9, 6],
  ] as const) {
    it(`is what FilterAttach and FilterRestart are told: ${medium}`, () => {
      const { guest } = new Caller();
      guest.part(NdisPart).medium = MEDIA[medium];
      const { memory } = guest;
      const { offset: attach } = lendAttachParameters(guest, ATTACH, '');
      expect(memory.u32(attach + 0x48)).to.equal(type);
      expect(memory.u32(attach + 0x4c)).to.equal(physical);
      expect(memory.u16(attach + ATTACH_PARAMETERS.macAddressLength)).to.equal(addressLength);
      expect(memory.u8(attach + ATTACH_PARAMETERS.currentMacAddress)).to.equal(addressLength === 0 ? 0 : 2);
      const { offset: restart } = lendRestartParameters(guest, { RestartAttributes: null, LowerIfIndex: 100 });
      expect([memory.u32(restart + 0x04), memory.u32(restart + 0x08)]).to.deep.equal([type, physical]);
    });
  }

  it('comes with the interface of the miniport, which is what is below the lowest filter', () => {
    const { guest } = new Caller();
    const { memory } = guest;
    guest.part(NdisPart).adapterNames = () => ({ miniport: 'M', module: 'F', ifIndex: 7 });
    const indices = (lower: number): number[] => {
      const { offset } = lendAttachParameters(guest, { ...ATTACH, LowerIfIndex: lower }, '');
      const { offset: restart } = lendRestartParameters(guest, { RestartAttributes: null, LowerIfIndex: lower });
      const { baseMiniportIfIndex, lowerIfIndex } = ATTACH_PARAMETERS;
      return [
        ...[memory.u32(offset + baseMiniportIfIndex), memory.u32(offset + lowerIfIndex)],
        memory.u32(restart + RESTART_PARAMETERS.lowerIfIndex),
      ];
    };
    expect(indices(100)).to.deep.equal([7, 7, 7]);
    expect(indices(102)).to.deep.equal([7, 102, 102]);
  });

  it('comes with names that a driver may step through in place', () => {
    const caller = new Caller();
    const { memory } = caller.guest;
    const { offset } = lendAttachParameters(caller.guest, { ...ATTACH, BaseMiniportName: 'ABC' }, '');
    const name = memory.u64(offset + ATTACH_PARAMETERS.baseMiniportName);
    const at = memory.offsetOf(name) ?? 0;
    const rest = caller.space(16);
    memory.setU16(rest, 2);
    memory.setU64(rest + 8, memory.u64(at + 8) + 2n);
    caller.do('RtlCopyUnicodeString', name, caller.address(rest));
    expect(memory.u16(at)).to.equal(2);
  });

  it('is said by the profile, and by the draft of one', () => {
    const draft = { driver: 'x', service: 'x', image: undefined, registry: [] };
    expect(readProfile(profileText(draft), 'my.yaml').adapters.medium).to.equal('ethernet');
    expect(readProfile(profileText({ ...draft, medium: 'wirelessWan' }), 'my.yaml').adapters.medium).to.equal(
      'wirelessWan',
    );
    expect(() => readProfile('profile: 1\ndriver: x\nservice: x\nadapters: { medium: token }\n', 'my.yaml')).to.throw(
      /my\.yaml:4:\d+.*medium/s,
    );
  });
});
