import { expect } from 'chai';
import fc from 'fast-check';
import { readTrace, traceToNdjson, type Crossing, type TraceEntry } from '../../src/trace';
import { anyCrossing, anyHeader } from './arbitrary';

async function entries(text: string): Promise<TraceEntry[]> {
  const found: TraceEntry[] = [];
  for await (const entry of readTrace(text)) found.push(entry);
  return found;
}

/** The same value with the members of every object in the opposite order. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, backwards(member)]),
  );
}

const anyTrace = fc
  .array(anyCrossing, { maxLength: 6 })
  .map((crossings) => crossings.map((crossing, i): Crossing => ({ ...crossing, seq: i + 1 })));

describe('Writing a trace', () => {
  it('puts members in the order of the format, and arguments in that of the alphabet', () => {
    const text = traceToNdjson({ complete: true, driver: 'npf', schema: 'trace/1' }, [
      {
        certainty: { before: 3, after: 1 },
        nbls: [{ nbs: [{ dataLength: 60, nb: 'b1' }], status: 'NDIS_STATUS_PAUSED', nbl: 'n1' }],
        args: { handle: 'h1', flags: 0, ' ': '' },
        ddi: 'NdisFSendNetBufferListsComplete',
        dir: '=>',
        seq: 1,
      },
    ]);
    expect(text).to.equal(
      '{"schema":"trace/1","driver":"npf","complete":true}\n' +
        '{"seq":1,"dir":"=>","ddi":"NdisFSendNetBufferListsComplete","args":{" ":"","flags":0,"handle":"h1"},' +
        '"nbls":[{"nbl":"n1","status":"NDIS_STATUS_PAUSED","nbs":[{"nb":"b1","dataLength":60}]}],"certainty":{"after":1,"before":3}}\n',
    );
  });

  it('needs neither header nor crossings', () => {
    expect(traceToNdjson(undefined, [])).to.equal('');
    expect(traceToNdjson(undefined, [{ seq: 1, dir: '!!', ddi: 'Quiescent', module: undefined }])).to.equal(
      '{"seq":1,"dir":"!!","ddi":"Quiescent"}\n',
    );
  });

  it('loses nothing that the reader could not read back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(anyHeader, { nil: undefined }), anyTrace, async (header, crossings) => {
        const expected: unknown[] = crossings.map((crossing) => ({ crossing }));
        if (header) expected.unshift({ header });
        expect(await entries(traceToNdjson(header, crossings))).to.deep.equal(expected);
      }),
    );
  });

  it('gives the same bytes for equal traces', () => {
    fc.assert(
      fc.property(anyHeader, anyTrace, (header, crossings) => {
        const again = backwards(crossings) as Crossing[];
        expect(traceToNdjson(backwards(header) as typeof header, again)).to.equal(traceToNdjson(header, crossings));
      }),
    );
  });
});
