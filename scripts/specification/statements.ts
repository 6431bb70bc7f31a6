/** What the specification states, rule by rule, as short hashes: enough to see that a rule is not what it was. */
import { createHash } from 'node:crypto';
import { readFeatures, type FeatureFile } from '../../src/reporting';
import type { Dispute, Rule } from '../../src/rules';

/** Id of a rule or a dispute -> hash of its statement. */
export type Statements = Readonly<Record<string, string>>;

const DIGITS = 12;

/**
 * A rule is its entry in the catalogue with the name and the description of each `Rule:` of the features that stands for it; a dispute is its
 * entry. Scenarios are not hashed: they test what is stated.
 * @param catalogue rules and disputes
 * @param files all feature files
 */
export function statementsOf(
  { rules, disputes }: { readonly rules: readonly Rule[]; readonly disputes: readonly Dispute[] },
  files: readonly FeatureFile[],
): Statements {
  const written = readFeatures(files.map(({ uri, text }) => ({ uri, text: text.replaceAll('\r\n', '\n') }))).flatMap(
    (feature) => feature.rules,
  );
  const entries = [
    ...rules.map((rule) => {
      const told = written.filter(({ id }) => id === rule.id).map(({ name, description }) => [name, description]);
      return [rule.id, hashOf([rule, told])] as const;
    }),
    ...disputes.map((dispute) => [dispute.id, hashOf([dispute])] as const),
  ];
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts, sorted)).digest('hex').slice(0, DIGITS);
}

/** The order of the members of an entry says nothing. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
