import { TestStepResultStatus } from '@cucumber/messages';
import Ajv from 'ajv';
import { expect } from 'chai';
import { cucumberHtml, cucumberMessages, junitXml, messagesNdjson, sarifLog } from '../../src/reporting';
import { features, failingRun, HOSTILE, run } from './sample';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#10': '\n',
  '#9': '\t',
  '#13': '\r',
};

function decoded(text: string): string {
  expect(text, 'what must be escaped is').not.to.match(/[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/);
  return text.replace(/&([^;]+);/g, (_whole, name: string) => ENTITIES[name] ?? `?${name}?`);
}

/** Reads the XML that we write; anything that is not well-formed fails. */
function readXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [, end, name = '', attributes = '', empty, text] of rest.matchAll(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+|<)/g,
  )) {
    const current = open.at(-1) ?? root;
    if (text !== undefined) current.text += decoded(text);
    else if (end === '/') expect(open.pop()?.name).to.equal(name);
    else {
      const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
        key,
        decoded(value),
      ]);
      const element: Element = {
        name,
        attributes: Object.fromEntries(pairs) as Record<string, string>,
        children: [],
        text: '',
      };
      current.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  expect(open).to.have.length(1);
  const [only] = root.children;
  if (!only) throw new Error('there is no element');
  return only;
}

describe('The results in the XML of JUnit', () => {
  const suites = readXml(junitXml(failingRun));
  const cases = suites.children.flatMap(({ children }) => children);

  it('have a suite a feature and a case a scenario, counted', () => {
    const counted = (verdict: string): string =>
      String(failingRun.scenarios.filter((scenario) => scenario.verdict === verdict).length);
    expect(suites.name).to.equal('testsuites');
    expect(suites.attributes['tests']).to.equal(String(failingRun.scenarios.length));
    expect(suites.attributes['failures']).to.equal(counted('fail'));
    expect(suites.attributes['errors']).to.equal(counted('error'));
    expect(cases.map(({ attributes }) => `${attributes['file']}:${attributes['line']}`)).to.deep.equal(
      failingRun.scenarios.map(({ id }) => id),
    );
    expect(new Set(suites.children.map(({ attributes }) => attributes['file'])).size).to.equal(suites.children.length);
  });

  it('tell of a failure which rule is broken and how to see it again', () => {
    const failed = failingRun.scenarios.find(({ verdict, violations }) => verdict === 'fail' && violations.length > 0);
    const element = cases[failingRun.scenarios.indexOf(failed ?? failingRun.scenarios[0]!)]?.children[0];
    expect(element?.name).to.equal('failure');
    expect(element?.attributes['type']).to.equal(failed?.violations[0]?.rule);
    expect(element?.text).to.include(failed?.violations[0]?.message).and.to.include(failed?.replay);
    expect(element?.text).to.match(/\nElsewhere: npx lwf replay lwf1-[\w-]+-[0-9a-f]{8}/);
  });

  it('never call skipped what failed, nor passed what was skipped', () => {
    failingRun.scenarios.forEach(({ verdict }, at) => {
      const expected = {
        pass: [],
        fail: ['failure'],
        error: ['error'],
        'not applicable': ['skipped'],
        'not observed': ['skipped'],
      };
      expect(cases[at]?.children.map(({ name }) => name)).to.deep.equal(expected[verdict]);
    });
  });

  it('survive hostile text, and what XML cannot hold', () => {
    const [first] = run.scenarios;
    if (!first) throw new Error('it has scenarios');
    const name = `${HOSTILE}\n\u0000\u001b[2J \ud800 \u{1f600} \ufffe`;
    const hostile = { ...run, scenarios: [{ ...first, name, verdict: 'fail', reason: name } as const] };
    const [suite] = readXml(junitXml(hostile)).children;
    expect(suite?.children[0]?.attributes['name'])
      .to.include(HOSTILE)
      .and.to.include('\n\ufffd\ufffd[2J \ufffd \u{1f600} \ufffd');
  });
});

/** What the schema of SARIF 2.1.0 (OASIS) asks for, as far as we use it: nothing else is allowed. */
const text = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string', minLength: 1 }, markdown: { type: 'string' } },
};
const location = {
  type: 'object',
  required: ['physicalLocation'],
  additionalProperties: false,
  properties: {
    message: text,
    physicalLocation: {
      type: 'object',
      required: ['artifactLocation'],
      additionalProperties: false,
      properties: {
        artifactLocation: {
          type: 'object',
          additionalProperties: false,
          properties: { uri: { type: 'string', pattern: '^[^ \\\\<>"]+$' } },
        },
        region: {
          type: 'object',
          additionalProperties: false,
          properties: { startLine: { type: 'integer', minimum: 1 } },
        },
      },
    },
  },
};
const level = { enum: ['none', 'note', 'warning', 'error'] };
const SARIF = {
  type: 'object',
  required: ['version', 'runs'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool'],
        additionalProperties: false,
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            additionalProperties: false,
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                additionalProperties: false,
                properties: {
                  name: { type: 'string' },
                  semanticVersion: { type: 'string' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id'],
                      additionalProperties: false,
                      properties: {
                        id: { type: 'string' },
                        name: { type: 'string' },
                        shortDescription: text,
                        fullDescription: text,
                        help: text,
                        helpUri: { type: 'string', pattern: '^https://' },
                        defaultConfiguration: { type: 'object', additionalProperties: false, properties: { level } },
                        properties: { type: 'object', properties: { tags: { type: 'array', uniqueItems: true } } },
                      },
                    },
                  },
                },
              },
            },
          },
          automationDetails: { type: 'object', additionalProperties: false, properties: { id: { type: 'string' } } },
          invocations: {
            type: 'array',
            items: {
              type: 'object',
              required: ['executionSuccessful'],
              additionalProperties: false,
              properties: {
                executionSuccessful: { type: 'boolean' },
                toolExecutionNotifications: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['message'],
                    additionalProperties: false,
                    properties: { level, message: text, locations: { type: 'array', items: location } },
                  },
                },
              },
            },
          },
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: -1 },
                kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
                level,
                message: text,
                locations: { type: 'array', items: location },
                relatedLocations: { type: 'array', uniqueItems: true, items: location },
                partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
                properties: { type: 'object' },
              },
            },
          },
          properties: { type: 'object' },
        },
      },
    },
  },
};

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [
        { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] },
      ];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly message: { readonly text: string };
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: { readonly startLine: number };
            };
          },
        ];
      }[];
    },
  ];
}

describe('The results in SARIF', () => {
  const log = JSON.parse(sarifLog(failingRun)) as Sarif;
  const [{ results, tool, invocations }] = log.runs;

  it('are as the schema asks', () => {
    const valid = new Ajv({ strict: false }).compile(SARIF);
    expect(valid(log), JSON.stringify(valid.errors)).to.equal(true);
    expect(valid(JSON.parse(sarifLog(run)))).to.equal(true);
    expect(sarifLog(failingRun)).to.match(/"token": "lwf1-[\w-]+-[0-9a-f]{8}"/);
  });

  it('have one result for each rule that a scenario found broken, at the scenario', () => {
    const expected = failingRun.scenarios
      .filter(({ tags }) => !tags.includes('@exhibit'))
      .flatMap(({ id, violations, verdict, rule = 'scenario' }) => {
        const broken = [...new Set(violations.map((violation) => violation.rule))];
        return (broken.length === 0 && verdict === 'fail' ? [rule] : broken).map((each) => `${each} ${id}`);
      });
    expect(expected).not.to.have.length(0);
    const found = results.map(({ ruleId, locations: [{ physicalLocation }] }) => {
      const { artifactLocation, region } = physicalLocation;
      return `${ruleId} ${artifactLocation.uri}:${region.startLine}`;
    });
    expect(found).to.deep.equal(expected);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).to.equal(ruleId);
  });

  it('keep their fingerprints when lines and crossings move, and no two share one', () => {
    const moved = {
      ...failingRun,
      scenarios: failingRun.scenarios.map((scenario) => ({ ...scenario, line: scenario.line + 3, trace: [] })),
    };
    const prints = (text: string): unknown[] =>
      (JSON.parse(text) as Sarif).runs[0].results.map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(sarifLog(moved))).to.deep.equal(prints(sarifLog(failingRun)));
    expect(new Set(prints(sarifLog(failingRun)).map((print) => JSON.stringify(print))).size).to.equal(results.length);
  });

  it('say that the kit broke where it did', () => {
    const errors = failingRun.scenarios.filter(({ verdict }) => verdict === 'error').length;
    expect(invocations[0].toolExecutionNotifications).to.have.length(errors);
    expect(invocations[0].executionSuccessful).to.equal(errors === 0);
  });
});

describe('The results in the messages of Cucumber', () => {
  const messages = cucumberMessages(failingRun, features);
  /** The sample has them in an order of its own. */
  const scenarios = features.flatMap(({ uri }) =>
    failingRun.scenarios.filter((scenario) => scenario.uri === uri).sort((left, right) => left.line - right.line),
  );

  it('tell every scenario and every step of it, with its outcome', () => {
    const pickles = new Map(messages.flatMap(({ pickle }) => (pickle ? [[pickle.id, pickle.name] as const] : [])));
    // The sample does not fill in the rows of its outline.
    const names = [...pickles.values()].map((name) => name.replace(/^(The last completion comes) .*/, '$1 <when>'));
    expect(names).to.deep.equal(scenarios.map(({ name }) => name));
    const cases = messages.flatMap(({ testCase }) => testCase ?? []);
    expect(cases.map(({ testSteps }) => testSteps.length - 1)).to.deep.equal(
      scenarios.map(({ steps }) => steps.length),
    );
    const worst = new Map<string, string>();
    for (const { testStepFinished } of messages) {
      const { testCaseStartedId = '', testStepResult } = testStepFinished ?? {};
      if (testStepResult && testStepResult.status !== TestStepResultStatus.PASSED)
        worst.set(testCaseStartedId, testStepResult.status);
    }
    const started = messages.flatMap(({ testCaseStarted }) => testCaseStarted ?? []);
    const expected = {
      pass: 'PASSED',
      fail: 'FAILED',
      error: 'FAILED',
      'not applicable': 'SKIPPED',
      'not observed': 'SKIPPED',
    };
    expect(started.map(({ id }) => worst.get(id) ?? 'PASSED')).to.deep.equal(
      scenarios.map(({ verdict }) => expected[verdict]),
    );
    const log = messages.flatMap(({ attachment }) => attachment?.body ?? []).join('\n');
    for (const { verdict, reason } of failingRun.scenarios) if (verdict !== 'pass') expect(log).to.include(reason);
  });

  it('are the same for the same run, with no time in them, and leave out what was not played', () => {
    const text = messagesNdjson(messages);
    expect(messagesNdjson(cucumberMessages(failingRun, features))).to.equal(text);
    expect(text).not.to.match(/"(?:seconds|nanos)":[1-9]/);
    const part = { ...failingRun, scenarios: failingRun.scenarios.slice(0, 1) };
    expect(cucumberMessages(part, features).filter(({ pickle }) => pickle)).to.have.length(1);
  });

  it('make the page that Cucumber makes of them', async () => {
    const page = await cucumberHtml(messages);
    expect(page)
      .to.match(/^<!DOCTYPE html>/i)
      .and.to.match(/<\/html>\s*$/);
    expect(page).to.include('window.CUCUMBER_MESSAGES');
    expect(page).not.to.include(`alert('2')</script>`);
  });
});
