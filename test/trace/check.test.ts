import Ajv from 'ajv';
import { expect } from 'chai';
import fc from 'fast-check';
import schema from '../../src/trace/trace-1.schema.json';
import { crossingFault, headerFault } from '../../src/trace/check';
import { anyCrossing, anyHeader } from './arbitrary';

const valid = new Ajv().compile(schema);

/** What the reader's own check says about a line of a trace. */
function fault(value: unknown): string | undefined {
  const isHeader = typeof value === 'object' && value !== null && !Array.isArray(value) && 'schema' in value;
  return isHeader ? headerFault(value) : crossingFault(value);
}

function agree(value: unknown): boolean {
  const good = valid(value);
  expect(fault(value) === undefined, `${JSON.stringify(value)} is ${good ? 'good' : 'bad'}: ${fault(value)}`).to.equal(
    good,
  );
  return good;
}

const C = { seq: 1, dir: '->', ddi: 'FilterPause' };

describe('The check of a line and the published schema', () => {
  it('accept every shape of line', () => {
    const good: unknown[] = [
      { schema: 'trace/1' },
      { schema: 'trace/1', adapter: 'simulator', driver: 'npf', seed: -3, complete: true, scenario: 'Any' },
      C,
      {
        ...C,
        seq: Number.MAX_SAFE_INTEGER,
        module: 'm1',
        adapter: 'A',
        thread: 't1',
        cpu: 0,
        irql: 31,
        locks: [],
        time: 0.5,
      },
      { ...C, neighbour: 'miniport' },
      { ...C, neighbour: 'protocol', locks: ['L1', 'L2'] },
      { ...C, neighbour: 'filter:lower one' },
      { ...C, dir: '<-', status: 'SUCCESS' },
      { ...C, dir: '<=', status: '0x103' },
      { ...C, dir: '<-', status: -1073741823 },
      { ...C, dir: '<-', status: 4294967295 },
      { ...C, args: {} },
      {
        ...C,
        args: {
          handle: 'h1',
          flags: 2,
          wide: '18446744073709551615',
          gone: null,
          on: true,
          handlers: ['a', ''],
          x: '',
        },
      },
      { ...C, args: { status: 'PENDING' } },
      { ...C, nbls: [] },
      { ...C, nbls: [{ nbl: 'n1' }] },
      {
        ...C,
        nbls: [
          {
            nbl: 'n1',
            source: 'h1',
            status: 'NDIS_STATUS_PAUSED',
            nbs: [{ nb: 'b1', dataOffset: 0, dataLength: 60, mdls: 'd1+d2' }, { nb: 'b2' }],
            cancelId: 'c1',
            context: 16,
          },
        ],
      },
      { ...C, certainty: 'exact' },
      { ...C, certainty: { after: 0, before: 19 } },
      { dir: '!!', ddi: 'Quiescent', seq: 2 },
    ];
    for (const line of good) expect(agree(line), JSON.stringify(line)).to.equal(true);
  });

  const bad: [string, unknown, string][] = [
    ['a line that is a number', 7, 'It must be an object, not 7'],
    ['a line that is null', null, 'It must be an object, not null'],
    ['a line that is a list', [C], 'It must be an object'],
    ['a header of another version', { schema: 'trace/2' }, '`schema` must be "trace/1", not "trace/2"'],
    ['a header with a misspelt member', { schema: 'trace/1', compleet: true }, '`compleet` is unknown here'],
    [
      'a header with a wrong member',
      { schema: 'trace/1', complete: 'yes' },
      '`complete` must be true or false, not "yes"',
    ],
    ['a header with a broken seed', { schema: 'trace/1', seed: 0.5 }, '`seed` must be a whole number'],
    ['a header and crossing in one', { schema: 'trace/1', ...C }, '`seq` is unknown here'],
    ['no seq', { dir: '->', ddi: 'FilterPause' }, '`seq` is missing'],
    ['no dir', { seq: 1, ddi: 'FilterPause' }, '`dir` is missing'],
    ['no ddi', { seq: 1, dir: '->' }, '`ddi` is missing'],
    ['seq 0', { ...C, seq: 0 }, '`seq` must be a whole number from 1, not 0'],
    ['seq as text', { ...C, seq: '1' }, '`seq` must be'],
    ['seq that is too large', { ...C, seq: 2 ** 53 }, '`seq` must be'],
    ['an unknown arrow', { ...C, dir: '>' }, '`dir` must be one of -> <- => <= !!, not ">"'],
    ['a ddi with an arrow', { ...C, ddi: '->FilterPause' }, '`ddi` must be the name of a DDI'],
    ['an empty ddi', { ...C, ddi: '' }, '`ddi` must be'],
    ['an empty module', { ...C, module: '' }, '`module` must be a text that is not empty, not ""'],
    ['a module that is a number', { ...C, module: 1 }, '`module` must be'],
    [
      'an unknown neighbour',
      { ...C, neighbour: 'filter:' },
      '`neighbour` must be "miniport", "protocol" or "filter:NAME"',
    ],
    ['an irql that does not exist', { ...C, irql: 32 }, '`irql` must be a whole number from 0 to 31, not 32'],
    ['an irql by name', { ...C, irql: 'PASSIVE_LEVEL' }, '`irql` must be'],
    ['one lock as text', { ...C, locks: 'L1' }, '`locks` must be a list, not "L1"'],
    ['a lock that is a number', { ...C, locks: ['L1', 2] }, '`locks[1]` must be'],
    ['negative time', { ...C, time: -1 }, '`time` must be'],
    ['a status that is none', { ...C, status: 'not good' }, '`status` must be a status'],
    ['a status beyond 32 bits', { ...C, status: 4294967296 }, '`status` must be a status'],
    ['a null status', { ...C, status: null }, '`status` must be a status'],
    ['an argument that is an object', { ...C, args: { flags: { a: 1 } } }, '`args.flags` must be a text'],
    ['an argument that is a mixed list', { ...C, args: { handlers: ['a', 1] } }, '`args.handlers` must be'],
    ['an argument status that is none', { ...C, args: { status: [] } }, '`args.status` must be a status'],
    ['args as a list', { ...C, args: [] }, '`args` must be an object, not []'],
    ['one nbl outside of a list', { ...C, nbls: { nbl: 'n1' } }, '`nbls` must be a list'],
    ['nbls as texts', { ...C, nbls: ['n1'] }, '`nbls[0]` must be an object, not "n1"'],
    ['an nbl without identity', { ...C, nbls: [{ status: 'SUCCESS' }] }, '`nbls[0].nbl` is missing'],
    ['an nbl with a misspelt member', { ...C, nbls: [{ nbl: 'n1', State: 1 }] }, '`nbls[0].State` is unknown here'],
    [
      'a length that is none',
      { ...C, nbls: [{ nbl: 'n1' }, { nbl: 'n2', nbs: [{ nb: 'b1', dataLength: '60' }] }] },
      '`nbls[1].nbs[0].dataLength` must be a whole number from 0, not "60"',
    ],
    ['an unknown certainty', { ...C, certainty: 'maybe' }, '`certainty` must be'],
    ['half an interval', { ...C, certainty: { after: 1 } }, '`certainty.before` is missing'],
    ['an unknown member', { ...C, modul: 'm1' }, '`modul` is unknown here; the members are seq, dir, ddi, module'],
    ['a member named like the prototype', JSON.parse('{"seq":1,"dir":"->","ddi":"A","__proto__":{}}'), '`__proto__`'],
    ['a member every object has', { ...C, constructor: 'x' }, '`constructor` is unknown here'],
  ];
  for (const [what, line, complaint] of bad) {
    it(`refuse ${what}`, () => {
      expect(agree(line)).to.equal(false);
      expect(fault(line)).to.include(complaint);
    });
  }

  describe('want to be told what a call hands over', () => {
    const nbls = [{ nbl: 'n1' }];
    const send = { seq: 1, dir: '=>', ddi: 'NdisFSendNetBufferLists' };
    const receive = { seq: 1, dir: '->', ddi: 'FilterReceiveNetBufferLists' };
    const oid = { seq: 1, dir: '->', ddi: 'FilterOidRequest' };
    const clone = { seq: 1, dir: '=>', ddi: 'NdisAllocateCloneOidRequest' };
    const free = { seq: 1, dir: '=>', ddi: 'NdisFreeCloneOidRequest' };

    const made = { seq: 1, dir: '<=', ddi: 'NdisAllocateCloneNetBufferList' };

    const missing: readonly [object, string][] = [
      [send, '`nbls` is missing in =>NdisFSendNetBufferLists'],
      [{ ...receive, args: { flags: 0 } }, '`nbls` is missing in ->FilterReceiveNetBufferLists'],
      [{ ...receive, nbls }, '`args.flags` is missing in ->FilterReceiveNetBufferLists'],
      [{ ...receive, nbls, args: { count: 1 } }, '`args.flags` is missing'],
      [oid, '`args.request` is missing in ->FilterOidRequest'],
      [{ ...oid, args: { request: 7 } }, '`args.request` is missing'],
      [clone, '`args.request` is missing'],
      [{ ...free, args: {} }, '`args.clone` is missing'],
      [made, '`nbls` is missing in <=NdisAllocateCloneNetBufferList'],
    ];
    for (const [line, complaint] of missing) {
      it(JSON.stringify(line), () => {
        expect(agree(line)).to.equal(false);
        expect(fault(line)).to.include(complaint);
      });
    }

    it('and not where it is there, where it was said before, or of whom nobody judges', () => {
      for (const line of [
        { ...send, nbls },
        { ...send, nbls: [] },
        { ...send, dir: '<=' },
        { ...send, neighbour: 'protocol' },
        { ...receive, nbls, args: { flags: 0 } },
        { ...receive, dir: '<-' },
        { ...oid, args: { request: 'o1' } },
        { ...oid, args: { request: null } },
        { ...oid, dir: '<-', status: 'PENDING' },
        { ...clone, args: { request: null } },
        { ...clone, dir: '<=', status: 'SUCCESS' },
        { ...free, args: { clone: 'o2' } },
        { ...free, neighbour: 'filter:other' },
        { ...made, nbls: [] },
        { ...made, dir: '=>' },
      ])
        expect(agree(line), JSON.stringify(line)).to.equal(true);
    });

    it('for every name of which it matters', () => {
      for (const name of [
        ...['Send', 'Return'].flatMap((way) => [`Filter${way}NetBufferLists`, `NdisF${way}NetBufferLists`]),
        ...['FilterSendNetBufferListsComplete', 'NdisFSendNetBufferListsComplete', 'NdisFreeNetBufferList'],
        ...['FilterReceiveNetBufferLists', 'NdisFIndicateReceiveNetBufferLists', 'NdisAllocateCloneOidRequest'],
        ...['', 'Direct'].flatMap((kind) =>
          ['', 'Complete'].flatMap((end) => [`Filter${kind}OidRequest${end}`, `NdisF${kind}OidRequest${end}`]),
        ),
      ])
        expect(agree({ seq: 1, dir: '=>', ddi: name }), name).to.equal(false);
      for (const kind of ['NetBufferAnd', 'Clone', 'Fragment', 'Reassembled'])
        expect(agree({ seq: 1, dir: '<=', ddi: `NdisAllocate${kind}NetBufferList` }), kind).to.equal(false);
    });
  });

  it('complain in few words about many', () => {
    const complaint = fault({ ...C, ['x'.repeat(5000)]: 1 }) ?? '';
    expect(complaint).to.match(/^`x{80}…` is unknown here/);
    expect(fault({ ...C, args: { ['x'.repeat(5000)]: ['y'.repeat(5000), 1] } })).to.have.lengthOf.at.most(250);
  });

  it('complain of lists within lists without end', () => {
    const deep: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
    expect(crossingFault({ ...C, module: deep })).to.equal('`module` must be a text that is not empty, not [[["…"]]]');
    expect(crossingFault(deep)).to.match(/must be an object, not/);
  });

  it('agree on numbers that only look finite', () => {
    for (const line of [
      '{"seq":1,"dir":"->","ddi":"A","time":1e999}',
      '{"seq":1,"dir":"->","ddi":"A","args":{"x":1e999}}',
    ]) {
      expect(agree(JSON.parse(line)), line).to.equal(false);
    }
  });

  it('accept whatever the vocabulary allows', () => {
    fc.assert(fc.property(fc.oneof(anyCrossing, anyHeader), (line) => void expect(agree(line)).to.equal(true)));
  });

  it('agree on lines with something wrong somewhere', () => {
    const name = fc.constantFrom(
      ...[
        'seq',
        'dir',
        'ddi',
        'module',
        'neighbour',
        'irql',
        'cpu',
        'locks',
        'time',
        'status',
        'args',
        'nbls',
        'certainty',
      ],
      ...['schema', 'seed', 'complete', 'nbl', 'nbs', 'other'],
    );
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom<unknown>(
        'exact',
        '->',
        'filter:x',
        'filter:',
        '0x1',
        '0x',
        ' ',
        'trace/1',
        32,
        31,
        -1,
        0,
        1.5,
        2 ** 53,
      ),
      fc.record(
        { after: fc.integer({ min: -1, max: 1 }), before: fc.integer({ min: -1, max: 1 }) },
        { requiredKeys: [] },
      ),
      fc.array(fc.record({ nbl: fc.constantFrom<unknown>('n1', '', 1), nbs: fc.jsonValue() }, { requiredKeys: [] })),
    );
    fc.assert(
      fc.property(fc.oneof(anyCrossing, anyHeader), name, odd, (line, member, value) => {
        agree({ ...line, [member]: value });
        agree(value);
      }),
      { numRuns: 500 },
    );
  });
});
