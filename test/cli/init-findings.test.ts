import { expect } from 'chai';
import type { Inspection, OpenTried } from '../../adapters/emulator/inspect';
import { howOpened } from '../../src/cli/init/findings';
import { remarksOn } from '../../src/cli/init/remarks';

const DEVICE = String.raw`\Device\Mine`;

function tried(file: string, opens: boolean, isMadeUp = false): OpenTried {
  return { device: DEVICE, file, answer: opens ? 'STATUS_SUCCESS' : 'STATUS_NO_SUCH_DEVICE', opens, isMadeUp };
}

/** A driver with a device, and what became of opening it. */
function inspected(opens: readonly OpenTried[], more: Partial<Inspection> = {}): Inspection {
  return {
    draft: {
      driver: 'Mine',
      service: 'mine',
      image: 'mine.sys',
      registry: [],
      open: { device: DEVICE, file: '', oneAtATime: false },
    },
    filters: [],
    stages: [],
    reads: [],
    devices: [{ name: DEVICE, isLink: false }],
    opens,
    writes: [],
    codesTried: [],
    majors: ['IRP_MJ_CREATE', 'IRP_MJ_DEVICE_CONTROL'],
    codes: [],
    readsAttribute: false,
    ...more,
  };
}

describe('what lwf init says of a driver', () => {
  it('does not say that a device opens that a person named, and that does not', () => {
    expect(howOpened(inspected([tried('', true)]))).to.equal(`${DEVICE} opens on a running module.`);
    expect(howOpened(inspected([tried('', false)]))).to.equal(
      `${DEVICE}, as it was given, does not open on a running module: STATUS_NO_SUCH_DEVICE.`,
    );
  });

  it('asks what tells a handle its adapter where any name opens it, and knows what it can be', () => {
    const any = [tried('', true), tried('nobody', true, true)];
    const setup = (more: Partial<Inspection> = {}): string => remarksOn(inspected(any, more), '').setup.join('\n');
    expect(setup()).to.match(/any name opens it, so that it is a request\. Which of the codes/);
    expect(setup()).to.match(/which ones could not be read from its code/);
    expect(setup({ readsAttribute: true })).to.match(/so that it is the extended attribute, or a request/);
    const codes = [{ value: 0x222004, spelt: 'CTL_CODE(…)', throughTable: true as const }];
    expect(setup({ codes })).to.match(/0x00222004 = CTL_CODE\(…\) \*\nThose with an asterisk/);
    expect(setup({ majors: ['IRP_MJ_CREATE', 'IRP_MJ_READ'] }), 'nothing to ask for').to.equal('');
  });

  it('tells that the driver looks at an extended attribute, and shows how one is given', () => {
    const none = inspected([tried('', false)], { readsAttribute: true });
    const { open: _none, ...draft } = none.draft;
    const { open } = remarksOn({ ...none, draft }, '');
    expect(open.join('\n')).to.match(/looks at an extended attribute of the open/);
    expect(open.join('\n')).to.match(/\| {2}ea:\n\| {4}name: MyOpenPacket\n/);
  });
});
