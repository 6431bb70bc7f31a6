/**
 * The drivers that the kit ships for the simulator: two correct designs, the drivers of the question that the kit starts from, and
 * for every core rule at least one driver that breaks it.
 */
import { counting } from './counting';
import { defects } from './defects';
import { reference } from './reference';
import type { RegisteredDriver } from './registered';
import { answersSketch, npcap2016FirstFix, npcap2016NoPause, ownOidWithoutARequestHandle } from './seed';

export type { Defect, Explanations, RegisteredDriver, SeedDriver } from './registered';
export { referenceProfile, ReferenceFilter, replacedMethods, simulate, watchedReference } from './reference';

const correct: readonly (readonly [string, RegisteredDriver])[] = [
  [
    reference.name,
    {
      kind: 'reference',
      driver: reference,
      story:
        'The filter to copy from: rundown protection around everything that moves data, one lock and one set of counts a module, handles that look their ' +
        'module up for every request. It originates sends, receives, OID requests and status indications, passes everything through, and can hold, modify and bypass.',
    },
  ],
  [
    counting.name,
    {
      kind: 'correct',
      driver: counting,
      story:
        'A second correct design, the answer to the question that the kit starts from done right: a flag and counts under one lock. Nobody waits; a sender counted before the ' +
        'pause calls NDIS after it, and whoever brings the last count to zero completes the pause.',
    },
  ],
];

/** Every driver that ships with the kit, by name: the reference filter first, then correct designs, seeds, defects by area. */
export const registeredDrivers: ReadonlyMap<string, RegisteredDriver> = new Map<string, RegisteredDriver>([
  ...correct,
  ...[npcap2016NoPause, npcap2016FirstFix, answersSketch, ownOidWithoutARequestHandle].map(
    ({ name, story, driver }): [string, RegisteredDriver] => [name, { kind: 'seed', driver, story }],
  ),
  ...defects.map(({ name, ...rest }): [string, RegisteredDriver] => [name, { kind: 'defect', ...rest }]),
]);

/** @returns the driver of that name, undefined when the kit has none */
export function registeredDriver(name: string): RegisteredDriver | undefined {
  return registeredDrivers.get(name);
}
