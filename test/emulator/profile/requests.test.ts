import { expect } from 'chai';
import { requestPlan } from '../../../adapters/emulator/requests';
import { HEAD, OPEN, read } from './profile-text';

const REGISTERED = '{5cbf81bd-5055-47cd-9055-a76b2b4e3697}';

describe('What applications put to a driver', () => {
  it('names the filter as the driver registered it, and not as some other filter', () => {
    const profile = read(
      `${HEAD}${OPEN}asks:\n  bypass:\n    - ioctl: 1\n      input:\n        - text: '{filterGuid}'\n          encoding: utf8\n`,
    );
    const named = (registered: string | undefined): string => {
      const [irp] = requestPlan(profile, () => registered).ask('bypass', 'A', 0, 1, 0) ?? [];
      const raw = irp?.input?.['raw'] as { input: Uint8Array };
      return Buffer.from(raw.input).toString('latin1');
    };
    expect(named(REGISTERED)).to.equal(REGISTERED.toUpperCase());
    expect(named(undefined)).to.match(/^\{4C574653-/);
  });
});
