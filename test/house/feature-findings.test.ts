import { expect } from 'chai';
import { findingsIn, formatted, type KnownWords } from '../../scripts/feature-findings';

const known: KnownWords = {
  rules: new Set(['PAU-07', 'PAU-11']),
  coreRules: [],
  disputes: new Set(['C2']),
  capabilities: new Set(['holdCompletions']),
  tags: new Set(['@exhibit']),
};

function messages(text: string, words: Partial<KnownWords> = {}): string[] {
  return findingsIn(new Map([['pause.feature', text]]), { ...known, ...words }).map(
    ({ uri, line, message }) => `${uri}:${line} ${message}`,
  );
}

const GOOD = `Feature: Pause

  @PAU-07 @C2
  Rule: Nothing is originated once the pause has completed
    A pause ends in Paused.

    @needs-holdCompletions
    Scenario: A frame is written to a paused filter
      Given a paused filter module
      When an application writes a frame
      And another application writes a frame
      Then nothing is sent

    Scenario Outline: A frame is written to a <state> filter
      Given a <state> filter module

      Examples:
        | state    |
        | paused   |
        | detached |
`;

describe('The feature linter', () => {
  it('finds nothing in a feature that keeps the style', () => {
    expect(messages(GOOD)).to.deep.equal([]);
  });

  it('wants exactly one rule id a Rule:', () => {
    expect(messages(GOOD.replace('@PAU-07 ', '@PAU-07 @PAU-11 '))[0]).to.match(/:4 .*exactly one rule id, not 2/);
    expect(messages(GOOD.replace('@PAU-07 ', ''))[0]).to.match(/:4 .*exactly one rule id, not 0/);
  });

  it('knows the rules, disputes and capabilities that exist', () => {
    expect(messages(GOOD.replace('PAU-07', 'PAU-99'))).to.deep.equal([
      'pause.feature:3 there is no rule PAU-99 in the catalogue',
    ]);
    expect(messages(GOOD.replace('@C2', '@C99'))).to.deep.equal([
      'pause.feature:3 there is no dispute C99 in the catalogue',
    ]);
    expect(messages(GOOD.replace('holdCompletions', 'magic'))).to.deep.equal([
      'pause.feature:7 there is no capability "magic"',
    ]);
    expect(messages(GOOD.replace('@needs-holdCompletions', '@slow'))).to.deep.equal([
      'pause.feature:7 the tag @slow means nothing to the kit',
    ]);
  });

  it('misses a core rule without a Rule:', () => {
    expect(messages(GOOD, { coreRules: ['PAU-07', 'PAU-11'] })).to.deep.equal([
      'features:0 the core rule PAU-11 has no Rule:',
    ]);
  });

  it('wants a name for each scenario, and each name once', () => {
    const twice = GOOD.replace(
      'Scenario Outline: A frame is written to a <state> filter',
      'Scenario Outline: Twice <state>',
    )
      .replace('Scenario: A frame is written to a paused filter', 'Scenario: Twice <state>')
      .replace('an application writes a frame', 'a <state> frame is written');
    expect(messages(twice)).to.deep.equal([
      'pause.feature:14 the name "Twice <state>" is taken by the scenario at pause.feature:8',
    ]);
    expect(messages(GOOD.replace(': A frame is written to a paused filter', ':'))).to.deep.equal([
      'pause.feature:8 the scenario has no name',
    ]);
  });

  it('wants Examples that fit their outline', () => {
    expect(messages(GOOD.replace('| state    |', '| status   |'))).to.deep.equal([
      'pause.feature:17 nothing in "A frame is written to a <state> filter" uses the column <status>',
      'pause.feature:17 the Examples of "A frame is written to a <state> filter" have no column <state>',
    ]);
  });

  it('wants And instead of a keyword said twice', () => {
    expect(messages(GOOD.replace('And another', 'When another'))).to.deep.equal([
      'pause.feature:11 When follows When; say And',
    ]);
  });

  it('refuses a tag that is inherited already', () => {
    expect(messages(GOOD.replace('@needs-holdCompletions', '@PAU-07'))).to.deep.equal([
      'pause.feature:7 the tag @PAU-07 is inherited already',
    ]);
  });

  it('refuses a layout that is not the formatter’s, and the formatter mends it', () => {
    const crooked = GOOD.replace('      Then nothing', '        Then nothing');
    expect(messages(crooked)[0]).to.match(/^pause\.feature:12 is not laid out/);
    expect(formatted(crooked)).to.equal(GOOD);
  });

  it('refuses empty rules, empty scenarios and scenarios nobody can follow', () => {
    expect(messages('Feature: F\n\n  @PAU-07\n  Rule: R\n')).to.deep.equal(['pause.feature:4 "R" has no scenario']);
    expect(messages('Feature: F\n\n  Scenario: S\n')).to.deep.equal(['pause.feature:3 "S" has no steps']);
    const long = `Feature: F\n\n  Scenario: S\n    Given a\n${'    And b\n'.repeat(12)}`;
    expect(messages(long)).to.deep.equal(['pause.feature:3 "S" has 13 steps, at most 12 can be followed']);
    expect(messages('# nothing\n')).to.deep.equal(['pause.feature:1 holds no feature']);
  });
});
