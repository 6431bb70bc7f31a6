/**
 * A small, believable run: what the generators of reports are tested on, and what one looks at while changing them.
 * Every verdict, a bugcheck, an exhibit, a scenario outline, a long trace and hostile text occur in it.
 */
import type {
  KillMatrix,
  MatrixRow,
  RuleResult,
  RunResult,
  ScenarioResult,
  Verdict,
} from '../../src/conformance/results';
import type { Catalogue } from '../../src/reporting';
import type { FeatureFile } from '../../src/reporting/features/read-features';
import { readFeatures } from '../../src/reporting/features/read-features';
import type { Rule, Violation } from '../../src/rules/rule';
import type { Crossing, CrossingDraft } from '../../src/trace';

/** Text that breaks out of whatever forgets to escape it. */
export const HOSTILE = `<img src=x onerror="alert(1)"> </script><script>alert('2')</script> & "quotes" ]]>`;

export function trace(...drafts: readonly CrossingDraft[]): Crossing[] {
  return drafts.map((draft, i) => ({ seq: i + 1, thread: 't1', irql: 0, locks: [], ...draft }));
}

const m = { module: 'm1', adapter: 'A' } as const;
const ok = { status: 'NDIS_STATUS_SUCCESS' } as const;

const load: CrossingDraft[] = [
  { dir: '->', ddi: 'DriverEntry' },
  {
    dir: '=>',
    ddi: 'NdisFRegisterFilterDriver',
    args: { handlers: ['FilterAttach', 'FilterPause'], major: 6, minor: 30 },
  },
  { dir: '<=', ddi: 'NdisFRegisterFilterDriver', ...ok, args: { handle: 'h0' } },
  { dir: '<-', ddi: 'DriverEntry', status: 'STATUS_SUCCESS' },
];

const start: CrossingDraft[] = [
  { dir: '->', ddi: 'FilterAttach', ...m, args: { handle: 'h1' } },
  { dir: '=>', ddi: 'NdisFSetAttributes', ...m, args: { handle: 'h1', context: 'c1' } },
  { dir: '<=', ddi: 'NdisFSetAttributes', ...m, ...ok },
  { dir: '<-', ddi: 'FilterAttach', ...m, ...ok },
  { dir: '->', ddi: 'FilterRestart', ...m, args: { attributes: null } },
  { dir: '<-', ddi: 'FilterRestart', ...m, ...ok },
];

function originate(nbl: string, irp: string): CrossingDraft[] {
  return [
    { dir: '->', ddi: 'IRP_MJ_WRITE', ...m, thread: 't2', args: { irp, file: 'f1' } },
    {
      dir: '=>',
      ddi: 'NdisFSendNetBufferLists',
      ...m,
      thread: 't2',
      nbls: [{ nbl, source: 'h1' }],
      args: { handle: 'h1', flags: 0 },
    },
    {
      dir: '->',
      ddi: 'MiniportSendNetBufferLists',
      adapter: 'A',
      neighbour: 'miniport',
      thread: 't2',
      nbls: [{ nbl }],
    },
    { dir: '<-', ddi: 'MiniportSendNetBufferLists', adapter: 'A', neighbour: 'miniport', thread: 't2' },
    { dir: '<=', ddi: 'NdisFSendNetBufferLists', ...m, thread: 't2' },
    { dir: '<-', ddi: 'IRP_MJ_WRITE', ...m, thread: 't2', status: 'STATUS_SUCCESS', args: { irp } },
  ];
}

function complete(nbl: string): CrossingDraft[] {
  return [
    {
      dir: '=>',
      ddi: 'NdisMSendNetBufferListsComplete',
      adapter: 'A',
      neighbour: 'miniport',
      thread: 't3',
      irql: 2,
      nbls: [{ nbl }],
    },
    {
      dir: '->',
      ddi: 'FilterSendNetBufferListsComplete',
      ...m,
      thread: 't3',
      irql: 2,
      nbls: [{ nbl, ...ok }],
      args: { flags: 1 },
    },
    { dir: '<-', ddi: 'FilterSendNetBufferListsComplete', ...m, thread: 't3', irql: 2 },
  ];
}

const pausePending: CrossingDraft[] = [
  { dir: '->', ddi: 'FilterPause', ...m },
  { dir: '<-', ddi: 'FilterPause', ...m, status: 'NDIS_STATUS_PENDING' },
];
const pauseDone: CrossingDraft[] = [
  { dir: '->', ddi: 'FilterPause', ...m },
  { dir: '<-', ddi: 'FilterPause', ...m, ...ok },
];
const detach: CrossingDraft[] = [
  { dir: '->', ddi: 'FilterDetach', ...m },
  { dir: '<-', ddi: 'FilterDetach', ...m },
];

/** The pause pends and is completed by the last completion. */
export const pendingPause = trace(
  ...load,
  ...start,
  ...originate('n1', 'i1'),
  ...originate('n2', 'i2'),
  ...pausePending,
  ...complete('n1'),
  ...complete('n2'),
  { dir: '=>', ddi: 'NdisFPauseComplete', ...m, thread: 't3', irql: 2, args: { handle: 'h1' } },
  { dir: '!!', ddi: 'Quiescent' },
);

/** FilterPause says SUCCESS while a send is out; the application writes on after detach, through a stale handle. */
export const staleHandle = trace(
  ...load,
  ...start,
  ...Array.from({ length: 6 }, (_, i) => [...originate(`n${i + 1}`, `i${i + 1}`), ...complete(`n${i + 1}`)]).flat(),
  ...originate('n7', 'i7'),
  ...pauseDone,
  ...complete('n7'),
  ...detach,
  { dir: '->', ddi: 'IRP_MJ_WRITE', thread: 't2', args: { irp: 'i8', file: 'f1' } },
  {
    dir: '=>',
    ddi: 'NdisFSendNetBufferLists',
    ...m,
    thread: 't2',
    nbls: [{ nbl: 'n8', source: 'h1' }],
    args: { handle: 'h1', flags: 0 },
  },
  {
    dir: '!!',
    ddi: 'Bugcheck',
    args: { code: '0x3B', name: 'SYSTEM_SERVICE_EXCEPTION', reason: 'a freed filter block was followed' },
  },
);

function seqOf(crossings: readonly Crossing[], dir: string, ddi: string, which = 0): number {
  return crossings.filter((c) => c.dir === dir && c.ddi === ddi).at(which)?.seq ?? 0;
}

const staleSend = seqOf(staleHandle, '=>', 'NdisFSendNetBufferLists', -1);
const staleDetach = seqOf(staleHandle, '<-', 'FilterDetach');
const earlyPause = seqOf(staleHandle, '<-', 'FilterPause');
const lastSend = seqOf(staleHandle, '=>', 'NdisFSendNetBufferLists', -2);
const lateBack = seqOf(staleHandle, '->', 'FilterSendNetBufferListsComplete', -1);

export const staleViolations: Violation[] = [
  {
    rule: 'PAU-11',
    reading: 'default',
    module: 'm1',
    at: earlyPause,
    witnesses: [lastSend, earlyPause, lateBack],
    message: `FilterPause returned NDIS_STATUS_SUCCESS at #${earlyPause} while NBL n7, originated at #${lastSend}, was outstanding until #${lateBack}.`,
  },
  {
    rule: 'DET-06',
    reading: 'default',
    module: 'm1',
    at: staleSend,
    witnesses: [staleDetach, staleSend],
    message: `NdisFSendNetBufferLists was called at #${staleSend} for m1, whose FilterDetach had returned at #${staleDetach}.`,
  },
];

export const features: FeatureFile[] = [
  {
    uri: 'features/pause/outstanding-sends.feature',
    text: `@area-pause
Feature: A pause waits for what the filter originated
  A filter that originates sends must know how many of them are still out.

  @PAU-11
  Rule: A pause stays pending while NBLs that the filter originated are outstanding
    FilterPause may finish at once only when nothing the filter originated is still out.
    Source: FILTER_PAUSE callback; Pausing a Filter Module.
    Broken: NDIS goes on to detach under live NBLs (bugcheck 0x3B, 0xD1).

    Background:
      Given a running filter module

    Scenario: The adapter is disabled while two originated sends are with the miniport
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once

    Scenario: Nothing is outstanding
      When NDIS pauses the filter module
      Then the pause is done

    Scenario Outline: The last completion comes <when>
      And the miniport holds <count> sends that the filter originated
      When the miniport completes them <when>
      Then the filter completes the pause exactly once

      Examples:
        | when                       | count |
        | inside the call            | 1     |
        | before FilterPause returns | 2     |

  @PAU-12
  Rule: A pause stays pending while receives that the filter originated are outstanding
    Scenario: The protocol holds a receive that the filter indicated
      Given a running filter module
      When NDIS pauses the filter module
      Then the pause is pending

  @PAU-08
  Rule: No receive is originated while Pausing or Paused
    Scenario: The miniport keeps a receive back until the pause is over
      Given a running filter module
      Then the filter indicates nothing
`,
  },
  {
    uri: 'features/detach/after-detach.feature',
    text: `Feature: Nothing is originated after detach

  @DET-06
  Rule: Nothing is originated after FilterDetach
    Scenario: An application still holds a handle when its adapter goes away
      Given an application has a handle on the filter of adapter "A"
      And adapter "A" was disabled
      When the application writes a frame to its handle
      Then the write fails
      And the filter originates nothing

    Scenario: A timer fires ${HOSTILE}
      Given a frame with these bytes:
        | offset | bytes |
        | 0      | <b>   |
      Then the rig breaks
`,
  },
  {
    uri: 'features/questions/why-did-the-first-fix-still-crash.feature',
    text: `Feature: Why did the driver still crash after its first fix?
  FilterPause asked the module object, but sends were counted on the handle object: it always answered SUCCESS.
  The user-mode handle kept the NDIS handle of a module that FilterDetach had already taken away, and the next write used it.

  Both are rules of their own: PAU-11 and DET-06.

  @exhibit
  Scenario: The first fix, played again: a write after the adapter was disabled
    Given the driver "npf-first-fix" and an application that sends
    When the adapter is disabled
    And the application writes a frame to its handle
    Then the system stops with SYSTEM_SERVICE_EXCEPTION
    And rule DET-06 is broken

  Scenario: A correct filter in the same place
    Given a running filter module
    When the adapter is disabled
    And the application writes a frame to its handle
    Then the write fails
`,
  },
  {
    uri: 'features/questions/why-is-the-flag-not-set.feature',
    text: `Feature: Why is the flag not set when nothing is outstanding?
  It must be. Success ends Pausing, and the module is then Paused: originating stays forbidden until FilterRestart has succeeded.

  Scenario: A write after a pause that succeeded at once
    Given a running filter module
    When NDIS pauses the filter module
    Then the write is refused
`,
  },
  {
    uri: 'features/sequences/s2-adapter-disabled.feature',
    text: `Feature: S2 The user disables the adapter in Network Connections
  Protocol first, then filters from top to bottom, then the miniport.

  Scenario: Two filters, the upper one has sends out
    Given a running filter module
    When the adapter is disabled
    Then the pause is pending
`,
  },
];

const rule = (id: string, area: Rule['area'], statement: string, more: Partial<Rule> = {}): Rule => ({
  id,
  area,
  statement,
  strength: 'must',
  appliesTo: 'Pausing; <= DISPATCH_LEVEL',
  consequence: 'The pool is freed under a live NBL: 0xD1, 0x3B, 0x19.',
  sources: [
    {
      page: 'ddi/ndis/nc-ndis-filter_pause',
      url: 'https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nc-ndis-filter_pause',
    },
    { page: 'sample:filter.c' },
  ],
  profile: 'core',
  observation: 'white-box',
  ...more,
});

export const catalogue: Catalogue = {
  areas: { pause: 'Pause', detach: 'Detach', unload: 'Unload' },
  rules: [
    rule('PAU-08', 'pause', 'In Pausing and Paused the filter originates no receive indication.', {
      needs: ['originatesReceives'],
    }),
    rule(
      'PAU-11',
      'pause',
      'The pause does not complete before every send NBL that the module originated has come back.',
      {
        verifier: 'NdisFilterTimedPauseComplete',
        disputes: ['C16'],
        reading: 'Own and queued NBLs gate the pause; what merely passed through does not.',
      },
    ),
    rule(
      'PAU-12',
      'pause',
      'The pause does not complete before every receive NBL that the module originated has come back.',
    ),
    rule('PAU-18', 'pause', 'Pausing frees no resources of the attach.', { strength: 'should', profile: 'full' }),
    rule('DET-06', 'detach', 'After FilterDetach the filter originates nothing, from whatever trigger.'),
    rule('DET-03', 'detach', 'Everything that FilterAttach allocated is free when FilterDetach returns.'),
    rule('UNL-01', 'unload', 'NdisFDeregisterFilterDriver is called on unload.'),
  ],
  disputes: [
    {
      id: 'C16',
      subject: 'What gates a pause',
      statements: 'Own and queued NBLs, against all outstanding sends.',
      reading: 'Own and queued.',
      sources: [{ page: 'network/pausing-a-driver-stack' }],
      rules: ['PAU-11'],
    },
  ],
  guarantees: [],
};

interface Outcome {
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly trace?: readonly Crossing[];
  readonly violations?: readonly Violation[];
  readonly failedStep?: string;
  readonly bugcheck?: string;
}

/**
 * @returns the run in which every scenario has the outcome given for its name, and passes where none is given
 */
export function runOf(
  driver: string,
  outcomes: Readonly<Record<string, Outcome>>,
  files: readonly FeatureFile[] = features,
  rules: readonly Rule[] = catalogue.rules,
): RunResult {
  const scenarios = readFeatures(files).flatMap((feature) =>
    [
      ...feature.scenarios.map((scenario) => ({ scenario, id: undefined })),
      ...feature.rules.flatMap(({ id, scenarios }) => scenarios.map((scenario) => ({ scenario, id }))),
    ].flatMap(({ scenario, id }) => {
      const rows = scenario.examples.flatMap(({ rows }) => rows);
      const lines = rows.length > 0 ? rows.map(({ line }) => line) : [scenario.line];
      return lines.map((line): ScenarioResult => {
        const outcome = outcomes[scenario.name] ?? { verdict: 'pass' };
        const place = `${feature.uri}:${line}`;
        const steps = [...scenario.background, ...scenario.steps];
        const failed =
          outcome.failedStep === undefined ? -1 : steps.findIndex(({ text }) => text === outcome.failedStep);
        return {
          id: place,
          uri: feature.uri,
          line,
          feature: feature.name,
          ...(id !== undefined && { rule: id }),
          name: scenario.name,
          tags: [...feature.tags, ...scenario.tags],
          steps: steps.map(({ keyword, text }, i) => ({
            keyword,
            text,
            status: failed < 0 || i < failed ? 'passed' : i === failed ? 'failed' : 'skipped',
            ...(i === failed && {
              message: 'expected the pause to be pending, but it was done with NDIS_STATUS_SUCCESS',
            }),
          })),
          verdict: outcome.verdict,
          ...(outcome.reason !== undefined && { reason: outcome.reason }),
          violations: outcome.violations ?? [],
          strictFindings: [],
          trace: outcome.trace ?? pendingPause,
          exercised: id === undefined ? {} : { [id]: 2 },
          ...(outcome.bugcheck !== undefined && { bugcheck: outcome.bugcheck }),
          replay: `npx lwf run --driver ${driver} ${place}`,
        };
      });
    }),
  );
  return {
    schema: 'run/1',
    kit: '0.1.0',
    adapter: 'simulator',
    observation: 'memory',
    driver,
    seed: 1,
    identity: {
      kit: '0.1.0',
      specification: { version: '1.0.0', sha256: '0'.repeat(64) },
      driver: { name: driver, kind: 'simulated' },
      adapter: { name: 'simulator', observation: 'memory', capabilities: ['exactTrace'] },
      seed: 1,
      conformance: 'full',
      selection: {},
    },
    scenarios,
    rules: rules.map(({ id }): RuleResult => {
      const own = scenarios.filter((scenario) => scenario.rule === id);
      const broken = scenarios.filter(
        (scenario) =>
          !scenario.tags.includes('@exhibit') && scenario.violations.some((violation) => violation.rule === id),
      );
      const worst = own.find(({ verdict }) => verdict !== 'pass');
      return {
        rule: id,
        verdict: broken.length > 0 ? 'fail' : own.length === 0 ? 'not specified' : (worst?.verdict ?? 'pass'),
        ...(worst?.reason !== undefined && { reason: worst.reason }),
        scenarios: own.map((scenario) => scenario.id),
        brokenIn: broken.map((scenario) => scenario.id),
        exercised: own.length * 2,
      };
    }),
    transitions: {
      'Detached>Attaching': 12,
      'Attaching>Paused': 12,
      'Paused>Restarting': 14,
      'Restarting>Running': 14,
      'Running>Pausing': 11,
      'Pausing>Paused': 10,
      'Paused>Detaching': 9,
      'Detaching>Detached': 9,
    },
  };
}

const shared: Record<string, Outcome> = {
  'The first fix, played again: a write after the adapter was disabled': {
    verdict: 'pass',
    trace: staleHandle,
    violations: staleViolations,
    bugcheck: 'SYSTEM_SERVICE_EXCEPTION (0x3B): a freed filter block was followed',
  },
  'The miniport keeps a receive back until the pause is over': {
    verdict: 'not applicable',
    reason: 'the driver does not originate receives',
    trace: [],
  },
  'The protocol holds a receive that the filter indicated': {
    verdict: 'not observed',
    reason: 'the adapter can not hold receives back',
    trace: [],
  },
};

/** The reference filter: nothing fails. */
export const run = runOf('reference', {
  ...shared,
  [`A timer fires ${HOSTILE}`]: { verdict: 'error', reason: `the rig broke: ${HOSTILE}`, failedStep: 'the rig breaks' },
});

/** A driver that breaks two rules. */
export const failingRun = runOf('answers-sketch', {
  ...shared,
  'The adapter is disabled while two originated sends are with the miniport': {
    verdict: 'fail',
    reason: 'FilterPause finished while a send was out',
    trace: staleHandle.slice(0, lateBack + 2),
    violations: staleViolations.slice(0, 1),
    failedStep: 'the pause is pending',
  },
  'An application still holds a handle when its adapter goes away': {
    verdict: 'fail',
    reason: `the driver used the handle of a detached module`,
    trace: staleHandle,
    violations: staleViolations,
    failedStep: 'the write fails',
    bugcheck: 'SYSTEM_SERVICE_EXCEPTION (0x3B): a freed filter block was followed',
  },
});

const row = (driver: string, breaks: string, more: Partial<MatrixRow> = {}): MatrixRow => ({
  driver,
  story: `The reference filter with one change: it forgets ${breaks}. Seen in the field as a crash on disable.`,
  breaks,
  explained: {},
  killedBy: { [breaks]: [run.scenarios[0]?.id ?? ''] },
  failedScenarios: 1,
  errors: 0,
  ...more,
});

const place = (uri: string): string => run.scenarios.find((scenario) => scenario.uri.includes(uri))?.id ?? '';

export const matrix: KillMatrix = {
  schema: 'kill-matrix/1',
  rules: ['PAU-08', 'PAU-11', 'PAU-12', 'DET-06', 'DET-03', 'UNL-01'],
  reference: [],
  rows: [
    row('originates-receives-while-paused', 'PAU-08'),
    row('pause-succeeds-at-once', 'PAU-11', {
      explained: { 'DET-06': 'a pause that lets sends through lets them through a detach as well' },
      killedBy: { 'PAU-11': [place('pause')], 'DET-06': [place('detach')], 'DET-03': [place('detach')] },
      failedScenarios: 3,
    }),
    row('pause-forgets-receives', 'PAU-12'),
    row('stale-handle', 'DET-06', { story: `An open keeps the module handle. ${HOSTILE}` }),
    row('leaks-its-pool', 'DET-03', { killedBy: {} }),
  ],
  problems: ['UNL-01 has no defective driver', 'pause-succeeds-at-once trips DET-03, which nothing explains'],
};
