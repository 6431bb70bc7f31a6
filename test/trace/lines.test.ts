import { expect } from 'chai';
import fc from 'fast-check';
import { LineSplitter, LONGEST_LINE } from '../../src/trace/lines';

function split(chunks: readonly string[]): { lines: string[]; tooLong: number[] } {
  const lines: string[] = [];
  const tooLong: number[] = [];
  const splitter = new LineSplitter({
    line: (text, { line }) => void (lines[line - 1] = text),
    tooLong: ({ line }) => void tooLong.push(line),
  });
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end((text, { line }) => void (lines[line - 1] = text));
  return { lines, tooLong };
}

describe('Lines out of chunks', () => {
  it('are the same when the owner of a chunk uses it for the next one', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter({ line: (text) => void lines.push(text), tooLong: () => undefined });
    const chunk = Buffer.alloc(3);
    for (const part of ['abc', 'de\n', 'fg\n']) {
      chunk.write(part);
      splitter.push(chunk);
    }
    expect(lines).to.deep.equal(['abcde', 'fg']);
  });

  it('are the same wherever the chunks are cut', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'ä', ''), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(12), { maxLength: 40 }), (whole, sizes) => {
        const chunks: string[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(whole.slice(at, (at += size)));
        chunks.push(whole.slice(at));
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(split(chunks).lines).to.deep.equal(expected);
      }),
    );
  });

  it('may be as long as the limit, and are left out beyond it, in one chunk or many', () => {
    const longest = 'x'.repeat(LONGEST_LINE);
    expect(split([`${longest}\nb\n`])).to.deep.equal({ lines: [longest, 'b'], tooLong: [] });
    for (const chunks of [[`${longest}x\nb\n`], [longest, 'x', 'y', '\nb', '\n'], [`${longest}xy`, longest, '\nb']]) {
      const { lines, tooLong } = split(chunks);
      expect(tooLong).to.deep.equal([1]);
      expect(Object.values(lines)).to.deep.equal(['b']);
      expect(lines[1]).to.equal('b');
    }
  });

  it('that are too long leave nothing behind at the end', () => {
    expect(split(['a\n', 'x'.repeat(LONGEST_LINE + 1)])).to.deep.equal({ lines: ['a'], tooLong: [2] });
  });
});
