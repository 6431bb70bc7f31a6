import { expect } from 'chai';
import { toldOpen } from '../../step-definitions/support/outcomes';
import type { Crossing, CrossingDraft } from '../../src/trace';

const REGISTERED: CrossingDraft = { dir: '=>', ddi: 'NdisRegisterDeviceEx', args: { name: '\\Device\\Mine' } };
const LINKED: CrossingDraft = {
  dir: '=>',
  ddi: 'IoCreateSymbolicLink',
  args: { link: '\\??\\Mine', name: '\\Device\\Mine' },
};
const ENTERED: CrossingDraft = { dir: '->', ddi: 'IRP_MJ_CREATE', args: { name: 'x' } };

/** @param crossings of the driver's load, and after them those of the open */
function told(
  load: readonly CrossingDraft[],
  open: readonly CrossingDraft[],
  status = 'STATUS_NO_SUCH_DEVICE',
): string {
  const trace: Crossing[] = [{ dir: '->', ddi: 'DriverEntry' } as const, ...load, ...open].map((draft, index) => ({
    seq: index + 1,
    thread: 't1',
    ...draft,
  }));
  return toldOpen({ state: 'done', status }, trace, load.length + 1);
}

describe('an open that a profile gets wrong', () => {
  it('of a device that the driver has not: those that it has', () => {
    expect(told([REGISTERED, LINKED], [])).to.equal(
      'no device of the driver has the name in the profile\'s "open" (it made \\Device\\Mine, \\??\\Mine): it ended with STATUS_NO_SUCH_DEVICE',
    );
    expect(told([], [])).to.contain('(it made none)');
  });

  it('that the driver refuses: the file that it was given', () => {
    const refused: CrossingDraft = { dir: '<-', ddi: 'IRP_MJ_CREATE', status: 'STATUS_NO_SUCH_DEVICE' };
    expect(told([REGISTERED], [ENTERED, refused])).to.equal(
      'the driver refuses IRP_MJ_CREATE of the file "x": it ended with STATUS_NO_SUCH_DEVICE',
    );
  });

  it('that succeeds, where what follows it does not', () => {
    const opened: CrossingDraft = { dir: '<-', ddi: 'IRP_MJ_CREATE', status: 'STATUS_SUCCESS' };
    expect(told([REGISTERED], [ENTERED, opened], 'STATUS_INVALID_PARAMETER')).to.equal(
      'the open succeeds, and then a request of the profile\'s "setup" fails: it ended with STATUS_INVALID_PARAMETER',
    );
  });
});
