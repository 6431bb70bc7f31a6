/** Lines of a trace as `fast-check` makes them up: every member, present or not. */
import fc from 'fast-check';
import type { ArgValue, Crossing, NblView, TraceHeader } from '../../src/trace';

const identity = fc.oneof(
  fc.constantFrom('m1', 'n1', 'h1', 'L1', 'c1'),
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
);

const DDIS = ['FilterPause', 'NdisFSendNetBufferLists', 'IRP_MJ_READ', 'DriverEntry', 'Access', 'Quiescent'] as const;

const ddi = fc.constantFrom<string>(...DDIS);

/** Canonical in both headers, so that reading does not change it. */
const status = fc.constantFrom('0xDEADBEEF', 'NDIS_STATUS_BAD_VERSION', 'STATUS_CANCELLED');

const argument: fc.Arbitrary<ArgValue> = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
);

const args = fc
  .tuple(
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== 'status' && name !== '__proto__'),
      argument,
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
    fc.option(status, { nil: undefined }),
  )
  .map(([rest, given]) => (given === undefined ? rest : { ...rest, status: given }));

const nbl: fc.Arbitrary<NblView> = fc.record(
  {
    nbl: identity,
    source: identity,
    status,
    nbs: fc.array(
      fc.record(
        { nb: identity, dataOffset: fc.nat(), dataLength: fc.nat(), mdls: identity },
        { requiredKeys: ['nb'], noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    cancelId: identity,
    context: fc.nat(),
  },
  { requiredKeys: ['nbl'], noNullPrototype: true },
);

const anyMembers: fc.Arbitrary<Crossing> = fc.record(
  {
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    dir: fc.constantFrom('->', '<-', '=>', '<=', '!!'),
    ddi,
    module: identity,
    adapter: identity,
    neighbour: fc.oneof(
      fc.constantFrom('miniport', 'protocol'),
      identity.map((name) => `filter:${name}`),
    ),
    thread: identity,
    cpu: fc.nat(),
    irql: fc.nat(31),
    locks: fc.array(identity, { maxLength: 3 }),
    time: fc
      .double({ min: 0, noNaN: true, noDefaultInfinity: true })
      .map((value) => (Object.is(value, -0) ? 0 : value)),
    status,
    args,
    nbls: fc.array(nbl, { maxLength: 3 }),
    certainty: fc.oneof(
      fc.constant('exact' as const),
      fc.record({ after: fc.nat(), before: fc.integer({ min: 1 }) }, { noNullPrototype: true }),
    ),
  },
  { requiredKeys: ['seq', 'dir', 'ddi'], noNullPrototype: true },
);

/** Of the names above one needs more than a name: what it hands over. */
export const anyCrossing: fc.Arbitrary<Crossing> = anyMembers.map((crossing) =>
  crossing.ddi === 'NdisFSendNetBufferLists' ? { nbls: [], ...crossing } : crossing,
);

export const anyHeader: fc.Arbitrary<TraceHeader> = fc.record(
  {
    schema: fc.constant('trace/1' as const),
    adapter: identity,
    driver: identity,
    seed: fc.maxSafeInteger().map((value) => (Object.is(value, -0) ? 0 : value)),
    complete: fc.boolean(),
    scenario: identity,
  },
  { requiredKeys: ['schema'], noNullPrototype: true },
);
