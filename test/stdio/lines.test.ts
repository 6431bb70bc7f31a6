import { expect } from 'chai';
import fc from 'fast-check';
import { LONGEST_MESSAGE } from '../../adapters/contract/protocol';
import { LineReader } from '../../adapters/stdio/lines';

function read(...chunks: readonly (string | Uint8Array)[]): string[] {
  const found: string[] = [];
  const reader = new LineReader({
    line: (text) => found.push(text),
    unreadable: (why, start) => found.push(`! ${why}: ${start}`),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk as string));
  if (reader.unfinished !== undefined) found.push(`… ${reader.unfinished}`);
  return found;
}

describe('lines of messages', () => {
  it('are the same wherever the bytes are cut', () => {
    const text = Buffer.from('\ufeff{"a":"ü€😀"}\r\n\n{"b":2}\n');
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((end, i) => text.subarray(at[i], end));
        expect(read(...chunks)).to.deep.equal(['{"a":"ü€😀"}', '{"b":2}']);
      }),
    );
  });

  it('may be as long as the protocol says, and no longer', () => {
    const longest = 'x'.repeat(LONGEST_MESSAGE);
    expect(read(`${longest}\r\nafter\n`)).to.deep.equal([longest, 'after']);
    const [complaint, after] = read(`${longest}xx`, 'x'.repeat(3 * LONGEST_MESSAGE), '\nafter\n');
    expect(complaint).to.match(/^! is longer than 1048576 bytes: "xxxx.*…$/);
    expect(after).to.equal('after');
  });

  it('that are not UTF-8 are told, and what follows is read', () => {
    const bytes = Buffer.concat([Buffer.from('a'), Buffer.from([0xff, 0xfe]), Buffer.from('\nb\n')]);
    expect(read(bytes)).to.deep.equal(['! is not UTF-8: "a\ufffd\ufffd"', 'b']);
  });

  it('that never end are known by their beginning', () => {
    expect(read('a\n{"b')).to.deep.equal(['a', '… "{\\"b"']);
  });
});
