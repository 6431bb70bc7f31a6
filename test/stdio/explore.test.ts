import { expect } from 'chai';
import { connectAdapter } from '../../adapters/stdio';
import { CannotJudge } from '../../src/conformance';
import { explore, type Exploration } from '../../src/conformance/generative';
import { inMemory, type Defect, type Message } from './in-memory';

const RUNS = 3;

/** @param error what is answered to a call, undefined: what the simulator answers */
async function exploring(error: (method: string) => Message['error']): Promise<Exploration> {
  const defect = (): Defect => ({
    answers: (answer, asked) => {
      const wrong = error(asked?.method ?? '');
      return [wrong ? { jsonrpc: '2.0', id: answer.id, error: wrong } : answer] as Message[];
    },
  });
  const controller = { name: 'test', version: '1' };
  const adapter = await connectAdapter({
    channel: inMemory(defect),
    controller,
    answerWithin: 5000,
    log: () => undefined,
  });
  try {
    return await explore({ adapter, seed: 1, runs: RUNS });
  } finally {
    await adapter.end();
  }
}

describe('random life histories through the protocol', () => {
  it('are played whole where the adapter can do everything', async () => {
    const { histories, limits, find } = await exploring(() => undefined);
    expect(find).to.equal(undefined);
    expect(histories).to.equal(RUNS);
    expect(limits.times).to.equal(0);
  });

  it('go round what the adapter cannot do, and say so', async () => {
    const missing = ['stopBefore', 'suspend', 'letTimePass'];
    const { histories, limits, find } = await exploring((method) =>
      missing.includes(method) ? { code: -32601, message: `There is no ${method}.` } : undefined,
    );
    expect(find).to.equal(undefined);
    expect(histories).to.equal(RUNS);
    expect(limits.times).to.be.at.least(RUNS);
    expect(limits.first).to.match(/There is no \w+\.$/);
  });

  it('end when the adapter itself fails, without a shorter history', async () => {
    let failed = 0;
    const thrown = await exploring((method) => {
      if (method !== 'load') return undefined;
      failed += 1;
      return { code: -32000, message: 'The licence has run out.', data: { kind: 'environment' } };
    }).catch((failure: unknown) => failure);
    expect(thrown).to.be.instanceOf(CannotJudge);
    expect((thrown as Error).message).to.include('The licence has run out.');
    expect(failed).to.equal(1);
  });
});
