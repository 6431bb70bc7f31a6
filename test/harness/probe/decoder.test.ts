import { expect } from 'chai';
import fc from 'fast-check';
import { ProbeDecoder, type ProbeLife, type ProbeOutcome } from '../../../adapters/harness/decode/probe';
import { PROBE_PROVIDER } from '../../../adapters/harness/decode/probe-record';
import type { SelfDescribingEvent } from '../../../adapters/harness/decode/trace-logging';
import { array, u32, u64 } from './bytes';
import { FIELDS, METADATA, metadataOf } from './metadata';

interface Written {
  readonly seq: number;
  readonly loaded?: number;
  readonly of?: number;
  readonly direction?: number;
  readonly options?: number;
  readonly ddi?: string;
  readonly handle?: bigint;
  readonly context?: bigint;
  readonly irql?: number;
  readonly status?: number;
  readonly values?: readonly bigint[];
  readonly chain?: readonly bigint[];
}

function event(written: Written): SelfDescribingEvent {
  const { seq, of = 0, direction = 0, options = 0, ddi = 'FilterPause', handle = 0n, context = 0n } = written;
  const payload = Buffer.concat([
    ...[
      u64(0xf000n, BigInt(written.loaded ?? 5)),
      u64(BigInt(seq), BigInt(of)),
      Buffer.from([direction, options, written.irql ?? 0]),
      Buffer.from(`${ddi}\0`),
    ],
    ...[Buffer.from('\0\0'), u64(handle, context, 0x77n), u32(0, 12, written.status ?? 0)],
    ...[array(written.values ?? []), array(written.chain ?? [])],
  ]);
  return { provider: PROBE_PROVIDER, metadata: METADATA, payload, time: seq };
}

function decode(events: readonly SelfDescribingEvent[]): ProbeLife {
  const { lives, problems } = decodeAll(events);
  const [life] = lives;
  if (!life || lives.length > 1) throw new Error(`there are ${lives.length} lives`);
  return { ...life, problems: [...problems, ...life.problems] };
}

function decodeAll(events: readonly SelfDescribingEvent[]): ProbeOutcome {
  const decoder = new ProbeDecoder();
  for (const each of events) decoder.take(each);
  return decoder.finish();
}

/** One NBL without buffers: address, source, state, cancel id, count. */
const nbl = (address: bigint): bigint[] => [address, 0n, 0n, 0n, 0n];

const LIFE = [
  event({ seq: 1, ddi: 'DriverEntry' }),
  event({ seq: 2, direction: 1, options: 1, ddi: 'DriverEntry' }),
  event({ seq: 3, ddi: 'FilterAttach', handle: 0x100n }),
  event({ seq: 4, direction: 2, ddi: 'NdisFSetAttributes', handle: 0x100n, values: [0x900n] }),
  event({ seq: 5, direction: 3, options: 1, ddi: 'NdisFSetAttributes', handle: 0x100n }),
  event({ seq: 6, direction: 1, options: 1, ddi: 'FilterAttach', handle: 0x100n }),
  event({
    seq: 7,
    ddi: 'FilterSendNetBufferLists',
    context: 0x900n,
    values: [0n],
    chain: [...nbl(0xa0n), ...nbl(0xb0n)],
  }),
  event({ seq: 8, direction: 1, ddi: 'FilterSendNetBufferLists', context: 0x900n }),
];

describe('The decoder of the probe', () => {
  it('names what has addresses only, and finds the module of a context', () => {
    const { crossings, isWhole, problems } = decode(LIFE);
    expect(problems).to.deep.equal([]);
    expect(isWhole).to.equal(true);
    expect(crossings.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(crossings[1]).to.include({ dir: '<-', ddi: 'DriverEntry', status: 'STATUS_SUCCESS' });
    expect(crossings[3]).to.deep.include({ module: 'm1', args: { handle: 'h1', context: 'context1' } });
    expect(crossings[6]).to.deep.include({ module: 'm1', args: { flags: 0 } });
    expect(crossings[6]?.nbls?.map((view) => view.nbl)).to.deep.equal(['n1', 'n2']);
  });

  it('puts events into order that come from several processors', () => {
    expect(decode([...LIFE].reverse()).crossings).to.deep.equal(decode(LIFE).crossings);
  });

  it('counts what a probe answered whoever asked it, when all before it is there, and knows its end', () => {
    const last = LIFE.length;
    const [mark, end] = [event({ seq: last + 1, direction: 7 }), event({ seq: last + 2, direction: 8 })];
    const decoder = new ProbeDecoder();
    const soFar = (): unknown[] =>
      decoder.soFar.lives.map(({ marks, hasEnded, isWhole }) => [marks, hasEnded, isWhole]);
    for (const each of LIFE.slice(0, -1)) decoder.take(each);
    decoder.take(mark);
    expect(soFar()).to.deep.equal([[0, false, false]]);
    decoder.take(LIFE[last - 1] ?? mark);
    expect(soFar()).to.deep.equal([[1, false, true]]);
    decoder.take(end);
    expect(soFar()).to.deep.equal([[1, true, true]]);
    decoder.take(event({ seq: last + 3, direction: 7 }));
    expect(soFar()).to.deep.equal([[2, true, true]]);
    decoder.take(event({ seq: last + 4 }));
    expect(soFar()).to.deep.equal([[2, false, true]]);
    expect(decoder.finish().lives[0]?.crossings).to.have.lengthOf(last + 1);
  });

  it('leaves a gap for events that were lost, and says so once', () => {
    const { crossings, isWhole, problems } = decode(LIFE.filter((_event, i) => i !== 3 && i !== 4));
    expect(isWhole).to.equal(false);
    expect(problems).to.deep.equal(['2 events are missing before crossing 4.']);
    expect(crossings.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 6, 7, 8]);
  });

  it('puts a chain together that took several events, with others in between', () => {
    const parts = [
      event({
        seq: 1,
        direction: 2,
        options: 4,
        ddi: 'NdisFSendNetBufferLists',
        values: [0n],
        chain: nbl(1n).slice(0, 3),
      }),
      event({ seq: 2, ddi: 'FilterPause' }),
      event({ seq: 3, of: 1, direction: 2, options: 4, ddi: 'NdisFSendNetBufferLists', chain: nbl(1n).slice(3) }),
      event({ seq: 4, of: 1, direction: 2, ddi: 'NdisFSendNetBufferLists', chain: nbl(2n) }),
    ];
    const { crossings, isWhole } = decode(parts);
    expect(isWhole).to.equal(true);
    expect(crossings.map(({ ddi, nbls }) => [ddi, nbls?.length])).to.deep.equal([
      ['NdisFSendNetBufferLists', 2],
      ['FilterPause', undefined],
    ]);
    const torn = decode(parts.slice(0, 3));
    expect(torn.isWhole).to.equal(false);
    expect(torn.crossings.map(({ ddi }) => ddi)).to.deep.equal(['FilterPause']);
    const headless = decode(parts.slice(1));
    expect(headless.isWhole).to.equal(false);
    expect(headless.crossings.map(({ ddi }) => ddi)).to.deep.equal(['FilterPause']);
  });

  it('reads on where every other event was lost, and waits for a late one no longer than its window', () => {
    const count = 2_000;
    const events = Array.from({ length: count }, (_event, i) => event({ seq: 2 * i + 2 }));
    const { crossings, problems } = decode(events);
    expect(crossings.at(-1)?.seq).to.equal(2 * count);
    expect(problems).to.have.lengthOf(100);
    const endless = Array.from({ length: 70_000 }, (_event, i) =>
      event({ seq: i + 1, options: i === 0 ? 4 : 0, chain: i === 0 ? nbl(1n) : [] }),
    );
    const decoder = new ProbeDecoder();
    for (const each of endless) decoder.take(each);
    const [life] = decoder.finish().lives;
    expect(life?.crossings).to.have.lengthOf(endless.length - 1);
    expect(life?.problems).to.deep.equal(['1 events are missing before crossing 1.']);
  });

  it('keeps images apart, and one that is loaded again from what it was before', () => {
    const again = [
      event({ seq: 1, loaded: 9, ddi: 'DriverEntry' }),
      event({ seq: 2, loaded: 9, direction: 1, ddi: 'DriverEntry' }),
    ];
    const { lives, problems } = decodeAll([...LIFE.slice(0, 4), ...again, ...LIFE.slice(4)]);
    expect(problems).to.deep.equal([]);
    expect(lives.map(({ crossings, isWhole }) => [crossings.length, isWhole])).to.deep.equal([
      [LIFE.length, true],
      [2, true],
    ]);
  });

  it('tells which spin locks are held, as long as it knows', () => {
    const held = [
      event({ seq: 1, direction: 4, ddi: 'SpinLock', handle: 0x50n, irql: 2 }),
      event({ seq: 2, options: 2, irql: 2 }),
      event({ seq: 3, direction: 5, ddi: 'SpinLock', handle: 0x50n, irql: 2 }),
      event({ seq: 4, direction: 1, options: 3, irql: 2 }),
    ];
    expect(decode(held).crossings.map(({ locks }) => locks)).to.deep.equal([['lock1'], []]);
    expect(decode(held.slice(1)).crossings.map(({ locks }) => locks)).to.deep.equal([undefined, undefined]);
    const before = decode([event({ seq: 1 }), event({ seq: 2, options: 2, irql: 2 })]).crossings;
    expect(before.map(({ locks }) => locks)).to.deep.equal([undefined, []]);
  });

  it('says what is wrong with an event, and reads the others', () => {
    const [first] = LIFE as [SelfDescribingEvent, ...SelfDescribingEvent[]];
    const bad: readonly (readonly [SelfDescribingEvent, RegExp])[] = [
      [{ ...first, payload: first.payload.subarray(0, 36) }, /it ends inside ddi/],
      [{ ...first, payload: Buffer.concat([first.payload, Buffer.from([1])]) }, /1 bytes are left/],
      [{ ...first, metadata: first.metadata.subarray(0, 9) }, /another size than it says/],
      [{ ...first, metadata: metadataOf(FIELDS, 'Other') }, /no crossing but a "Other"/],
      [{ ...first, provider: '{00000000-0000-0000-0000-000000000000}' }, /not from the provider/],
      [{ ...first, metadata: metadataOf([['seq', 0x18]]) }, /of a type that no probe writes/],
      [event({ seq: 1, direction: 9 }), /its direction is 9/],
      [event({ seq: 1, chain: [1n, 2n] }), /its chain ends too early/],
    ];
    for (const [event_, expected] of bad) {
      const { crossings, isWhole, problems } = decode([event_, ...LIFE.slice(1)]);
      expect(isWhole).to.equal(false);
      expect(problems.join(' ')).to.match(expected);
      expect(crossings).to.have.lengthOf(LIFE.length - 1);
    }
  });

  it('survives events that were cut off or overwritten anywhere', () => {
    fc.assert(
      fc.property(
        fc.nat(LIFE.length - 1),
        fc.nat(200),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom('payload', 'metadata'),
        (which, at, bytes, part) => {
          const damaged = LIFE.map((each, i) => {
            if (i !== which) return each;
            const whole = each[part];
            return {
              ...each,
              [part]: Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)]),
            };
          });
          const crossings = decodeAll(damaged).lives.reduce((sum, life) => sum + life.crossings.length, 0);
          expect(crossings).to.be.lessThanOrEqual(LIFE.length);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});
