/** Finds what must be in the registry for a driver to load: what installers write and what every machine has. */
import { writtenKey, type Draft, type DraftValue } from './draft';
import { attachFailure, filtersOf, placeFor, type FilterSeen } from './filters';
import type { Known } from './index';
import { machineValues } from './machine-keys';
import { registrationOf, type RegistryRead } from './observer';
import { isFine, loaded, told, wholeLife, type Boot, type Subject } from './trial';

const MAX_VALUES = 24;
/** What is found can lead to more that is looked for. */
const ROUNDS = 4;

export interface Installed {
  readonly draft: Draft;
  /** A whole life of the driver, so installed. */
  readonly life: Boot;
  /** How it was got to load, when it did not at first. */
  readonly repaired: string | undefined;
  /** The filters of an image that registers several, or whose only one does not take an Ethernet adapter. */
  readonly filters: readonly FilterSeen[];
}

/** @returns a draft with which the driver loads and attaches, when one can be found */
export async function installed(subject: Subject, known: Known): Promise<Installed> {
  const found = await loadable(subject, known);
  // What does not load at first registers nothing that could be placed at first.
  if (found.filters.length > 0 || found.repaired === undefined) return found;
  const filters = await filtersOf(subject, found.draft, found.life);
  if (filters.length === 0) return found;
  const draft = { ...found.draft, ...placeFor(filters) };
  return { ...found, draft, filters, life: await wholeLife(subject, draft) };
}

async function loadable(subject: Subject, known: Known): Promise<Installed> {
  const base = known.image.replace(/\.[^.]*$/, '') || 'driver';
  let draft: Draft = {
    driver: known.driver ?? base,
    service: known.service ?? (base.replace(/[\s\\/]+/g, '') || 'driver'),
    image: /^[^\\/:*?"<>|]+\.sys$/.test(known.image) ? known.image : undefined,
    registry: [],
  };
  let boot = await wholeLife(subject, draft);
  const refused = attachFailure(boot);
  const filters = await filtersOf(subject, draft, boot);
  if (filters.length > 0) {
    draft = { ...draft, ...placeFor(filters) };
    boot = await wholeLife(subject, draft);
  }
  const { medium } = draft;
  const failed = loadFailure(boot);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = better(draft, boot, known);
    if (JSON.stringify(next) === JSON.stringify(draft)) break;
    draft = next;
    boot = await wholeLife(subject, draft);
  }
  if (failed === undefined || loadFailure(boot) === undefined) {
    const onMedium =
      medium && `FilterAttach ends with ${refused} on an Ethernet adapter, and succeeds with "medium: ${medium}"`;
    return { draft, life: boot, filters, repaired: failed === undefined ? onMedium : repairedBy(draft, failed) };
  }
  const helped = await withValues(subject, draft, boot.observer.reads);
  if (!helped) return { draft, life: boot, filters, repaired: undefined };
  const life = await wholeLife(subject, helped);
  return { draft: better(helped, life, known), life, filters, repaired: repairedBy(helped, failed) };
}

/** Names as the driver registers them, and keys of the machine that it looks for. */
function better(draft: Draft, { observer }: Boot, known: Known): Draft {
  const { registrations, reads } = observer;
  const registration = registrationOf(registrations, draft.filter);
  // Of several filters, each has a service of its own in its INF; the image belongs to that of the first.
  const service = known.service ?? (registrations[0]?.serviceName || draft.service);
  const driver = known.driver ?? (registration?.friendlyName || draft.driver);
  const machine = machineValues(reads).filter((value) => !draft.registry.some((own) => isSame(own, value)));
  return {
    ...draft,
    driver,
    service,
    registry: [...draft.registry.filter(({ active }) => active), ...machine, ...missed(draft, reads, service, machine)],
  };
}

/** Values of the service's own that were not there: comments. */
function missed(
  draft: Draft,
  reads: readonly RegistryRead[],
  service: string,
  besides: readonly DraftValue[],
): DraftValue[] {
  const values = reads.flatMap((read): DraftValue[] => {
    const key = writtenKey(read, service);
    if (read.found || read.name === undefined || /^(HKLM|\\)/i.test(key)) return [];
    const value = valueFor(read);
    return [
      { key, name: read.name, value, active: false, why: 'FILL IN what your INF writes; this is only an example' },
    ];
  });
  const others = [...draft.registry.filter(({ active }) => active), ...besides];
  const fresh = values.filter((value) => !others.some((own) => isSame(own, value)));
  return [...new Map(fresh.map((value) => [idOf(value), value])).values()].slice(0, MAX_VALUES);
}

function valueFor({ type }: RegistryRead): string {
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return "'text'";
    case 'REG_MULTI_SZ':
      return "['{guid}']";
    case 'REG_BINARY':
      return "{ REG_BINARY: '00' }";
    default:
      return '0';
  }
}

/** DriverEntry fails: do the values that it looked for in vain help? Only those that it cannot do without stay. */
async function withValues(subject: Subject, draft: Draft, reads: readonly RegistryRead[]): Promise<Draft | undefined> {
  const given = draft.registry.map((value) => ({
    ...value,
    active: true,
    why: 'without it DriverEntry fails: FILL IN what your INF writes',
  }));
  if (missedNothing(draft, reads)) return undefined;
  const all = { ...draft, registry: given };
  if (loadFailure(await loaded(subject, all)) !== undefined) return undefined;
  const needed = [...given];
  for (const value of draft.registry.filter(({ active }) => !active)) {
    const at = needed.findIndex((one) => isSame(one, value));
    const without = needed.with(at, value);
    if (loadFailure(await loaded(subject, { ...draft, registry: without })) === undefined) needed[at] = value;
  }
  return {
    ...draft,
    registry: needed.map((value, index) => (draft.registry[index]?.active ? draft.registry[index] : value)),
  };
}

function missedNothing(draft: Draft, reads: readonly RegistryRead[]): boolean {
  return reads.every(({ found }) => found) || draft.registry.every(({ active }) => active);
}

/** @returns how DriverEntry ended, when it did not succeed */
function loadFailure({ stages, lacks }: Boot): string | undefined {
  const state = stages.find(({ name }) => name === 'load')?.state;
  if (state === undefined) return lacks ?? 'it does not come back';
  return isFine(state) ? undefined : told(state);
}

function repairedBy({ registry }: Draft, failure: string): string {
  const keys = [...new Set(registry.filter(({ active }) => active).map(({ key }) => key))];
  return `DriverEntry ends with ${failure} on an empty registry, and succeeds with values below ${keys.join(', ')}`;
}

function isSame(a: DraftValue, b: DraftValue): boolean {
  return idOf(a) === idOf(b);
}

function idOf({ key, name }: DraftValue): string {
  return `${key}\0${name}`.toLowerCase();
}
