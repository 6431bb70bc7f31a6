import type { ComparedFacts, ComparedRun } from './compared-run';

type Fact = (facts: ComparedFacts) => string | undefined;

/** What should be the same, so that only the driver can be the reason of a change: what it is, and what it means when it is not. */
const FACTS: readonly (readonly [name: string, of: Fact, consequence: string])[] = [
  ['adapter', ({ adapter }) => adapter, 'what one can see or provoke the other may not'],
  ['observation', ({ observation }) => observation, 'what one can see the other may not'],
  ['engine', ({ engine }) => engine, 'that must make no difference: a change may be a fault of the kit'],
  ['specification', ({ specification }) => specification?.version, 'rules and scenarios that only one has are listed'],
  ['kit', ({ kit }) => kit, 'a change may come from the kit'],
  ['seed', ({ seed }) => String(seed), 'random choices were others'],
  ['profile', ({ profileSha256 }) => profileSha256?.slice(0, 12), 'the driver was asked in another way'],
  ['conformance profile', ({ conformance }) => conformance, 'other findings decide'],
  ['selection', ({ selection }) => selection, 'only what both played is compared'],
];

/** @returns what two results do not have in common, one sentence each */
export function differencesOf(older: ComparedRun, newer: ComparedRun): string[] {
  const found = FACTS.flatMap(([name, of, consequence]) => {
    const [before, now] = [of(older.facts), of(newer.facts)];
    if (before === now) return [];
    return `other ${name}: ${before ?? absent(name)} before, ${now ?? absent(name)} now; ${consequence}`;
  });
  const specifications = [older.facts.specification, newer.facts.specification];
  if (
    specifications[0]?.version === specifications[1]?.version &&
    specifications[0]?.sha256 !== specifications[1]?.sha256
  )
    found.push(
      'other specification, although its version is the same; rules and scenarios that only one has are listed',
    );
  for (const [which, { missing, part }] of [
    ['older', older],
    ['newer', newer],
  ] as const) {
    if (part !== undefined)
      found.push(`the ${which} result is only part ${part} of a run: \`lwf merge\` joins the parts`);
    else if (missing > 0)
      found.push(`the ${which} result lacks ${missing} planned scenarios: \`lwf run --resume\` goes on`);
  }
  const images = [older.facts.driverSha256, newer.facts.driverSha256];
  if (images[0] !== undefined && images[0] === images[1]) found.push('both are of the very same driver file');
  return found;
}

function absent(name: string): string {
  return name === 'selection' ? 'everything' : 'none';
}
