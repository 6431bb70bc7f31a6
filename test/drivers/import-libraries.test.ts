import { expect } from 'chai';
import { completed } from '../../scripts/drivers/import-libraries';

describe('Definitions of import libraries', () => {
  it('have the names that are missing, and each name once', () => {
    const known = 'LIBRARY "ntoskrnl.exe"\nEXPORTS\nExFreePool\nPsThreadType DATA\n';
    expect(completed('ntoskrnl.exe', known, ['ExFreePool', 'PsThreadType', 'ExAllocatePool2'])).to.equal(
      `${known}ExAllocatePool2\n`,
    );
  });

  it('are made where nobody has one', () => {
    expect(completed('fwpkclnt.sys', undefined, ['FwpmEngineOpen0'])).to.equal(
      'LIBRARY "fwpkclnt.sys"\nEXPORTS\nFwpmEngineOpen0\n',
    );
  });
});
