import { expect } from 'chai';
import fc from 'fast-check';
import { readTrace, type Crossing, type TraceHeader, type TraceProblem } from '../../src/trace';
import { LONGEST_LINE } from '../../src/trace/lines';

interface Read {
  readonly headers: TraceHeader[];
  readonly crossings: Crossing[];
  readonly problems: TraceProblem[];
}

async function read(source: Parameters<typeof readTrace>[0]): Promise<Read> {
  const found: Read = { headers: [], crossings: [], problems: [] };
  for await (const { header, crossing, problem } of readTrace(source)) {
    if (header) found.headers.push(header);
    if (crossing) found.crossings.push(crossing);
    if (problem) found.problems.push(problem);
  }
  return found;
}

const line = (seq: number, more: object = {}): string =>
  JSON.stringify({ seq, dir: '->', ddi: 'FilterPause', ...more });
const seqs = ({ crossings }: Read): number[] => crossings.map(({ seq }) => seq);

describe('Reading a trace', () => {
  it('gives the header and the crossings in order', async () => {
    const found = await read([`{"schema":"trace/1","complete":true}\n${line(1)}\n${line(2, { module: 'm1' })}\n`]);
    expect(found).to.deep.equal({
      headers: [{ schema: 'trace/1', complete: true }],
      crossings: [JSON.parse(line(1)), JSON.parse(line(2, { module: 'm1' }))],
      problems: [],
    });
  });

  it('does not need a header, nor an end of the last line', async () => {
    const found = await read([`${line(1)}\n${line(2)}`]);
    expect(seqs(found)).to.deep.equal([1, 2]);
    expect(found.problems).to.deep.equal([]);
  });

  it('takes a byte order mark, carriage returns and blank lines', async () => {
    const found = await read([Buffer.from(`\ufeff{"schema":"trace/1"}\r\n\r\n${line(1)}\r\n   \r\n\n${line(2)}\r\n`)]);
    expect(found.headers).to.have.lengthOf(1);
    expect(seqs(found)).to.deep.equal([1, 2]);
    expect(found.problems).to.deep.equal([]);
  });

  it('takes text, bytes, arrays and asynchronous sources', async () => {
    const text = `${line(1)}\n${line(2)}\n`;
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (const byte of Buffer.from(text)) yield new Uint8Array([byte]);
    }
    for (const source of [text, [text], [Buffer.from(text)], slowly()])
      expect(seqs(await read(source))).to.deep.equal([1, 2]);
  });

  it('is the same wherever the bytes are cut, in the middle of a character too', async () => {
    const bytes = Buffer.from(`${line(1, { module: 'mödule €' })}\n{"no":\n${line(2, { module: '𝄞' })}\n${line(5)}`);
    const whole = await read([bytes]);
    expect(whole.crossings.map(({ module }) => module)).to.deep.equal(['mödule €', '𝄞', undefined]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 })), async (sizes) => {
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(bytes.subarray(at, (at += size)));
        chunks.push(bytes.subarray(at));
        expect(await read(chunks)).to.deep.equal(whole);
      }),
    );
  });

  it('gives statuses their WDK names', async () => {
    const { crossings, problems } = await read(
      [
        line(1, { dir: '<-', status: 'PENDING' }),
        line(2, { dir: '<-', ddi: 'IRP_MJ_READ', status: '0x103' }),
        line(3, { dir: '=>', ddi: 'IoCompleteRequest', args: { irp: 'i1', status: 0 } }),
        line(4, { dir: '=>', ddi: 'NdisFSendNetBufferListsComplete', nbls: [{ nbl: 'n1', status: 'PAUSED' }] }),
        line(5, { dir: '=>', ddi: 'NdisFOidRequestComplete', args: { request: 'r1', status: -1073741823 } }),
      ].join('\n'),
    );
    expect(problems).to.deep.equal([]);
    expect(crossings.map(({ status, args, nbls }) => status ?? args?.status ?? nbls?.[0]?.status)).to.deep.equal([
      'NDIS_STATUS_PENDING',
      'STATUS_PENDING',
      'STATUS_SUCCESS',
      'NDIS_STATUS_PAUSED',
      'NDIS_STATUS_FAILURE',
    ]);
  });

  describe('that is not as it should be', () => {
    it('reports what is lost and goes on', async () => {
      const found = await read([line(10), line(12), line(15)].join('\n'));
      expect(seqs(found)).to.deep.equal([10, 12, 15]);
      expect(found.problems.map(({ line: at, what }) => [at, what.split(',')[0]])).to.deep.equal([
        [2, 'Crossing 11 is missing here'],
        [3, 'Crossings 13–14 are missing here'],
      ]);
    });

    it('reports a lost beginning when the header says that nothing is lost', async () => {
      const found = await read(`{"schema":"trace/1","complete":true}\n${line(3)}`);
      expect(found.problems).to.have.lengthOf(1);
      expect(found.problems[0]?.what).to.match(/^Crossings 1–2 are missing here/);
      expect(found.problems[0]?.line).to.equal(2);
    });

    it('reports what is there twice or out of order, and passes it on', async () => {
      const found = await read([1, 2, 2, 5, 3, 6, 1, 2].map((seq) => line(seq)).join('\n'));
      expect(seqs(found)).to.deep.equal([1, 2, 2, 5, 3, 6, 1, 2]);
      expect(found.problems.map(({ line: at, what }) => [at, what.split(/\.|,/)[0]])).to.deep.equal([
        [3, 'Crossing 2 is there twice'],
        [4, 'Crossings 3–4 are missing here'],
        [5, 'Crossing 3 comes after crossing 5'],
        [7, 'Crossing 1 comes after crossing 6'],
      ]);
    });

    it('reports malformed lines with their number and reads the others', async () => {
      const found = await read([line(1), '{"seq":2,"dir":"->",}', 'hello', line(2), '{"seq":3}', line(3)].join('\n'));
      expect(seqs(found)).to.deep.equal([1, 2, 3]);
      expect(found.problems.map(({ line: at }) => at)).to.deep.equal([2, 3, 5]);
      expect(found.problems[0]?.what).to.include('comma before a closing bracket');
      expect(found.problems[1]?.what).to.include('This line is not JSON');
      expect(found.problems[2]?.what).to.equal('`dir` is missing. The line was left out.');
    });

    const hints: [string, string][] = [
      ['// the pause', 'a comment'],
      ['# the pause', 'a comment'],
      ['[', 'part of a list'],
      [`[${line(1)},`, 'part of a list'],
      [`${line(1)},`, 'followed by a comma'],
      [`${line(1)} ${line(2)}`, 'more than one object'],
      ['{', 'part of an object'],
      ['{"seq":1,', 'an object that does not end'],
      ["{'seq':1}", 'single quotes'],
      ['{seq:1}', 'double quotes around the name'],
      ['{"seq":1 "dir":"->"}', 'near column 10'],
      ['seq=1', 'This line is not JSON'],
    ];
    for (const [written, hint] of hints) {
      it(`tells what is wrong with ${written}`, async () => {
        const { problems, crossings } = await read(`${written}\n`);
        expect(crossings).to.deep.equal([]);
        expect(problems).to.have.lengthOf(1);
        expect(problems[0]?.what).to.include(hint);
      });
    }

    it('notices a slip in a name, once, and passes the crossing on', async () => {
      const names = ['FilterPuase', 'FilterPuase', 'NdisMPauseComplete', 'NdisGetVersion', 'FilterPause'];
      const found = await read(
        [...names.map((ddi, i) => line(i + 1, { ddi })), line(6, { ddi: 'FilterPuase' })].join('\n'),
      );
      expect(found.crossings).to.have.lengthOf(6);
      expect(found.problems).to.deep.equal([
        {
          line: 1,
          offset: 0,
          lost: 'line',
          told: { ddi: 'FilterPause' },
          what: '`FilterPuase` is a name that no rule knows; probably it should be `FilterPause`. As it is, no rule sees it.',
        },
      ]);
      expect((await read(line(1, { ddi: 'FilterPuase', neighbour: 'filter:other' }))).problems).to.deep.equal([]);
    });

    it('tells a torn last line from a wrong one', async () => {
      const torn = await read(`${line(1)}\n{"seq":2,"dir":"->","dd`);
      expect(seqs(torn)).to.deep.equal([1]);
      expect(torn.problems).to.have.lengthOf(1);
      expect(torn.problems[0]).to.deep.include({ line: 2 });
      expect(torn.problems[0]?.what).to.include('the recording was cut off here');
      expect((await read(`${line(1)}\n# end`)).problems[0]?.what).to.include('a comment');
    });

    it('leaves out a line that is too long', async () => {
      const found = await read([`${line(1)}\n${line(2, { module: 'x'.repeat(LONGEST_LINE) })}\n`, `${line(3)}\n`]);
      expect(seqs(found)).to.deep.equal([1, 3]);
      expect(found.problems.map(({ line: at }) => at)).to.deep.equal([2, 3]);
      expect(found.problems[0]?.what).to.include('longer than 1048576 characters');
    });

    it('does not read another version', async () => {
      const found = await read(`{"schema":"trace/2","driver":"npf"}\n${line(1)}\n`);
      expect(found.headers).to.deep.equal([]);
      expect(found.crossings).to.deep.equal([]);
      expect(found.problems.map(({ line: at }) => at)).to.deep.equal([1]);
      expect(found.problems[0]?.what).to.include('This trace says it is "trace/2"');
    });

    it('leaves out a wrong header and reads on', async () => {
      const found = await read(`{"schema":"trace/1","driver":7}\n${line(1)}\n`);
      expect(seqs(found)).to.deep.equal([1]);
      expect(found.headers).to.deep.equal([]);
      expect(found.problems[0]?.what).to.match(/^`driver` must be a text/);
    });

    it('stops where another trace begins', async () => {
      const found = await read(`${line(1)}\n{"schema":"trace/1"}\n${line(1)}\n${line(2)}\n`);
      expect(seqs(found)).to.deep.equal([1]);
      expect(found.problems.map(({ line: at }) => at)).to.deep.equal([2]);
      expect(found.problems[0]?.what).to.include('another trace begins');
    });

    it('says so when it is UTF-16', async () => {
      const found = await read([Buffer.from(`\ufeff${line(1)}\r\n${line(2)}\r\n`, 'utf16le')]);
      expect(found.crossings).to.deep.equal([]);
      expect(found.problems).to.have.lengthOf(1);
      expect(found.problems[0]?.what).to.include('save it as UTF-8');
    });

    it('ends with a problem when the source fails', async () => {
      async function* failing(): AsyncGenerator<string> {
        yield `${line(1)}\n${line(2)}`;
        throw new Error('unexpected end of file');
      }
      const found = await read(failing());
      expect(seqs(found)).to.deep.equal([1, 2]);
      expect(found.problems).to.deep.equal([
        {
          line: 2,
          offset: 41,
          lost: 'rest',
          what: 'Reading ended here before the end of the file (unexpected end of file); what was read so far is judged.',
        },
      ]);
    });

    it('never throws, and never shows a control character', async () => {
      const junk = fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        fc.constantFrom(
          '{',
          '}',
          '"',
          '\n',
          '\u001b[31m',
          '{"seq":1,"dir":"->","ddi":"A","\u009b":1}',
          '"\ud800"',
          line(1),
          line(2),
        ),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(junk, { maxLength: 6 }), async (chunks) => {
          const { problems } = await read(chunks);
          for (const { line: at, what } of problems) {
            expect(at).to.be.at.least(1);
            expect(what).to.match(/^\P{Cc}+$/u);
          }
        }),
        { numRuns: 100 },
      );
    });
  });

  it('closes the source when nobody wants more', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (let seq = 1; ; seq += 1) yield `${line(seq)}\n`;
      } finally {
        closed = true;
      }
    }
    for await (const { crossing } of readTrace(endless())) {
      if (crossing?.seq === 100) break;
    }
    expect(closed).to.equal(true);
  });
});
