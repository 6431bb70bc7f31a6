import { expect } from 'chai';
import { fakeTarget, shipped } from './target';

describe('The session of ETW that an agent listens to', () => {
  it('is begun anew for the next scenario when somebody has ended it', async () => {
    const { adapter, windows, end } = fakeTarget({ driver: shipped('reference'), probe: true, unbound: true });
    for (let scenario = 0; scenario < 3; scenario += 1) {
      const rig = await adapter.open({ seed: 1 });
      await rig.load();
      await rig.addAdapter('A');
      await rig.enableAdapter('A');
      expect((await rig.modules()).map(({ state }) => state)).to.deep.equal(['Running']);
      await rig.close();
      windows.etw.session = undefined;
    }
    expect(await end()).to.deep.equal([]);
    expect(windows.etw.session).to.equal(undefined);
  });
});
