import { expect } from 'chai';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HARNESS } from '../../../adapters/harness/protocol';
import type { OpenChannel } from '../../../adapters/stdio';
import type { RunResult } from '../../../src/conformance';
import { kitVersion } from '../../../src/conformance/kit-root';
import { runOnLab } from '../../../src/conformance/run';
import { startLab } from '../../../src/conformance/run-on-lab';
import { inMemory, type Message } from '../../stdio/in-memory';
import { facts } from '../link/machine';
import { HASTY, labFolder } from './lab';

type Answer = (asked: Message, count: number) => object | string | undefined;

describe('a lab machine that is not to be trusted, in a run', () => {
  let folder: string;
  let boots: number;

  beforeEach(() => {
    folder = labFolder();
    boots = 1;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The simulator's agent, but for some answers. Each connection is another start of the machine. */
  function hostile(answers: Readonly<Record<string, Answer>>): OpenChannel {
    const counts = new Map<string, number>();
    const honest: Readonly<Record<string, object>> = {
      events: { events: [], more: false, lost: 0 },
      crashes: { crashes: [] },
      collect: { files: [] },
      undo: { undone: [], failed: [] },
    };
    return inMemory(() => {
      const boot = `boot-${boots++}`;
      return {
        answers(answer, asked) {
          const { method = '' } = asked ?? {};
          const count = (counts.get(method) ?? 0) + 1;
          counts.set(method, count);
          if (method === 'hello') {
            const extensions = { [HARNESS]: { ...facts(boot), agent: kitVersion } };
            return [{ ...answer, result: { ...(answer.result as object), extensions } }];
          }
          const said = asked && answers[method]?.(asked, count);
          if (typeof said === 'string') return [said];
          const result = said ?? honest[method];
          return result ? [{ jsonrpc: '2.0', id: answer.id, result } as Message] : [answer];
        },
      };
    });
  }

  async function run(answers: Readonly<Record<string, Answer>>): Promise<RunResult> {
    const options = {
      ...{ target: join(folder, 'lab.yaml'), driver: 'reference', seed: 1, evidence: 'full' as const },
      ...{ journalFolder: join(folder, 'reports'), paths: ['features/pause/completing.feature:13'] },
    };
    const lab = await startLab(options, { channel: hostile(answers), clock: HASTY });
    return runOnLab(lab, options);
  }

  const only = ({ scenarios }: RunResult): string => `${scenarios[0]?.verdict}: ${scenarios[0]?.reason}`;

  /** Answers once with what ends the conversation. */
  const dies: Answer = (_, count) => (count === 1 ? 'no JSON\n' : undefined);

  it('writes nothing outside of the folder of the run, whatever its files are called and however long they are', async () => {
    const names = ['../up', '/etc/x', 'C:\\x', 'a/../../b', '..', 'NUL', 'ok'];
    const found = await run({
      pause: dies,
      // Before the crash there were none.
      collect: (_, count) => ({ files: count === 1 ? [] : names.map((name) => ({ name, bytes: 3, time: 'now' })) }),
      file: () => ({ base64: Buffer.from('abc').toString('base64') }),
    });
    expect(only(found)).to.match(/^error: lab-1 was started anew/);
    const stop = found.scenarios[0]?.machine?.stop;
    expect(stop?.files?.map(({ name }) => name)).to.deep.equal(['ok']);
    expect(stop?.left).to.have.length(names.length - 1);
    expect(readdirSync(folder).sort()).to.deep.equal(['lab.yaml', 'mine.yaml', 'reports']);
    expect(readdirSync(join(folder, 'reports', stop?.folder ?? '?', 'files'))).to.deep.equal(['ok']);
    for (const text of ['abcd', '']) {
      const longer = await run({
        pause: dies,
        collect: (_, count) => ({ files: count === 1 ? [] : [{ name: 'f', bytes: 3, time: 'now' }] }),
        file: () => ({ base64: Buffer.from(text).toString('base64') }),
      });
      expect(longer.scenarios[0]?.machine?.stop?.left?.[0]).to.match(/something else than the 3 bytes of f/);
    }
    expect(existsSync(join(folder, 'up'))).to.equal(false);
  });

  it('tells no trace without end', async () => {
    const crossing = (seq: number): object => ({ seq, dir: '->', ddi: 'FilterPause', module: 'm'.repeat(200) });
    const endless = await run({
      trace: ({ params }) => {
        const after = Number(params?.['after']);
        return { crossings: [crossing(after + 1)], more: true };
      },
    });
    expect(only(endless)).to.match(/^error: /);
  });

  it('is not believed when it says what no machine says, and its words move no cursor', async () => {
    const wrong: readonly Readonly<Record<string, Answer>>[] = [
      { crashes: () => ({ crashes: [{ record: -1, time: 'x', text: 'y' }] }) },
      { collect: () => ({ files: [{ name: 'x', bytes: 1e300, time: 'now' }] }) },
    ];
    for (const answers of wrong) {
      const failure: unknown = await run(answers).catch((thrown: unknown) => thrown);
      expect(failure).to.have.property('name', 'CannotJudge');
    }
    const found = await run({
      pause: dies,
      crashes: (_, count) => ({
        crashes: count === 1 ? [] : [{ record: 9, time: 'now', text: '\u001b[2J all is well' }],
      }),
    });
    expect(only(found)).to.match(/^error: lab-1 was started anew, and its log of events has no bugcheck/);
  });
});
