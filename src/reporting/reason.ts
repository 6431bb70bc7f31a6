import type { ScenarioResult } from '../conformance/results';

/** @returns why the scenario is no pass; undefined where a judge, the failed step or the bugcheck, told beside it, say the same in full */
export function furtherReason({ reason, violations, steps, bugcheck }: ScenarioResult): string | undefined {
  if (reason === undefined) return undefined;
  const told = [
    ...[...violations, ...steps].flatMap(({ message }) => message ?? []),
    ...violations.map(({ rule, message }) => `${rule} is broken: ${message}`),
    `the system stopped: ${bugcheck}`,
  ];
  return told.some((text) => words(text) === words(reason)) ? undefined : reason;
}

function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
