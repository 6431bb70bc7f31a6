import Ajv from 'ajv';
import { expect } from 'chai';
import { registeredDriver } from '../../adapters/simulator/drivers';
import { featureFiles } from '../../src/cli/feature-files';
import { explainDump, type Conclusion } from '../../src/dump';
import * as scenarios from '../../src/dump/clues/scenarios';
import { NDIS_BUGCHECKS, VERIFIER_CODES, WATCHDOGS } from '../../src/dump/ndis-codes';
import { KERNEL_OBJECTS, NDIS_FUNCTIONS } from '../../src/dump/ndis-functions';
import { signsOf } from '../../src/dump/signs';
import schema from '../../src/reporting/dump/dump-1.schema.json';
import { explainedDump, scenarioNamed } from '../../src/reporting/dump/explained-dump';
import { readFeatures } from '../../src/reporting/features/read-features';
import { isRuleId, rules } from '../../src/rules';
import { fixture, SOURCES } from './sources';

/** One stack for each function of NDIS, as a write of an application and as part of a receive. */
function stacks(): string[] {
  return Object.keys(NDIS_FUNCTIONS).flatMap((name) =>
    [
      'fffff803`8c698c05 fffff803`8c698c06 nt!NtWriteFile+0x67a',
      'fffff803`8c698c05 fffff803`8c698c06 ndis!ndisCallReceiveHandler+0x47',
    ].map((below) =>
      [
        'BugCheck D1, {6b49534e02130018, 2, 0, fffff80745e9de30}',
        `00 fffff803\`8c698c01 fffff803\`8c698c02 ndis!${name}+0x10`,
        '01 fffff803`8c698c02 fffff803`8c698c03 lwf!Function+0x20',
        `02 ${below}`,
      ].join('\n'),
    ),
  );
}

/** One text for each code of NDIS, of its watchdogs and of Driver Verifier, and for the bugchecks that the kit tells apart. */
function codes(): string[] {
  const frames =
    '\n00 fffff803`8c698c01 fffff803`8c698c02 ndis!ndisX+0x10\n01 fffff803`8c698c02 fffff803`8c698c03 lwf!F+0x20';
  const hex = (code: string | number) => Number(code).toString(16);
  const others = [0x19, 0x18, 0x44, 0x4a, 0x7f, 0x9f, 0xb8, 0xc1, 0xc2, 0xc5, 0xc7, 0xce, 0x133, 0x139, 0x13a];
  return [
    ...Object.keys(NDIS_BUGCHECKS).map((code) => `BugCheck 7C, {${hex(code)}, 2, 0, 0}`),
    ...Object.keys(WATCHDOGS).map((code) => `BugCheck 7C, {25, ${hex(code)}, ffffd78e90fb4fa8, 0}`),
    ...Object.keys(VERIFIER_CODES).map((code) => `BugCheck C4, {${hex(code)}, 2, 3, 4}${frames}`),
    ...others.map((code) => `BugCheck ${hex(code)}, {1, 2, 3, 4}${frames}`),
  ];
}

describe('Names in what is said of a dump', () => {
  const features = readFeatures(featureFiles());
  const crashes = [...Object.keys(SOURCES).map(fixture), ...stacks(), ...codes()].flatMap(explainDump);
  const conclusions: Conclusion[] = crashes.flatMap((crash) => [...crash.conclusions]);

  it('are rules of the catalogue', () => {
    const tables = [
      ...Object.values(NDIS_BUGCHECKS).flatMap(({ rules: ids }) => ids),
      ...Object.values(WATCHDOGS).flatMap(({ rules: ids }) => ids),
      ...Object.values(VERIFIER_CODES).flatMap(({ rules: ids }) => ids),
      ...Object.values(NDIS_FUNCTIONS).flatMap(({ handle = [], state = [], object }) => [
        ...handle,
        ...state,
        ...(object?.rules ?? []),
      ]),
      ...KERNEL_OBJECTS.flatMap(([, , ids]) => ids),
      ...conclusions.flatMap((each) => each.rules),
    ];
    expect(tables.length).to.be.greaterThan(500);
    expect([...new Set(tables)].filter((id) => !isRuleId(id))).to.deep.equal([]);
  });

  it('are scenarios of the specification', () => {
    const named = [...Object.values(scenarios).flat(), ...conclusions.flatMap((each) => each.scenarios)];
    expect(named.length).to.be.greaterThan(100);
    for (const each of named) expect(() => scenarioNamed(each, features)).to.not.throw();
  });

  it('stand in JSON as the published schema has it', () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const json: unknown = JSON.parse(JSON.stringify(explainedDump(crashes, features)));
    expect(validate(json), JSON.stringify(validate.errors)).to.equal(true);
  });

  it('are drivers of the kit', () => {
    const dump = explainedDump(crashes, features);
    const drivers = new Set(dump.crashes.flatMap((crash) => crash.conclusions.flatMap((each) => each.drivers)));
    expect(drivers.size).to.be.greaterThan(20);
    for (const name of drivers) expect(registeredDriver(name), name).to.not.equal(undefined);
  });

  it('tell of every crash by a conclusion or by a reason for none', () => {
    for (const { none, rules: ids } of crashes) expect(ids.length > 0, none).to.equal(none === undefined);
    for (const { why, suggests, known } of conclusions) {
      expect(why).to.match(/[.!]$/);
      expect(suggests).to.match(/\.$/);
      expect(known.length).to.be.greaterThan(0);
    }
  });

  it('never call a cause certain that only fits', () => {
    const certain = new Set(conclusions.filter(({ certainty }) => certainty === 'certain').map(({ id }) => id));
    expect([...certain]).to.deep.equal(['waits-above-passive']);
  });

  it('lead back from the rule to the signs', () => {
    expect(signsOf('PAU-04').bugchecks.join()).to.match(/0x25, 0x11.*0x92010/);
    expect(signsOf('DET-06').functions).to.include('NdisFSendNetBufferLists');
    expect(
      rules.filter(({ id }) => signsOf(id).bugchecks.length + signsOf(id).functions.length > 0).length,
    ).to.be.greaterThan(80);
  });
});
