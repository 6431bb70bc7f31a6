import { expect } from 'chai';
import { createJudges, rules, type Judges } from '../../../src/rules';
import type { Crossing } from '../../../src/trace';
import { show } from './trace-dsl';

/**
 * Traces of a black box. A line is written down when it is noticed: `Paused since 3` is a state of m1 that came about after #3 was
 * written down, `frame 7 since 3` a frame of m1 that was looked for after #3, `m2 Running`, `neighbour frame 8`; `lost` leaves a number out.
 */
function seen(text: string): Judges {
  const judges = createJudges({ complete: true });
  show(judges, crossings(text));
  judges.finish();
  return judges;
}

const LINE =
  /^(?:(?<module>m\d|neighbour) )?(?:frame (?<frame>\S+)|(?<state>[A-Z][a-z]+)|bugcheck (?<bugcheck>.+?))(?: since (?<since>\d+))?$/;

function crossings(text: string): Crossing[] {
  let seq = 0;
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      seq += 1;
      return line === 'lost' ? [] : [crossing(line, seq)];
    });
}

function crossing(line: string, seq: number): Crossing {
  const found = LINE.exec(line)?.groups;
  if (!found) throw new Error(`not a line of these tests: ${line}`);
  const { module = 'm1', frame, state, bugcheck, since = String(seq - 1) } = found;
  const certainty = { after: Number(since), before: seq };
  const of = { seq, dir: '!!', adapter: 'A', certainty, ...(module !== 'neighbour' && { module }) } as const;
  if (state !== undefined) return { ...of, ddi: 'ModuleState', args: { state } };
  if (frame !== undefined) {
    const origin = module === 'neighbour' ? 'neighbour' : 'filter';
    return { ...of, ddi: 'Frame', args: { frame, at: 'below', origin } };
  }
  const [code = '', p1 = '', p2 = ''] = (bugcheck ?? '').split(' ');
  return { seq, dir: '!!', ddi: 'Bugcheck', args: { code, p1, p2, name: 'BUGCODE_NDIS_DRIVER', reason: 'x' } };
}

function broken(text: string): string[] {
  return seen(text).violations.map(({ rule, at }) => `${rule} at #${at}`);
}

/** #1 to #4. */
const RUNNING = `
  Attaching
  Paused
  Restarting
  Running`;

describe('A driver that is seen from outside', () => {
  describe('PAU-11', () => {
    const early = `${RUNNING}
      frame 7
      Pausing since 5
      Paused since 5
      frame 7`;

    it('is broken when the miniport holds a send over the end of the pause', () => {
      expect(broken(early)).to.deep.equal(['PAU-11 at #8']);
      const [violation] = seen(early).violations;
      expect(violation?.witnesses).to.deep.equal([5, 7, 8]);
      expect(violation?.message).to.equal(
        '7, a send of m1, was with the miniport at #8, after m1 was seen Paused at #7, as it had been before, at #5',
      );
    });

    it('is broken once, however often the frame is looked at, and again in the next pause', () => {
      const again = `${early}
        frame 7
        Restarting
        Running
        frame 8
        Pausing
        Paused since 12
        frame 8`;
      expect(broken(again)).to.deep.equal(['PAU-11 at #8', 'PAU-11 at #15']);
    });

    it('is broken however the life of the module ends', () => {
      expect(broken(`${RUNNING}\n frame 7\n Pausing\n Paused since 5\n Detaching\n Detached\n frame 7`)).to.deep.equal([
        'PAU-11 at #10',
      ]);
    });

    it('is kept by a pause that pends until the send is back', () => {
      const text = `${RUNNING}\n frame 7\n Pausing\n frame 7\n frame 7\n Paused\n Restarting\n Running`;
      expect(broken(text)).to.deep.equal([]);
      expect(seen(text).exercised('PAU-11')).to.equal(1);
    });

    it('is not put to the test by a pause with nothing out, nor by frames of others', () => {
      for (const frames of ['', '\n frame 7', '\n neighbour frame 7']) {
        const text = `${RUNNING}${frames}\n Pausing\n neighbour frame 8\n Paused\n neighbour frame 8`;
        expect(broken(text)).to.deep.equal([]);
        expect(seen(text).exercised('PAU-11')).to.equal(0);
      }
    });

    it('is kept by a send that began before the pause and arrives in it', () => {
      expect(broken(`${RUNNING}\n Pausing\n frame 7\n Paused since 6`)).to.deep.equal([]);
    });

    it('is not held against a frame that was looked for before the end of the pause was noticed', () => {
      // The answer came after the event, the miniport was asked before it.
      expect(broken(`${RUNNING}\n frame 7\n Pausing\n Paused since 5\n frame 7 since 6`)).to.deep.equal([]);
    });

    it('is not held against a frame that may have come after a restart', () => {
      expect(broken(`${RUNNING}\n Pausing\n Paused\n frame 7`)).to.deep.equal([]);
      // NDIS may tell of the restart when FilterRestart has returned and the filter sends again.
      for (const since of [6, 7]) {
        const late = `${RUNNING}\n Pausing\n Paused\n frame 7\n Restarting since ${since}\n Running`;
        expect(broken(late)).to.deep.equal([]);
      }
    });

    it('is broken, or PAU-07 is, by a frame that came after the pause of a module that was then detached', () => {
      const leaving = `${RUNNING}\n Pausing\n Paused\n frame 7\n Detaching since 6`;
      expect(broken(leaving)).to.deep.equal(['PAU-11 at #7']);
      expect(seen(leaving).violations[0]?.message).to.match(/or else after it, which breaks PAU-07$/);
      const gone = `${RUNNING}\n Pausing\n Paused\n Detaching\n Detached\n frame 7`;
      expect(broken(gone)).to.deep.equal(['PAU-11 at #9']);
    });

    it('is not held against a module that is gone, when another one is on the adapter', () => {
      const next = `${RUNNING}\n Pausing\n Paused\n Detaching\n Detached\n m2 Attaching\n frame 7`;
      expect(broken(next)).to.deep.equal([]);
    });

    it('says nothing of a module that is Paused without having been paused', () => {
      expect(broken('Attaching\n Paused\n frame 7\n Restarting\n Running')).to.deep.equal([]);
      expect(broken('Paused\n frame 7\n Detaching\n Detached\n frame 7')).to.deep.equal([]);
      const failed = `${RUNNING}\n Pausing\n Paused\n Restarting\n Paused\n frame 7\n Detaching\n frame 7`;
      expect(broken(failed)).to.deep.equal([]);
    });

    it('says nothing across a loss', () => {
      for (const at of [5, 6, 7]) {
        const lines = early.trim().split('\n');
        lines.splice(at, 0, 'lost');
        const text = lines.join('\n').replaceAll('since 5', '');
        expect(broken(text), `lost at ${at}`).to.deep.equal([]);
      }
    });

    it('says nothing where states come in an order that cannot be', () => {
      expect(broken(`${RUNNING}\n frame 7\n Paused since 5\n Pausing since 5\n frame 7`)).to.deep.equal([]);
      expect(broken(`${RUNNING}\n frame 7\n Paused since 5\n frame 7`)).to.deep.equal([]);
      expect(broken(`${RUNNING}\n frame 7\n Pausing\n Paused\n Running\n frame 7`)).to.deep.equal([]);
    });
  });

  describe('DET-02', () => {
    it('is put to the test by a detach', () => {
      const text = 'Attaching\n Paused\n Detaching\n Detached';
      expect(seen(text).exercised('DET-02')).to.equal(1);
      expect(broken(text)).to.deep.equal([]);
    });

    it('is broken when NDIS says that FilterDetach does not end', () => {
      expect(broken('Attaching\n Paused\n Detaching\n bugcheck 0x7C 0x25 0x14')).to.deep.equal(['DET-02 at #4']);
    });

    it('is not broken by another bugcheck, or when the detach had ended, or when it is not known which one', () => {
      const detaching = 'Attaching\n Paused\n Detaching';
      expect(broken(`${detaching}\n bugcheck 0x7C 0x25 0x11`)).to.deep.equal([]);
      expect(broken(`${detaching}\n bugcheck 0xD1 0x25 0x14`)).to.deep.equal([]);
      expect(broken(`${detaching}\n Detached\n bugcheck 0x7C 0x25 0x14`)).to.deep.equal([]);
      expect(broken(`${detaching}\n m2 Detaching\n bugcheck 0x7C 0x25 0x14`)).to.deep.equal([]);
      expect(broken(`${detaching}\n lost\n bugcheck 0x7C 0x25 0x14`)).to.deep.equal([]);
    });
  });

  it('is judged by rules that a black box can decide, and by no others', () => {
    const decided = rules.filter(({ observation }) => observation === 'black-box').map(({ id }) => id);
    const life = ['Attaching', 'Paused', 'Restarting', 'Running', 'frame 7', 'Pausing', 'Paused', 'Detaching'];
    // Every order of two strange lines in a life, and every end of it.
    for (const first of [...life, 'lost', 'Detached', 'bugcheck 0x7C 0x25 0x11', 'bugcheck 0xC4 0x92010 0x0']) {
      for (let at = 0; at <= life.length; at += 1) {
        const judges = seen([...life.slice(0, at), first, ...life.slice(at), 'frame 7'].join('\n'));
        const spoken = [...Object.keys(judges.allExercised()), ...judges.violations.map(({ rule }) => rule)];
        expect(decided).to.include.members(spoken);
      }
    }
  });
});
