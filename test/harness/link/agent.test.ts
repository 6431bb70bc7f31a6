import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Agent,
  EXIT,
  lockAt,
  type AgentParts,
  type ExitCode,
  type HeldLock,
  type Undo,
} from '../../../adapters/harness/agent';
import { HARNESS } from '../../../adapters/harness/protocol';
import type { Message } from '../../stdio/in-memory';
import { FakeClock, turn } from './fake-clock';
import { Disk, FREE, offer } from './in-process';
import { changingAdapter, clearing, facts, NOTHING_KNOWN, type Settings } from './machine';

interface Running {
  readonly agent: Agent;
  readonly changed: Set<string>;
  readonly clock: FakeClock;
  ask(method: string, params?: object): Promise<Message>;
  said(): readonly Message[];
}

function start(parts: Partial<AgentParts> = {}): Running {
  const changed = new Set<string>();
  const settings: Settings = {
    has: (name) => changed.has(name),
    set: (name) => void changed.add(name),
    clear: (name) => void changed.delete(name),
  };
  const clock = new FakeClock();
  const answers: Message[] = [];
  const agent = new Agent({
    adapter: (ground) => changingAdapter(ground, settings),
    undo: clearing(settings),
    facts: facts(),
    version: '1',
    journals: new Disk(),
    lock: FREE,
    clock,
    ...NOTHING_KNOWN,
    write: (line) => answers.push(JSON.parse(line) as Message),
    ...parts,
  });
  let id = 0;
  return {
    agent,
    changed,
    clock,
    said: () => answers,
    async ask(method, params = {}) {
      const mine = (id += 1);
      agent.push(Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: mine, method, params })}\n`));
      for (let turns = 0; turns < 1000; turns += 1) {
        const answer = answers.find((message) => message.id === mine);
        if (answer) return answer;
        await turn();
      }
      throw new Error(`no answer to ${method}`);
    },
  };
}

function hello(offered: object = {}): object {
  return { protocols: ['lwf-adapter/1'], controller: { name: 'test', version: '1' }, extensions: offer(offered) };
}

async function change(running: Running): Promise<void> {
  await running.ask('hello', hello());
  await running.ask('open', { seed: 1 });
  await running.ask('load');
  expect(running.changed.size).to.equal(1);
}

describe('the agent', () => {
  it('tells of the machine, and does nothing for a controller that does not know the extension', async () => {
    const running = start();
    expect((await running.ask('open', { seed: 1 })).error?.message).to.match(/not said hello/);
    const { extensions: _, ...plain } = hello() as Record<string, unknown>;
    expect((await running.ask('hello', plain)).error?.message).to.match(/harness\/1/);
    expect((await running.ask('hello', hello({ run: '../x' }))).error?.message).to.match(/`run` is "\.\.\/x"/);
    const answer = await running.ask('hello', hello());
    expect((answer.result as { extensions: object }).extensions).to.deep.equal({
      [HARNESS]: { ...facts(), agent: '1' },
    });
    expect((await running.ask('hello', hello())).error?.message).to.match(/hello already/);
  });

  it('takes everything back at the end of its input', async () => {
    const running = start();
    await change(running);
    running.agent.end();
    expect(await running.agent.ended).to.equal(EXIT.Ended);
    expect(running.changed.size).to.equal(0);
  });

  it('keeps its journal until the controller has said goodbye and nothing is left to take back', async () => {
    const journals = new Disk();
    const cut = start({ journals });
    await change(cut);
    cut.agent.end();
    await cut.agent.ended;
    expect(journals.runs()).to.deep.equal(['run-1']);
    const failing = start({ journals, undo: () => Promise.reject(new Error('no')) });
    await change(failing);
    await failing.ask('bye');
    expect(await failing.agent.ended).to.equal(EXIT.LeftChanges);
    expect(journals.runs()).to.deep.equal(['run-1']);
    const parting = start({ journals });
    await change(parting);
    await parting.ask('bye');
    expect(await parting.agent.ended).to.equal(EXIT.Ended);
    expect(journals.runs()).to.deep.equal([]);
  });

  it('takes everything back when its lease ends, and renews it by any line', async () => {
    const running = start();
    await change(running);
    await running.clock.pass(14_000);
    running.agent.push(Buffer.from('{"jsonrpc":"2.0","method":"lease"}\n'));
    await running.clock.pass(14_000);
    expect(running.changed.size).to.equal(1);
    await running.clock.pass(2_000);
    expect(await running.agent.ended).to.equal(EXIT.Expired);
    expect(running.changed.size).to.equal(0);
    expect(
      running.said().every(({ id }) => id !== undefined),
      'a notification is not answered',
    ).to.equal(true);
  });

  it('does not take a jump of the clock, or a sleep of the machine, for silence', async () => {
    const work: (() => void)[] = [];
    const running = start({
      clock: { every: (_, tick) => (work.push(tick), () => undefined), after: () => () => undefined },
    });
    await change(running);
    // However long it was until then, it is one part of the lease.
    for (let part = 0; part < 4; part += 1) work.forEach((tick) => tick());
    await turn();
    expect(running.changed.size).to.equal(1);
  });

  it('takes everything back although a call does not end', async () => {
    const stuck = start({
      journals: new Disk(),
      adapter: (ground) => {
        const adapter = changingAdapter(ground, { has: () => false, set: () => undefined, clear: () => undefined });
        return { ...adapter, open: () => new Promise(() => undefined) };
      },
    });
    await stuck.ask('hello', hello());
    stuck.agent.push(Buffer.from('{"jsonrpc":"2.0","id":"stuck","method":"open","params":{"seed":1}}\n'));
    await turn();
    stuck.agent.end();
    let code: ExitCode | undefined;
    void stuck.agent.ended.then((ended) => (code = ended));
    await stuck.clock.pass(4_000);
    expect(code).to.equal(undefined);
    await stuck.clock.pass(1_000);
    expect(code).to.equal(EXIT.Ended);
  });

  it('says by its exit code that not all could be taken back', async () => {
    const journals = new Disk();
    const running = start({
      journals,
      undo: async () => {
        throw new Error('the adapter does not answer');
      },
    });
    await change(running);
    expect((await running.ask('undo')).result).to.deep.equal({
      undone: [],
      failed: ['load taken back: the adapter does not answer'],
    });
    await running.ask('bye');
    expect(await running.agent.ended).to.equal(EXIT.LeftChanges);
    const undone: Undo[] = [];
    const next = start({ journals, undo: async (undo) => void undone.push(undo) });
    const answer = await next.ask('hello', hello({ run: 'run-2' }));
    expect((answer.result as { extensions: Record<string, object> }).extensions[HARNESS]).to.deep.include({
      left: { undone: ['load taken back'], failed: [] },
    });
    expect(undone).to.deep.equal([{ verb: 'clear', args: { name: 'load' }, what: 'load taken back' }]);
  });

  it('ends without touching anything when another agent has the machine', async () => {
    let state: ReturnType<HeldLock['beat']> = 'ours';
    const running = start({
      lock: { take: async () => ({ isOurs: () => true, beat: () => state, release: () => expect.fail('released') }) },
    });
    await change(running);
    state = 'taken';
    await running.clock.pass(3_000);
    expect(await running.agent.ended).to.equal(EXIT.Displaced);
    expect(running.changed.size).to.equal(1);
  });

  it('changes, answers and writes down nothing of what came in while it was frozen', async () => {
    let isOurs = true;
    const journals = new Disk();
    const held: HeldLock = { isOurs: () => isOurs, beat: () => 'ours', release: () => expect.fail('released') };
    const running = start({ journals, lock: { take: async () => held } });
    await change(running);
    const bytes = journals.open('run-1').read().length;
    const answers = running.said().length;
    isOurs = false;
    running.agent.push(Buffer.from('{"jsonrpc":"2.0","id":"x","method":"addAdapter","params":{"adapter":"A"}}\n'));
    running.agent.end();
    expect(await running.agent.ended).to.equal(EXIT.Displaced);
    await turn();
    expect([...running.changed]).to.deep.equal(['load']);
    expect(journals.open('run-1').read().length).to.equal(bytes);
    expect(running.said().length).to.equal(answers);
  });

  it('makes way when it is asked to', async () => {
    let released = false;
    let state: ReturnType<HeldLock['beat']> = 'ours';
    const lock = {
      take: async () => ({ isOurs: () => true, beat: () => state, release: () => void (released = true) }),
    };
    const running = start({ lock });
    await change(running);
    state = 'wanted';
    await running.clock.pass(3_000);
    expect(await running.agent.ended).to.equal(EXIT.Displaced);
    expect(running.changed.size).to.equal(0);
    expect(released).to.equal(true);
  });

  it('hands out what it saw once more to whoever does not have it, over boots, and tells of a full disk by a gap', async () => {
    const journals = new Disk();
    const first = start({ journals });
    await change(first);
    journals.full = true;
    await first.ask('modules');
    journals.full = false;
    await first.ask('settle');
    const page = (await first.ask('events', { limit: 2 })).result as { events: { seq: number }[] };
    expect(page).to.deep.include({ more: false, lost: 1 });
    expect(page.events.map(({ seq }) => seq)).to.deep.equal([1, 3]);
    const next = start({ journals, facts: facts('boot-2') });
    await next.ask('hello', hello());
    await next.ask('open', { seed: 1 });
    await next.ask('modules');
    const after = await next.ask('events', { after: { boot: 'boot-1', seq: 1 } });
    expect((after.result as { events: object[] }).events.map((event) => ({ ...event, t: '' }))).to.deep.equal([
      { t: '', source: 'agent', name: 'settle', boot: 'boot-1', seq: 3 },
      { t: '', source: 'agent', name: 'modules', boot: 'boot-2', seq: 1 },
    ]);
  });
});

describe('observations of a run that is taken up again', () => {
  it('have numbers that go on after what the controller has, also when the journal of the run is gone', async () => {
    const journals = new Disk();
    const first = start({ journals });
    await change(first);
    await first.ask('bye');
    await first.agent.ended;
    expect(journals.runs()).to.deep.equal([]);
    const next = start({ journals });
    await next.ask('hello', hello({ known: { boot: 'boot-1', seq: 7 } }));
    await next.ask('open', { seed: 1 });
    await next.ask('modules');
    const { events } = (await next.ask('events')).result as { events: { seq: number }[] };
    expect(events.map(({ seq }) => seq)).to.deep.equal([8]);
  });

  it('are told from there on, when the journal is there', async () => {
    const journals = new Disk();
    const first = start({ journals });
    await change(first);
    await first.ask('modules');
    await first.ask('settle');
    first.agent.end();
    await first.agent.ended;
    const next = start({ journals });
    await next.ask('hello', hello({ known: { boot: 'boot-1', seq: 2 } }));
    const { events } = (await next.ask('events')).result as { events: { seq: number; name: string }[] };
    expect(events.map(({ seq, name }) => `${seq} ${name}`)).to.deep.equal(['3 settle', '4 close']);
  });
});

describe('the lock of the agent', () => {
  let folder: string;
  let clock: FakeClock;
  const claim = { boot: 'boot-1', run: 'run-1', lease: 1000, takeover: false };
  const everybody = (): boolean => true;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-lock-'));
    clock = new FakeClock();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lock = (pid: number, isAlive: (pid: number) => boolean = everybody) =>
    lockAt(join(folder, 'agent.lock'), clock, pid, isAlive);

  it('is refused to another run, with words, and free again when it was released', async () => {
    const held = await lock(1).take(claim);
    const refused = await lock(2)
      .take({ ...claim, run: 'run-2' })
      .catch((thrown: unknown) => thrown);
    expect(refused).to.have.property('kind', 'environment');
    expect((refused as Error).message).to.match(/in use by run run-1 .*process id 1/);
    expect(held.beat()).to.equal('ours');
    held.release();
    const next = await lock(2).take({ ...claim, run: 'run-2' });
    expect(held.beat()).to.equal('taken');
    next.release();
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is lost when it is gone, and not when it cannot be read', async () => {
    const held = await lock(1).take(claim);
    rmSync(join(folder, 'agent.lock'));
    expect(held.isOurs()).to.equal(false);
    mkdirSync(join(folder, 'agent.lock'));
    expect(held.isOurs()).to.equal(true);
  });

  it('is handed over within a run, and to whoever takes the machine over', async () => {
    for (const other of [claim, { ...claim, run: 'run-2', takeover: true }]) {
      const held = await lock(1).take(claim);
      const next = lock(2).take(other);
      await clock.pass(200);
      expect(held.beat()).to.equal('wanted');
      held.release();
      await clock.pass(200);
      (await next).release();
    }
  });

  it('is taken at once from a process that is gone, from another boot, and from half a file', async () => {
    await lock(1).take(claim);
    await lock(2, () => false).take(claim);
    await lock(3).take({ ...claim, boot: 'boot-2' });
    writeFileSync(join(folder, 'agent.lock'), '{"pid":');
    const held = await lock(4).take(claim);
    expect(JSON.parse(readFileSync(join(folder, 'agent.lock'), 'utf8'))).to.include({ pid: 4 });
    held.release();
  });

  it('is taken from a process that shows no life for its lease, and left to one that does', async () => {
    const held = await lock(1).take(claim);
    let taken = false;
    const next = lock(2).take(claim);
    void next.then(() => (taken = true));
    await clock.pass(900);
    expect(taken).to.equal(false);
    rmSync(join(folder, 'agent.lock.wanted'));
    expect(held.beat()).to.equal('ours');
    await clock.pass(900);
    expect(taken).to.equal(false);
    await clock.pass(400);
    await next;
    expect(held.beat()).to.equal('taken');
  });
});
