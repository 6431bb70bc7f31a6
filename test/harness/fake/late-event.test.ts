import { expect } from 'chai';
import type { EtwEvent } from '../../../adapters/harness/agent/ports';
import { PROBE_PROVIDER } from '../../../adapters/harness/decode/probe-record';
import { fakeTarget, shipped } from './target';

function isAnswer({ payload }: EtwEvent): boolean {
  return Buffer.from(payload, 'base64').includes('EtwEnableCallback');
}

describe('An event of the probe that has its number, and is written only when all that was asked for is there', () => {
  it('is waited for', async () => {
    for (const late of [5, 20]) {
      const { adapter, windows, end } = fakeTarget({ driver: shipped('reference'), probe: true, unbound: true });
      const rig = await adapter.open({ seed: 1 });
      let written = 0;
      let held: EtwEvent | undefined;
      let answers = 0;
      windows.etw.forgets = (event) => {
        if (event.provider !== PROBE_PROVIDER) return false;
        written += 1;
        if (written === late) {
          held = event;
          return true;
        }
        if (held && isAnswer(event)) answers += 1;
        if (held && answers === 2) {
          const event = held;
          held = undefined;
          windows.etw.session?.write(event);
        }
        return false;
      };
      await rig.load();
      await rig.addAdapter('A');
      await rig.enableAdapter('A');
      expect(answers).to.equal(2);
      expect((await rig.modules()).map(({ state }) => state)).to.deep.equal(['Running']);
      await rig.close();
      await end();
    }
  });
});
