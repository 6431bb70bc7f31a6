import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { createJudges } from '../../../src/rules';
import { KNOWN_NAMES } from '../../../src/trace/names';
import type { ArgValue, Crossing, NblView } from '../../../src/trace';
import { RUNNING, show, trace } from './trace-dsl';

const NAMES = [...KNOWN_NAMES, 'KeSetEvent', 'IRP_MJ_PNP'];
const ARGUMENTS = [
  ...[
    'handle',
    'flags',
    'count',
    'pool',
    'memory',
    'request',
    'clone',
    'oid',
    'irp',
    'file',
    'timer',
    'workItem',
    'event',
  ],
  ...['power', 'status', 'code', 'what', 'object', 'access', 'field', 'scope', 'freed', 'waitsFor', 'heldBy', 'inside'],
  ...[
    'nb',
    'delta',
    'size',
    'attributes',
    'handlers',
    'context',
    'cancelId',
    'requestId',
    'bytesWritten',
    'requestHandle',
  ],
];
const STATUSES = ['SUCCESS', 'PENDING', 'PAUSED', 'FAILURE', 'RESOURCES'].map((status) => `NDIS_STATUS_${status}`);

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
/** Few identities, so that crossings have to do with each other. */
const identity = fc.constantFrom('a', 'b', 'c', 'h1', 'm1', 'driver');
const value: fc.Arbitrary<ArgValue> = fc.oneof(
  { weight: 6, arbitrary: identity },
  fc.constantFrom(
    ...STATUSES,
    'NetEventSetPower',
    'NetEventFilterPreDetach',
    'D0',
    'D3',
    'nbl',
    'oid',
    'memory',
    'read',
  ),
  fc.constantFrom(null, true, false, 0, 1, 2, -1, Number.NaN),
  fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }),
);
const view: fc.Arbitrary<NblView> = fc.record(
  {
    nbl: identity,
    source: identity,
    status: fc.constantFrom(...STATUSES),
    context: fc.nat(2),
    cancelId: identity,
    nbs: fc.array(fc.record({ nb: identity, dataOffset: fc.nat(2) }, { requiredKeys: ['nb'] }), { maxLength: 2 }),
  },
  { requiredKeys: ['nbl'] },
);
const crossing = fc.record({
  lost: fc.boolean(),
  dir: fc.constantFrom('->', '<-', '=>', '<=', '!!'),
  ddi: fc.constantFrom(...NAMES),
  module: maybe(fc.constantFrom('m1', 'm2')),
  neighbour: rarely(fc.constantFrom('miniport', 'protocol')),
  thread: maybe(fc.constantFrom('t1', 't2')),
  irql: maybe(fc.constantFrom(0, 1, 2, 31)),
  locks: maybe(fc.array(identity, { maxLength: 2 })),
  time: maybe(fc.nat(20_000)),
  status: maybe(fc.constantFrom(...STATUSES)),
  args: maybe(fc.dictionary(fc.constantFrom(...ARGUMENTS), value, { maxKeys: 6 })),
  nbls: maybe(fc.array(view, { maxLength: 3 })),
  certainty: rarely(fc.constant({ after: 1, before: 40 })),
});

function numbered(drafts: readonly { lost: boolean }[]): Crossing[] {
  let seq = 0;
  return drafts.map(({ lost, ...draft }) => {
    seq += lost && seq % 7 === 0 ? 5 : 1;
    return { ...draft, seq } as unknown as Crossing;
  });
}

const MEMBERS = ['seq', 'dir', 'ddi', 'module', 'thread', 'irql', 'status'];
const HANDLERS = ['FilterAttach', 'FilterRestart', 'FilterPause', 'IRP_MJ_WRITE', 'FilterSendNetBufferLists'];
const MORE_HANDLERS = ['SendNetBufferListsComplete', 'ReceiveNetBufferLists', 'ReturnNetBufferLists'];
const CALLS = [
  'SendNetBufferLists',
  'IndicateReceiveNetBufferLists',
  'ReturnNetBufferLists',
  'SendNetBufferListsComplete',
];
const BUSY: readonly (readonly [Crossing['dir'], string])[] = [
  ...[...HANDLERS, ...MORE_HANDLERS.map((name) => `Filter${name}`)].flatMap((ddi) => [
    ['->', ddi] as const,
    ['<-', ddi] as const,
  ]),
  ...CALLS.map((name) => `NdisF${name}`).flatMap((ddi) => [['=>', ddi] as const, ['<=', ddi] as const]),
];

describe('Judging junk', () => {
  it('never throws, and says the same of the same trace', () => {
    fc.assert(
      fc.property(fc.array(crossing, { maxLength: 120 }), (drafts) => {
        const crossings = numbered(drafts);
        const [first, second] = [0, 1].map(() => {
          const judges = createJudges();
          for (const one of crossings) judges.see(one);
          judges.finish();
          return judges.violations;
        });
        expect(second).to.deep.equal(first);
        for (const { message, witnesses, at } of first ?? []) {
          expect(message).to.not.match(/\bundefined\b|\[object /);
          expect(witnesses).to.include(at);
        }
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('is the same whatever becomes of a crossing that judges have let go', () => {
    let letGo = 0;
    const found = (crossings: readonly Crossing[], isShown: boolean): unknown => {
      const judges = createJudges();
      if (isShown) letGo += show(judges, crossings);
      else for (const one of crossings) judges.see({ ...one });
      judges.finish();
      const { violations } = judges;
      return [
        violations,
        judges.allExercised(),
        violations.map(({ at }) => JSON.stringify(judges.witness(at), MEMBERS)),
      ];
    };
    // Mostly returns, and what decides what they mean.
    const busy = fc.tuple(crossing, fc.constantFrom(...BUSY)).map(([draft, [dir, ddi]]) => ({ ...draft, dir, ddi }));
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: busy }, crossing), { minLength: 40, maxLength: 120 }),
        (drafts) => {
          const crossings = numbered(drafts.map((draft, index) => ({ ...draft, lost: index % 40 === 39 })));
          expect(found(crossings, true)).to.deep.equal(found(crossings, false));
        },
      ),
      { seed: 3, numRuns: 150 },
    );
    expect(letGo).to.be.greaterThan(2000);
  });

  it('keeps no more of a long trace than of a short one', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const judges = createJudges();
    for (const one of trace(RUNNING)) judges.see(one);
    let seq = trace(RUNNING).length;
    /** Each NBL, request and thread is a new one, and returns of calls are left out. */
    const live = (lives: number): number => {
      for (let life = 0; life < lives; life += 1) {
        const crossings = JSON.parse(LIFE.replaceAll('_ID_', String(seq))) as Crossing[];
        for (const one of crossings) judges.see({ ...one, seq: (seq += 1) });
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const few = live(2_000);
    const many = live(4_000);
    expect(judges.violations).to.deep.equal([]);
    expect(many - few).to.be.lessThan(2 * 2 ** 20);
  });
});

/** Parsed once: the notation is for readers, not for speed. */
const LIFE = JSON.stringify(
  trace(`
  a_ID_: ->IRP_MJ_WRITE irp=i_ID_ file=f_ID_
  a_ID_: m1 =>NdisFSendNetBufferLists [o_ID_] handle=hm1 flags=0
  a_ID_: <-IRP_MJ_WRITE = STATUS_SUCCESS
  b_ID_: m1 ->FilterSendNetBufferListsComplete [o_ID_] flags=1
  b_ID_: m1 <-FilterSendNetBufferListsComplete
  c_ID_: m1 ->FilterSendNetBufferLists [s_ID_] flags=0
  c_ID_: m1 =>NdisFSendNetBufferLists [s_ID_] handle=hm1 flags=0
  c_ID_: m1 <-FilterSendNetBufferLists
  d_ID_: m1 ->FilterSendNetBufferListsComplete [s_ID_] flags=1
  d_ID_: m1 =>NdisFSendNetBufferListsComplete [s_ID_] flags=1
  d_ID_: m1 <-FilterSendNetBufferListsComplete
  e_ID_: m1 =>NdisAllocateMemoryWithTagPriority
  e_ID_: m1 <=NdisAllocateMemoryWithTagPriority memory=x_ID_
  e_ID_: m1 =>NdisFreeMemory memory=x_ID_
  e_ID_: m1 <=NdisFreeMemory
  f_ID_: m1 ->FilterOidRequest request=r_ID_ oid=OID_GEN_STATISTICS
  f_ID_: m1 =>NdisAllocateCloneOidRequest request=r_ID_
  f_ID_: m1 <=NdisAllocateCloneOidRequest = SUCCESS clone=k_ID_
  f_ID_: m1 =>NdisFOidRequest handle=hm1 request=k_ID_
  f_ID_: m1 <=NdisFOidRequest = SUCCESS request=k_ID_
  f_ID_: m1 =>NdisFreeCloneOidRequest clone=k_ID_
  f_ID_: m1 <-FilterOidRequest = SUCCESS request=r_ID_
  g_ID_: m1 ->FilterCancelSendNetBufferLists cancelId=c_ID_
  g_ID_: m1 =>NdisFCancelSendNetBufferLists handle=hm1 cancelId=c_ID_
  g_ID_: m1 <-FilterCancelSendNetBufferLists
  h_ID_: ->IRP_MJ_WRITE irp=j_ID_ file=f_ID_
  h_ID_: =>IoCompleteRequest irp=j_ID_ status=STATUS_SUCCESS
  h_ID_: <-IRP_MJ_WRITE = STATUS_SUCCESS
  t1: n_ID_ ->FilterAttach handle=hn_ID_
  t1: n_ID_ =>NdisFSetAttributes handle=hn_ID_ context=cn_ID_
  t1: n_ID_ <=NdisFSetAttributes = SUCCESS
  t1: n_ID_ <-FilterAttach = SUCCESS
  t1: n_ID_ ->FilterRestart
  t1: n_ID_ <-FilterRestart = SUCCESS
  t1: n_ID_ ->FilterPause
  t1: n_ID_ <-FilterPause = SUCCESS
  t1: n_ID_ ->FilterDetach
  t1: n_ID_ <-FilterDetach`),
);
