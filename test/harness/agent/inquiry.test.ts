import { expect } from 'chai';
import { inquiryOn } from '../../../adapters/harness/agent/inquiry';
import type { Ports } from '../../../adapters/harness/agent/ports';
import { SESSION } from '../../../adapters/harness/agent/rig/events';
import { onMachine } from './in-rig';

describe('what the machine is asked besides playing scenarios', () => {
  it('measures a flush in the session that the next agent ends, should this one be killed over it', async () => {
    const inRig = onMachine();
    const { ports } = inRig.machine;
    const sessions: unknown[] = [];
    const helper: Ports['helper'] = {
      ...ports.helper,
      request: (op, params) => {
        if (op === 'etw.start') sessions.push((params as { readonly session: string }).session);
        return ports.helper.request(op, params);
      },
    };
    await inquiryOn({ ...ports, helper, drivers: '' }).measure(1);
    expect(sessions).to.have.lengthOf(1);
    expect(sessions).to.deep.equal([SESSION]);
  });
});
