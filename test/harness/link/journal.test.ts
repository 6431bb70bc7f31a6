import { expect } from 'chai';
import {
  Changes,
  Journal,
  journalLine,
  journalsIn,
  readJournal,
  type Undo,
  type UndoRunner,
} from '../../../adapters/harness/agent';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Disk } from './in-process';

const ENTRIES = [
  { k: 'do', id: 1, undo: { verb: 'x', args: { text: 'Ethernet ü\n2' }, what: 'x' } },
  { k: 'undone', id: 1 },
];

function undo(what: string): Undo {
  return { verb: 'set', args: {}, what };
}

function changesOf(disk: Disk, run: UndoRunner): Changes {
  return new Changes(new Journal(disk.open('r')), run, () => true);
}

describe('the journal', () => {
  it('is read up to the last whole line, wherever it is torn', () => {
    const lines = ENTRIES.map(journalLine);
    const bytes = Buffer.concat(lines);
    const [first = Buffer.alloc(0)] = lines;
    for (let length = 0; length <= bytes.length; length += 1) {
      const whole = length === bytes.length ? 2 : length >= first.length ? 1 : 0;
      const read = readJournal(bytes.subarray(0, length));
      expect(read.entries, `${length} bytes`).to.deep.equal(ENTRIES.slice(0, whole));
      expect(read.whole).to.equal(whole === 2 ? bytes.length : whole === 1 ? first.length : 0);
    }
  });

  it('is read up to zeros, and up to anything else that was never written', () => {
    const bytes = Buffer.concat(ENTRIES.map(journalLine));
    for (const tail of [Buffer.alloc(4096), Buffer.from('17 0123456789abcdef {"k":"undone"}\n'), Buffer.from('\n\n')]) {
      const read = readJournal(Buffer.concat([bytes, tail]));
      expect(read.entries).to.deep.equal(ENTRIES);
      expect(read.whole).to.equal(bytes.length);
    }
  });

  it('keeps what stands behind a line that was damaged, whichever bit it is', () => {
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = ENTRIES.map(journalLine);
    for (let at = 0; at < first.length; at += 1) {
      const damaged = Buffer.concat([first, second]);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const read = readJournal(damaged);
      expect(read.entries.at(-1), `byte ${at}`).to.deep.equal(at === first.length - 1 ? undefined : ENTRIES[1]);
    }
  });

  it('is taken up by the next agent, which cuts a torn tail off', () => {
    const disk = new Disk();
    const file = disk.open('run-1');
    const id = new Journal(file).begin(undo('one'));
    file.append(journalLine(ENTRIES[1]).subarray(0, 20));
    const journal = new Journal(file);
    expect([...journal.pending.values()]).to.deep.equal([undo('one')]);
    journal.undone(id);
    expect(new Journal(file).pending.size).to.equal(0);
  });

  it('goes on after a disk that was full in the middle of a line', () => {
    const disk = new Disk();
    const file = disk.open('run-1');
    const journal = new Journal(file);
    disk.full = true;
    expect(() => journal.begin(undo('one'))).to.throw('no space');
    disk.full = false;
    file.append(Buffer.from('55 01234'));
    journal.begin(undo('two'));
    expect([...new Journal(file).pending.values()]).to.deep.equal([undo('two')]);
  });

  it('is a file of its own for each run, the last one first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lwf-journal-'));
    try {
      const journals = journalsIn(join(folder, 'deep', 'journals'));
      expect(journals.runs()).to.deep.equal([]);
      const file = journals.open('run-1');
      new Journal(file).begin(undo('one'));
      const bytes = file.read().length;
      file.append(Buffer.from('torn'));
      expect(new Journal(journals.open('run-1')).pending.size).to.equal(1);
      expect(file.read()).to.have.length(bytes);
      expect(journals.runs()).to.deep.equal(['run-1']);
      journals.remove('run-1');
      expect(journals.runs()).to.deep.equal([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('changes', () => {
  it('are taken back newest first, each although another one fails, and once more by the next agent', async () => {
    const disk = new Disk();
    const done: string[] = [];
    let works = false;
    const run = async ({ what }: Undo): Promise<void> => {
      if (what === 'two' && !works) throw new Error('the adapter does not answer');
      done.push(what);
    };
    const changes = changesOf(disk, run);
    for (const what of ['one', 'two', 'three']) await changes.make(undo(what), async () => undefined);
    expect(await changes.undoAll()).to.deep.equal({
      undone: ['three', 'one'],
      failed: ['two: the adapter does not answer'],
    });
    works = true;
    expect(await changesOf(disk, run).undoAll()).to.deep.equal({
      undone: ['two', 'one'],
      failed: [],
    });
    expect(done).to.deep.equal(['three', 'one', 'two', 'one']);
    expect(await changesOf(disk, run).undoAll()).to.deep.equal({ undone: [], failed: [] });
  });

  describe('over which the machine stops each time', () => {
    const disk = new Disk();
    const done: string[] = [];
    /** Who takes back all that is left, in a start of the machine; it stops when nothing is done with `two`. */
    const inStart = (boot: string): Changes =>
      new Changes(
        new Journal(disk.open('r'), boot),
        ({ what }) => (done.push(what), what === 'two' ? new Promise<never>(() => undefined) : Promise.resolve()),
        () => true,
      );
    const endless = async (changes: Changes): Promise<string> =>
      Promise.race([
        changes.undoAll().then(() => 'ended'),
        new Promise<string>((resolve) => setImmediate(() => setImmediate(resolve, 'stopped'))),
      ]);

    it('are left as they are after three starts, and those before them are taken back', async () => {
      const changes = inStart('boot 1');
      for (const what of ['one', 'two', 'three']) await changes.make(undo(what), async () => undefined);
      expect(await endless(changes)).to.equal('stopped');
      // However often an agent is killed meanwhile.
      for (let agents = 0; agents < 3; agents += 1) expect(await endless(inStart('boot 1'))).to.equal('stopped');
      for (const boot of ['boot 2', 'boot 3']) expect(await endless(inStart(boot))).to.equal('stopped');
      done.length = 0;
      expect(await inStart('boot 4').undoAll()).to.deep.equal({
        undone: ['one'],
        failed: ['two: the machine has stopped over it 3 times, so it is left as it is'],
      });
      expect(await inStart('boot 4').undoAll()).to.deep.equal({ undone: ['one'], failed: [] });
      expect(await inStart('boot 4').undoAll()).to.deep.equal({ undone: [], failed: [] });
      expect(done).to.deep.equal(['one', 'one']);
    });

    it('are not those that an agent had begun with before another one began anew', () => {
      const file = new Disk().open('r');
      for (const boot of ['1', '2', '3']) {
        const journal = new Journal(file, boot);
        if (boot === '1') for (const what of ['one', 'two']) journal.begin(undo(what));
        // The one before it was begun, and then the machine's agent came again, and was in the middle of the newer one.
        journal.undoing(1);
        journal.undoing(2);
      }
      const last = new Journal(file, '4');
      expect([last.stops(1), last.stops(2)]).to.deep.equal([0, 3]);
    });
  });

  it('are taken back once more when the machine stops after it had refused to', async () => {
    const disk = new Disk();
    const refuse = (): Promise<void> => Promise.reject(new Error('Access is denied.'));
    for (const boot of ['1', '2', '3', '4']) {
      const changes = new Changes(new Journal(disk.open('r'), boot), refuse, () => true);
      if (boot === '1') await changes.make(undo('one'), async () => undefined);
      expect((await changes.undoAll()).failed).to.deep.equal(['one: Access is denied.']);
    }
  });

  it('are not made when they cannot be written down, and are taken back although that cannot', async () => {
    const disk = new Disk();
    const undone: string[] = [];
    const changes = changesOf(disk, async ({ what }) => void undone.push(what));
    await changes.make(undo('one'), async () => undefined);
    disk.full = true;
    let made = false;
    const failure = await changes.make(undo('two'), async () => (made = true)).catch((thrown: unknown) => thrown);
    expect(made).to.equal(false);
    expect(failure).to.have.property('kind', 'environment');
    expect((failure as Error).message).to.match(/journal cannot be written.*no space left/);
    expect(await changes.undoAll()).to.deep.equal({ undone: ['one'], failed: [] });
    expect(await changes.undoAll()).to.deep.equal({ undone: [], failed: [] });
    expect(undone).to.deep.equal(['one']);
  });

  it('end as they were found, wherever the disk was full while they were taken back', async () => {
    const makes = ['driver unbound', 'driver bound', 'driver unbound'] as const;
    const before = 'bound';
    for (let from = 0; from <= makes.length; from += 1) {
      for (let to = from; to <= makes.length; to += 1) {
        const disk = new Disk();
        let state: string = before;
        let undone = 0;
        const run = async ({ args }: Undo): Promise<void> => {
          disk.full = undone >= from && undone < to;
          undone += 1;
          state = String(args['state']);
        };
        const changes = changesOf(disk, run);
        for (const what of makes) {
          const restoring = { verb: 'set', args: { state }, what };
          await changes.make(restoring, async () => void (state = what.slice('driver '.length)));
        }
        await changes.undoAll();
        disk.full = false;
        await changesOf(disk, run).undoAll();
        expect(state, `full from ${from} to ${to}`).to.equal(before);
      }
    }
  });

  it('can be taken back ahead of time, once', async () => {
    let undone = 0;
    const changes = changesOf(new Disk(), async () => void (undone += 1));
    const made = await changes.make(undo('one'), async () => 7);
    expect(made.result).to.equal(7);
    await made.undo();
    await made.undo();
    await changes.undoAll();
    expect(undone).to.equal(1);
    changes.close();
    expect(await changes.make(undo('two'), async () => 7).catch((thrown: unknown) => thrown)).to.have.property(
      'kind',
      'environment',
    );
  });
});
