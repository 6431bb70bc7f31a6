import { expect } from 'chai';
import { areas, coreRules, disputes, guarantees, isRuleId, rule, rules } from '../../src/rules';
import type { Rule, Source } from '../../src/rules';

/** Copied from the rig contract, which rules must not import. */
const CAPABILITIES = [
  'originatesSends',
  'originatesReceives',
  'originatesOids',
  'originatesSynchronousOids',
  'originatesStatus',
  'originatesFromTimers',
  'originatesFromWorkItems',
  'userModeHandles',
  'holdsSends',
  'holdsReceives',
  'modifiesData',
  'changesHandlers',
];

/** How many rules each area has, and the prefix of their ids. */
const SIZES: Readonly<Record<string, readonly [prefix: string, count: number]>> = {
  registration: ['REG', 15],
  attach: ['ATT', 11],
  restart: ['RST', 14],
  pause: ['PAU', 22],
  detach: ['DET', 10],
  unload: ['UNL', 5],
  'send-originate': ['SO', 11],
  'send-pass-through': ['SP', 11],
  'send-complete': ['SC', 6],
  'receive-originate': ['RO', 7],
  'receive-pass-through': ['RP', 8],
  return: ['RET', 3],
  cancel: ['CAN', 4],
  'oid-pass-through': ['OP', 10],
  'oid-originate': ['OO', 5],
  'direct-oid': ['DO', 3],
  'synchronous-oid': ['SY', 5],
  status: ['ST', 4],
  pnp: ['PNP', 7],
  'user-mode-handles': ['DEV', 6],
  'nbl-ownership': ['NBL', 9],
  irql: ['IRQ', 2],
  locks: ['LCK', 2],
  'timers-and-work-items': ['TMR', 3],
  reconfiguration: ['CFG', 6],
};

const CORE = `
  REG-05 REG-07 REG-09 REG-13
  ATT-01 ATT-03 ATT-04 ATT-05 ATT-06 ATT-10
  RST-01 RST-02 RST-03 RST-04 RST-06 RST-07 RST-11 RST-13
  PAU-01 PAU-02 PAU-03 PAU-04 PAU-05 PAU-06 PAU-07 PAU-08 PAU-09 PAU-10 PAU-11 PAU-12 PAU-13 PAU-14 PAU-15 PAU-16 PAU-17
  PAU-20 PAU-21
  DET-01 DET-02 DET-03 DET-04 DET-05 DET-06 DET-08 DET-09
  UNL-01 UNL-02 UNL-04
  SO-01 SO-02 SO-03 SO-04 SO-05 SP-01 SP-02 SP-03 SP-04 SC-01 SC-02 SC-05
  RO-02 RO-03 RO-04 RO-06 RP-01 RP-02 RP-03 RP-04 RP-05 RP-06 RET-01
  CAN-01 CAN-02 OP-01 OP-02 OP-03 OP-04 OO-01 OO-03 DEV-03 DEV-04 NBL-01 IRQ-01 TMR-03
`
  .trim()
  .split(/\s+/);

const LEARN = 'https://learn.microsoft.com/windows-hardware/drivers/';

function problemOf(source: Source): string | undefined {
  const [kind] = source.page.split(/[/:]/);
  switch (kind) {
    case 'network':
    case 'devtest':
    case 'debugger':
      if (!/^[a-z]+\/[a-z0-9-]+$/.test(source.page)) return 'not kind/slug';
      return source.url === LEARN + source.page ? undefined : 'address and page differ';
    case 'ddi':
      if (!/^ddi\/(?:[a-z]+\/(?:nf|nc|ns|ne)-[a-z]+-[a-z0-9_]+|[a-z]+\/)$/.test(source.page))
        return 'not ddi/header/slug';
      return source.url === LEARN + source.page ? undefined : 'address and page differ';
    case 'issue': {
      const parts = /^issue:([\w-]+\/[\w-]+)#(\d+)$/.exec(source.page);
      if (!parts) return 'not issue:owner/repository#number';
      const expected = [
        `https://github.com/${parts[1]}/issues/${parts[2]}`,
        `https://github.com/${parts[1]}/pull/${parts[2]}`,
      ];
      return source.url && expected.includes(source.url) ? undefined : 'address and page differ';
    }
    case 'sample':
    case 'blog':
      return source.url === undefined ? undefined : 'has an address';
    default:
      return 'unknown kind';
  }
}

const badSources = (items: readonly { readonly id: string; readonly sources: readonly Source[] }[]): string[] =>
  items.flatMap(({ id, sources }) => [
    ...(sources.length === 0 ? [`${id}: no source`] : []),
    ...sources.flatMap((source) => {
      const problem = problemOf(source);
      return problem ? [`${id}: ${source.page}: ${problem}`] : [];
    }),
    ...(new Set(sources.map(({ page }) => page)).size < sources.length ? [`${id}: a source twice`] : []),
  ]);

const numbered = (prefix: string, count: number, width = 2): string[] =>
  Array.from({ length: count }, (_, index) => prefix + String(index + 1).padStart(width, '0'));

/** Everything a reader sees of a rule. */
const textsOf = (entry: Rule): readonly string[] =>
  [
    entry.statement,
    entry.strengthNote,
    entry.appliesTo,
    entry.statuses,
    entry.consequence,
    entry.verifier,
    entry.reading,
  ].filter((text) => text !== undefined);

describe('the rule catalogue', () => {
  it('has 189 rules in the order of the areas, numbered without a gap', () => {
    expect(Object.keys(areas)).to.deep.equal(Object.keys(SIZES));
    const expected = Object.values(SIZES).flatMap(([prefix, count]) => numbered(`${prefix}-`, count));
    expect(expected).to.have.lengthOf(189);
    expect(rules.map(({ id }) => id)).to.deep.equal(expected);
  });

  it('files each rule under the area that its id says', () => {
    const misfiled = rules.filter(({ id, area }) => SIZES[area]?.[0] !== id.slice(0, id.indexOf('-')));
    expect(misfiled.map(({ id }) => id)).to.deep.equal([]);
  });

  it('has the 84 rules of the core profile', () => {
    expect(CORE).to.have.lengthOf(84);
    expect(coreRules.map(({ id }) => id)).to.have.members(CORE);
    expect(coreRules).to.have.lengthOf(CORE.length);
  });

  it('names sources that can be looked up', () => {
    expect(badSources([...rules, ...disputes, ...guarantees])).to.deep.equal([]);
  });

  it('states each rule in one short sentence', () => {
    const wrong = rules.filter(
      ({ statement }) => statement.length > 260 || !statement.endsWith('.') || /[.!?]\s+[A-Z]/.test(statement),
    );
    expect(wrong.map(({ id, statement }) => `${id} (${statement.length}): ${statement}`)).to.deep.equal([]);
  });

  it('leaves no text empty or ragged', () => {
    const ragged = rules.flatMap((entry) =>
      textsOf(entry)
        .filter((text) => text.trim() === '' || text !== text.trim() || /\s{2}/.test(text))
        .map((text) => `${entry.id}: "${text}"`),
    );
    expect(ragged).to.deep.equal([]);
  });

  it('says no two things in the same words', () => {
    const statements = [...rules, ...guarantees].map(({ statement }) => statement);
    expect(new Set(statements).size).to.equal(statements.length);
  });

  it('mentions only rules that exist', () => {
    const ids =
      /\b(?:REG|ATT|RST|PAU|DET|UNL|SO|SP|SC|RO|RP|RET|CAN|OP|OO|DO|SY|ST|PNP|DEV|NBL|IRQ|LCK|TMR|CFG)-\d+\b/g;
    const texts = [
      ...rules.flatMap((entry) => textsOf(entry)),
      ...disputes.flatMap(({ statements, reading }) => [statements, reading]),
    ];
    const unknown = texts.flatMap((text) => text.match(ids) ?? []).filter((id) => !isRuleId(id));
    expect(unknown).to.deep.equal([]);
  });

  it('says what a permission permits and what it does not', () => {
    const unexplained = rules.filter(({ strength, strengthNote }) => strength === 'permission' && !strengthNote);
    expect(unexplained.map(({ id }) => id)).to.deep.equal([]);
  });

  it('needs only what a driver profile can declare', () => {
    const unknown = rules.flatMap(({ id, needs }) =>
      (needs ?? []).filter((need) => !CAPABILITIES.includes(need)).map((need) => `${id}: ${need}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('covers existing rules with an umbrella, and none by itself or in a circle', () => {
    const below = (id: string, seen: readonly string[]): string[] =>
      (rule(id).umbrellaOf ?? []).flatMap((covered) =>
        seen.includes(covered) ? [[...seen, covered].join(' > ')] : below(covered, [...seen, covered]),
      );
    expect(rules.flatMap(({ id }) => below(id, [id]))).to.deep.equal([]);
    expect(rule('SO-01').umbrellaOf).to.include.members(['ATT-05', 'ATT-06', 'RST-04', 'PAU-06', 'PAU-07']);
  });
});

describe('looking up a rule', () => {
  it('finds it by its id', () => {
    expect(rule('PAU-11').area).to.equal('pause');
    expect(isRuleId('PAU-11')).to.equal(true);
  });

  it('says which ids come close to one that does not exist', () => {
    expect(isRuleId('PAU-7')).to.equal(false);
    expect(() => rule('PAU-7')).to.throw('There is no rule "PAU-7": did you mean PAU-07');
    expect(() => rule('pau-11')).to.throw('did you mean PAU-11');
  });

  it('shows what ids look like when nothing comes close', () => {
    expect(() => rule('constructor')).to.throw('There is no rule "constructor": ids look like PAU-07.');
  });
});

describe('the disputes about the documentation', () => {
  it('are 22 contradictions and 18 open questions', () => {
    expect(disputes.map(({ id }) => id)).to.deep.equal([...numbered('C', 22, 1), ...numbered('U', 18, 1)]);
  });

  it('and the rules they touch name each other', () => {
    const fromDisputes = disputes.flatMap((dispute) => dispute.rules.map((id) => `${id} ${dispute.id}`));
    const fromRules = rules.flatMap((entry) => (entry.disputes ?? []).map((dispute) => `${entry.id} ${dispute}`));
    expect(fromRules.toSorted()).to.deep.equal(fromDisputes.toSorted());
  });

  it('each touch at least one rule', () => {
    expect(disputes.filter((dispute) => dispute.rules.length === 0)).to.deep.equal([]);
  });
});

describe('the guarantees of NDIS', () => {
  it('are 44, numbered without a gap', () => {
    expect(guarantees.map(({ id }) => id)).to.deep.equal(numbered('G-', 44));
  });

  it('are short sentences', () => {
    const wrong = guarantees.filter(({ statement }) => statement.length > 260 || !statement.endsWith('.'));
    expect(wrong.map(({ id }) => id)).to.deep.equal([]);
  });
});
