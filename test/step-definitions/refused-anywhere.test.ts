import { expect } from 'chai';
import { RigRefusal, type Adapter, type RefusalKind, type Rig } from '../../adapters/contract';
import { RIG_CALLS, type RigCall } from '../../adapters/contract/protocol';
import { openAdapter } from '../../src/conformance/adapters';
import { Player } from '../../src/conformance/player';

const SCENARIOS = ['features/pause/pends.feature:12', 'features/pause/pends.feature:24'];

/** @returns the reference filter on a rig that refuses the n-th call, and how many there were */
function refusing(at: number, kind: RefusalKind): { adapter: Adapter; calls: () => number } {
  const simulator = openAdapter({ driver: 'reference' });
  let calls = 0;
  const wrap = (rig: Rig): Rig => {
    const real = rig as unknown as Record<RigCall, (...values: readonly unknown[]) => Promise<unknown>>;
    const wrapped = (Object.keys(RIG_CALLS) as RigCall[]).map((method) => {
      const call = async (...values: readonly unknown[]): Promise<unknown> => {
        calls += 1;
        if (calls === at) throw new RigRefusal(kind, `no ${method}`);
        return real[method](...values);
      };
      return [method, call] as const;
    });
    return { ...(Object.fromEntries(wrapped) as unknown as Rig), profile: rig.profile };
  };
  return {
    adapter: { ...simulator, open: async (options) => wrap(await simulator.open(options)) },
    calls: () => calls,
  };
}

describe('A scenario in which a rig refuses something', () => {
  for (const kind of ['notObserved', 'environment'] as const) {
    it(`is no pass, wherever that is, and no failure (${kind})`, async () => {
      const player = await Player.prepare({ paths: ['features/pause/pends.feature'], tags: 'not @exhibit' });
      for (const id of SCENARIOS) {
        const play = async (at: number) => {
          const { adapter, calls } = refusing(at, kind);
          const { verdict, reason } = await player.play(id, { adapter, seed: 1, evidence: 'violations' });
          return { verdict, reason, calls: calls() };
        };
        const undisturbed = await play(0);
        expect(undisturbed.verdict).to.equal('pass');
        expect(undisturbed.calls).to.be.above(10);
        for (let at = 1; at <= undisturbed.calls; at += 1) {
          const { verdict, reason } = await play(at);
          expect(['not observed', 'error'], `${id}, call ${at}: ${verdict} ${reason ?? ''}`).to.include(verdict);
        }
      }
    });
  }
});
