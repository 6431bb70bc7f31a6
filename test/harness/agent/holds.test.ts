import { expect } from 'chai';
import type { HeldFrame, Helper } from '../../../adapters/harness/agent/ports';
import { frameName, frameOf } from '../../../adapters/harness/agent/rig/frames';
import { Holds } from '../../../adapters/harness/agent/rig/holds';

const MARKED = { origin: 'filter', number: 7 } as const;
const HELD: HeldFrame = { index: 0, bytes: frameOf(MARKED), length: 60, cpu: 0 };

/** fnmp holds one frame of the driver; each look is answered as is said, and the last answer stays. */
async function holding(
  ...looks: readonly (readonly HeldFrame[] | 'refused')[]
): Promise<{ holds: Holds; vanished: string[] }> {
  const answers = [...looks];
  const vanished: string[] = [];
  const answer = async (op: string): Promise<unknown> => {
    if (op !== 'fnmp.held') return { handle: 1 };
    const look = answers.length > 1 ? answers.shift() : answers[0];
    if (look === 'refused') throw new Error('STATUS_INSUFFICIENT_RESOURCES (0xC000009A)');
    return { frames: look, t: '0' };
  };
  const helper: Pick<Helper, 'request'> = { request: answer as Helper['request'] };
  const holds = new Holds(helper as Helper, 'below', (names) => vanished.push(...names));
  await holds.open(1);
  await holds.keep(true);
  return { holds, vanished };
}

describe('What a test driver holds while its adapter is about to go', () => {
  it('is not gone because the machine refuses a look', async () => {
    const { holds, vanished } = await holding([HELD], 'refused');
    expect((await holds.look()).map(({ name }) => name)).to.deep.equal([frameName(MARKED)]);
    holds.leave();
    let failure: unknown;
    await holds.look().catch((thrown: unknown) => (failure = thrown));
    expect(String(failure)).to.include('STATUS_INSUFFICIENT_RESOURCES');
    expect(vanished).to.deep.equal([]);
  });

  it('is looked at once more when nothing was there before', async () => {
    const { holds } = await holding('refused', [HELD]);
    holds.leave();
    expect(await holds.look()).to.have.lengthOf(1);
  });

  it('is nothing when the adapter has gone', async () => {
    const { holds, vanished } = await holding([], 'refused');
    expect(await holds.look()).to.deep.equal([]);
    holds.leave();
    expect(await holds.look()).to.deep.equal([]);
    expect(vanished).to.deep.equal([]);
  });
});
