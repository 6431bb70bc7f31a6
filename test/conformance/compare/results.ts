/** Results made by hand, for comparing. */
import type { ComparedRule, ComparedRun, ComparedScenario } from '../../../src/conformance/compare/compared-run';

interface Made extends Partial<ComparedRun> {
  readonly facts?: ComparedRun['facts'];
}

export const FACTS: ComparedRun['facts'] = {
  kit: '0.1.0',
  specification: { version: '1.0.0', sha256: 'aa' },
  driver: 'mydriver.sys',
  driverSha256: '11',
  adapter: 'emulator',
  engine: 'jit',
  observation: 'memory',
  seed: 1,
  conformance: 'full',
};

export function rule(id: string, verdict: ComparedRule['verdict'], part: Partial<ComparedRule> = {}): ComparedRule {
  return { rule: id, verdict, exercised: 1, scenarios: ['a:1'], failedIn: [], violations: 0, ...part };
}

export function failing(id: string, ...scenarios: string[]): ComparedRule {
  return rule(id, 'fail', { failedIn: scenarios, violations: scenarios.length, firstViolation: 'so it was at #3' });
}

export function scenario(id: string, part: Partial<ComparedScenario> = {}): ComparedScenario {
  return { id, name: `Name of ${id}`, rule: 'DET-02', verdict: 'pass', ...part };
}

export function result(rules: readonly ComparedRule[], part: Made = {}): ComparedRun {
  const scenarios = ['a:1', 'b:2'].map((id) => scenario(id));
  return { source: 'out', schema: 'statement/1', facts: FACTS, rules, scenarios, waivers: [], missing: 0, ...part };
}
