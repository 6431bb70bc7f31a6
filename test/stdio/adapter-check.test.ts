import { expect } from 'chai';
import { ADAPTER_CHECKS, checkAdapter } from '../../src/conformance/adapter-check';
import { inMemory, type Defect, type Message } from './in-memory';

const PATIENCE = { answerWithin: 5000, log: () => undefined };
const IMPATIENCE = { ...PATIENCE, answerWithin: 100 };

/** Changes the result of a method. */
function instead(method: string, change: (result: never, asked: Message) => unknown): () => Defect {
  return () => ({
    answers: (answer, asked) =>
      asked?.method === method && answer.error === undefined
        ? [{ ...answer, result: change(answer.result as never, asked) }]
        : [answer],
  });
}

function refused(answer: Message, code: number, kind?: string): Message {
  const { id = null } = answer;
  return {
    jsonrpc: '2.0',
    id,
    error: { code, message: 'no', ...(kind !== undefined && { data: { kind } }) },
  } as Message;
}

/** Whatever is refused with one code is refused with another. */
function codes(from: number, to: number): () => Defect {
  return () => ({ answers: (answer) => (answer.error?.code === from ? [refused(answer, to)] : [answer]) });
}

interface Page {
  readonly crossings: readonly { seq: number; dir: string; ddi: string; thread?: string }[];
  readonly more?: boolean;
}

function crossings(change: (page: Page['crossings']) => readonly unknown[]): () => Defect {
  return instead('trace', (page: Page) => ({ ...page, crossings: change(page.crossings) }));
}

function dropping(wanted: (line: string) => boolean): () => Defect {
  return () => ({ reads: (bytes) => (wanted(bytes.toString()) ? undefined : bytes) });
}

let runs = 0;

/** An adapter for each check, with a defect that this check must find. */
const BROKEN: Readonly<Record<string, () => Defect>> = {
  'hello.answers': instead('hello', () => ({ protocol: 'lwf-adapter/1' })),
  'hello.among-others': () => ({
    answers: (answer, asked) =>
      (asked?.params?.['protocols'] as string[] | undefined)?.[0] === 'lwf-adapter/99'
        ? [refused(answer, -32000, 'environment')]
        : [answer],
  }),
  'hello.other-version': codes(-32000, -32603),
  'hello.promises': instead('hello', (facts: object) => ({ ...facts, observation: 'black-box' })),
  'lines.garbage': () => ({ answers: (answer) => (answer.error?.code === -32700 ? [] : [answer]) }),
  'lines.not-utf8': () => ({
    answers: (answer) => (answer.error?.code === -32700 ? ['Traceback (most recent call last):\n'] : [answer]),
  }),
  'lines.no-request': codes(-32600, -32700),
  'lines.longest': dropping((line) => line.length > 65_536),
  'lines.too-long': () => ({ answers: (answer) => (answer.id === null ? [{ ...answer, id: 1 }] : [answer]) }),
  'lines.split': dropping((line) => line.length === 1),
  'lines.ends': dropping((line) => line.includes('\r')),
  'requests.unknown-method': () => ({
    answers: (answer) =>
      answer.error?.code === -32601 ? [{ jsonrpc: '2.0', id: answer.id, result: null } as Message] : [answer],
  }),
  'requests.wrong-params': codes(-32602, -32603),
  'requests.notification': () => ({
    answers: (answer) => [answer],
    reads: (bytes) =>
      Buffer.from(bytes.toString().replace('"method":"somethingOfALaterVersion"', '"id":99,"method":"x"')),
  }),
  'requests.ids': () => ({ answers: (answer) => [{ ...answer, id: answer.id === '17' ? 17 : answer.id }] }),
  'requests.order': () => {
    let kept: Message | undefined;
    return {
      answers: (answer) => {
        if (answer.id === 'r3') {
          kept = answer;
          return [];
        }
        return answer.id === 'r4' && kept ? [answer, kept] : [answer];
      },
    };
  },
  'requests.without-rig': () => ({
    answers: (answer, asked) =>
      asked?.method === 'modules' && answer.error
        ? [{ jsonrpc: '2.0', id: answer.id, result: [] } as Message]
        : [answer],
  }),
  'profile.fits': instead('profile', (profile: { requests: Record<string, unknown> }) => ({
    ...profile,
    requests: { ...profile.requests, send: undefined },
  })),
  'rig.one-at-a-time': () => ({
    answers: (answer, asked) =>
      asked?.method === 'open' && answer.error
        ? [{ jsonrpc: '2.0', id: answer.id, result: null } as Message]
        : [answer],
  }),
  'rig.life': instead('modules', (modules: { state: string }[]) =>
    modules.map((module) => ({ ...module, state: module.state === 'Paused' ? 'Running' : module.state })),
  ),
  'rig.operations': instead('restart', () => ({ id: 1 })),
  'rig.pending': instead('operation', () => ({ state: 'done', status: 'NDIS_STATUS_SUCCESS' })),
  'rig.unknown-adapter': () => ({
    answers: (answer, asked) =>
      asked?.method === 'attach' && answer.error
        ? [{ jsonrpc: '2.0', id: answer.id, result: { id: 77 } } as Message]
        : [answer],
  }),
  'rig.undo': instead('modules', () => [{ module: 'm1', adapter: 'A', position: 0, state: 'Running', restarts: 1 }]),
  'rig.seeds': () => ({
    answers: (answer, asked) =>
      asked?.params?.['seed'] === Number.MAX_SAFE_INTEGER ? [refused(answer, -32602)] : [answer],
  }),
  'rig.settles': instead('bugcheck', () => 'NOTHING (0x0): really'),
  'traffic.through': instead('sendFromAbove', () => ({ id: 1, items: ['n1'] })),
  'traffic.held': instead('neighbours', (books: { miniportSends: unknown[] }) => ({
    ...books,
    miniportSends: books.miniportSends.slice(0, 1),
  })),
  'asks.known': () => ({
    answers: (answer, asked) =>
      asked?.params?.['what'] === 'status' ? [refused(answer, -32000, 'notApplicable')] : [answer],
  }),
  'capabilities.kept': () => ({
    answers: (answer, asked) => (asked?.method === 'suspend' ? [refused(answer, -32601)] : [answer]),
  }),
  'trace.vocabulary': crossings((page) =>
    page.map((crossing) => ({ ...crossing, ddi: crossing.ddi.replace('FilterPause', 'FilterPuase') })),
  ),
  'trace.numbers': crossings((page) =>
    page.map((crossing) => ({ ...crossing, seq: crossing.seq > 9 ? crossing.seq + 1 : crossing.seq })),
  ),
  'trace.cursor': instead('trace', (page: Page, { params }) =>
    (params?.['limit'] as number) < 9 ? { ...page, more: false } : page,
  ),
  'trace.handlers': crossings((page) =>
    page.map((crossing) => (crossing.ddi === 'FilterRestart' ? { ...crossing, ddi: 'SomethingElse' } : crossing)),
  ),
  'trace.nesting': crossings((page) =>
    page.map((crossing) => ({ ...crossing, dir: crossing.ddi === 'FilterAttach' ? '<-' : crossing.dir })),
  ),
  'trace.repeats': () => {
    const run = (runs += 1);
    return crossings((page) =>
      page.map((crossing) => ({ ...crossing, thread: `${crossing.thread ?? ''} of ${run}` })),
    )();
  },
  'ends.bye': () => ({ ends: 'ended with exit code 3' }),
  'ends.end-of-input': () => ({ ends: 'never' }),
  'ends.end-of-input-with-rig': () => ({ ends: 'was ended by SIGSEGV' }),
  'ends.killed': () => {
    const mayOpen = (runs += 1) % 2 === 1;
    return {
      answers: (answer, asked) =>
        asked?.method === 'open' && !mayOpen ? [refused(answer, -32000, 'environment')] : [answer],
    };
  },
};

describe('adapter-check', () => {
  it('finds nothing wrong with the simulator behind the protocol', async () => {
    const results = await checkAdapter({ ...PATIENCE, channel: inMemory() });
    expect(results.filter(({ verdict }) => verdict !== 'ok')).to.deep.equal([]);
    expect(results.map(({ id }) => id)).to.deep.equal(ADAPTER_CHECKS.map(({ id }) => id));
  });

  it('has a broken adapter for each of its checks', () => {
    expect(Object.keys(BROKEN)).to.deep.equal(ADAPTER_CHECKS.map(({ id }) => id));
  });

  for (const [id, defect] of Object.entries(BROKEN)) {
    it(`${id} finds the adapter that breaks it`, async () => {
      runs = 0;
      const [result] = await checkAdapter({ ...IMPATIENCE, channel: inMemory(defect) }, undefined, [id]);
      expect(result, JSON.stringify(result)).to.include({ id, verdict: 'wrong' });
      expect(result?.found).to.match(/\w/);
      expect(result?.said).to.not.equal(undefined);
    });
  }

  const only = async (defect: () => Defect, ...ids: string[]) =>
    checkAdapter({ ...IMPATIENCE, channel: inMemory(defect) }, undefined, ids);

  it('holds an adapter that promises no trace to none', async () => {
    const blackBox = (): Defect => ({
      answers: (answer, asked) => {
        if (asked?.method === 'trace') return [refused(answer, -32601)];
        if (asked?.method !== 'hello' || answer.error) return [answer];
        const result = { ...(answer.result as object), observation: 'black-box', capabilities: ['holdCompletions'] };
        return [{ ...answer, result }];
      },
    });
    const results = await checkAdapter({ ...PATIENCE, channel: inMemory(blackBox) });
    expect(results.filter(({ verdict }) => verdict === 'wrong')).to.deep.equal([]);
    expect(results.find(({ id }) => id === 'trace.numbers')?.found).to.equal('the adapter sees no crossings');
  });

  it('says that a driver is in the way, which is not for the adapter to answer', async () => {
    const failing = instead('operation', () => ({ state: 'done', status: 'NDIS_STATUS_FAILURE' }));
    const [promises, pending] = await only(failing, 'rig.pending', 'hello.promises');
    expect(pending).to.include({ verdict: 'not tried', blocked: true });
    expect(promises).to.include({ verdict: 'ok' });
  });

  it('wants nothing said after bye', async () => {
    const chatty = (): Defect => ({
      answers: (answer, asked) => (asked?.method === 'bye' ? [answer, 'Goodbye!\n'] : [answer]),
    });
    const [result] = await only(chatty, 'ends.bye');
    expect(result?.found).to.equal('it wrote "Goodbye!", and nothing had been asked');
  });

  it('is not kept by messages without end', async () => {
    const flooding = (): Defect => ({
      answers: (answer, asked) =>
        asked?.method === 'pause' ? Array<string>(5000).fill('{"jsonrpc":"2.0","method":"x"}\n') : [answer],
    });
    const [result] = await only(flooding, 'rig.life');
    expect(result?.found).to.match(/^no answer came within 0\.1 s/);
    expect(result?.said?.length).to.be.below(300);
  });

  it('tells what is wrong with lists within lists', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const nested = (): Defect => ({
      answers: (answer, asked) =>
        asked?.method === 'pause' ? [`{"jsonrpc":"2.0","id":${answer.id},"result":${deep}}\n`] : [answer],
    });
    const [result] = await only(nested, 'rig.life');
    expect(result?.found).to.equal('the result of `pause` is no lwf-adapter/1: it is [[["…"]]], and must be object');
  });

  it('names crossings that trace/1 does not know, and answers that are no results', async () => {
    const found = async (defect: () => Defect): Promise<string | undefined> =>
      (await checkAdapter({ ...IMPATIENCE, channel: inMemory(defect) }, undefined, ['trace.vocabulary']))[0]?.found;
    const twoWays = crossings((page) => page.map((crossing) => ({ ...crossing, dir: '<->' })));
    expect(await found(twoWays)).to.include('`crossings.0.dir` is "<->", and must be one of ->, <-');
    expect(await found(instead('pause', () => ({ verdict: 'pass' })))).to.include(
      'the result of `pause` is no lwf-adapter/1',
    );
    expect(await found(instead('hello', (facts: object) => ({ ...facts, capabilities: ['flying'] })))).to.include(
      '"flying"',
    );
  });
});
