/** Lints the specification: tags and rule ids against the catalogue, sentences against the step definitions. */
import type { Envelope, Pickle, StepDefinition } from '@cucumber/messages';
import { ADAPTER_CAPABILITIES, DRIVER_CAPABILITIES } from '../adapters/contract';
import { featureFiles } from '../src/cli/feature-files';
import { prepareFeatures } from '../src/conformance/cucumber';
import { coreRules, disputes, rules } from '../src/rules';
import { findingsIn, type Finding, type KnownWords } from './feature-findings';

const known: KnownWords = {
  rules: new Set(rules.map((rule) => rule.id)),
  coreRules: coreRules.map((rule) => rule.id),
  disputes: new Set(disputes.map((dispute) => dispute.id)),
  capabilities: new Set([...Object.keys(DRIVER_CAPABILITIES), ...Object.keys(ADAPTER_CAPABILITIES)]),
  tags: new Set(['@exhibit']),
};

/** Sentences without a meaning, with more than one, and meanings without a sentence, by a dry run. */
async function findingsInSentences(): Promise<Finding[]> {
  const definitions = new Map<string, StepDefinition>();
  const pickles = new Map<string, Pickle>();
  const lines = new Map<string, number>();
  const used = new Set<string>();
  const findings = new Map<string, Finding>();

  const take = ({ gherkinDocument, pickle, stepDefinition, testCase }: Envelope): void => {
    for (const child of gherkinDocument?.feature?.children ?? []) {
      for (const { scenario, background } of child.rule ? child.rule.children : [child]) {
        for (const step of (scenario ?? background)?.steps ?? []) lines.set(step.id, step.location.line);
      }
    }
    if (stepDefinition) definitions.set(stepDefinition.id, stepDefinition);
    if (pickle) pickles.set(pickle.id, pickle);
    if (!testCase) return;
    const { uri, steps } = pickles.get(testCase.pickleId) ?? { uri: '', steps: [] };
    for (const { pickleStepId, stepDefinitionIds = [] } of testCase.testSteps) {
      const step = steps.find(({ id }) => id === pickleStepId);
      if (!step) continue;
      for (const id of stepDefinitionIds) used.add(id);
      const line = lines.get(step.astNodeIds[0] ?? '') ?? 0;
      if (stepDefinitionIds.length === 1) continue;
      const meanings = stepDefinitionIds.map((id) => place(definitions.get(id))).join(' and ');
      const message =
        meanings === '' ? `no step definition for: ${step.text}` : `two meanings (${meanings}) of: ${step.text}`;
      findings.set(`${uri}:${line}`, { uri, line, message });
    }
  };
  await prepareFeatures({ paths: ['features'], tags: '' }, take);
  for (const definition of definitions.values()) {
    if (used.has(definition.id)) continue;
    const { uri = '', location } = definition.sourceReference;
    findings.set(definition.id, {
      uri,
      line: location?.line ?? 0,
      message: `no scenario says: ${definition.pattern.source}`,
    });
  }
  return [...findings.values()];
}

function place(definition: StepDefinition | undefined): string {
  return `${definition?.sourceReference.uri}:${definition?.sourceReference.location?.line}`;
}

async function main(): Promise<void> {
  const files = new Map(featureFiles().map(({ uri, text }) => [uri, text]));
  const findings = [...findingsIn(files, known), ...(await findingsInSentences())];
  for (const { uri, line, message } of findings) process.stdout.write(`${uri}:${line}: ${message}\n`);
  process.stdout.write(`${files.size} feature files, ${findings.length} findings\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}

void main();
