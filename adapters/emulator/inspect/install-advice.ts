/** What a profile says about the installation of a driver, held against what the driver does. */
import type { EmulatorProfile } from '../profile';
import type { Remark } from './advice';
import { writtenKey } from './draft';
import { registrationOf, type Registration, type RegistryRead } from './observer';
import { NO_SWITCH, wantsSwitch } from './filters';
import { isFine, told, type Boot } from './trial';

/** How many names of a list are told. */
const SHOWN = 8;

type Life = Pick<Boot, 'stages' | 'observer' | 'crossings'>;

/** @returns what does not fit; the order does not matter */
export function adviceOnInstall(profile: EmulatorProfile, life: Life): Remark[] {
  return [...namesAdvice(profile, life), ...failureAdvice(profile, life)];
}

/** What the driver calls itself, and what the profile does. */
function namesAdvice(profile: EmulatorProfile, { observer: { registrations } }: Life): Remark[] {
  const registration = registrationOf(registrations, profile.filter.guid);
  if (!registration) return [];
  const { serviceName, uniqueName, ndis } = registration;
  const remarks: Remark[] = severalAdvice(profile, registrations);
  if (serviceName !== '' && !registrations.some((one) => isSame(one.serviceName, profile.service))) {
    remarks.push({
      path: ['service'],
      message: `the driver registers with NDIS for the service "${serviceName}", and the profile calls it "${profile.service}": NDIS finds no filter of that name, and its registry is looked for below the wrong key`,
    });
  }
  if (profile.filter.guid !== undefined && uniqueName !== '' && !isSame(uniqueName, profile.filter.guid)) {
    remarks.push({
      path: ['filter', 'guid'],
      message: `the driver registers with the unique name ${uniqueName}, and the profile says ${profile.filter.guid}: leave it out, and it is taken from the driver`,
    });
  }
  const [major = 0, minor = 0] = ndis.split('.').map(Number);
  if (major > profile.ndis.major || (major === profile.ndis.major && minor > profile.ndis.minor)) {
    remarks.push({
      path: ['ndis'],
      message: `the driver registers for NDIS ${ndis}, and the profile has a system of ${profile.ndis.major}.${profile.ndis.minor}: a Windows that old refuses it (NDIS_STATUS_BAD_VERSION); give ${ndis} or later`,
    });
  }
  return remarks;
}

/** Which of several filters is judged is for the profile to say. */
function severalAdvice({ filter }: EmulatorProfile, registrations: readonly Registration[]): Remark[] {
  const [first, ...others] = registrations;
  if (!first || others.length === 0 || filter.guid !== undefined) return [];
  const names = others.map(({ friendlyName, uniqueName }) => `"${friendlyName}" ${uniqueName}`);
  return [
    {
      path: ['service'],
      message: `the driver registers ${registrations.length} filters, and only "${first.friendlyName}" ${first.uniqueName}, the first, was on the adapters; for each other one, write a profile with its "guid" below "filter": ${names.join(', ')}`,
    },
  ];
}

/** Why the driver may have come to no running module. */
function failureAdvice(profile: EmulatorProfile, { stages, observer, crossings }: Life): Remark[] {
  const failed = stages.find(({ state }) => !isFine(state));
  if (failed?.state.state !== 'done') return [];
  const registered = crossings.find(({ dir, ddi }) => dir === '<=' && ddi === 'NdisFRegisterFilterDriver')?.status;
  // What NDIS refuses is the driver's own, and for the judges.
  if (registered !== undefined && registered !== 'NDIS_STATUS_SUCCESS') return [];
  const what = failed.name === 'load' ? 'DriverEntry' : failed.name === 'attach' ? 'FilterAttach' : 'FilterRestart';
  if (wantsSwitch({ stages, crossings }))
    return [{ path: ['service'], message: `${what} ends with ${told(failed.state)}: ${NO_SWITCH}` }];
  const missed = [
    ...new Set(observer.reads.filter(({ found }) => !found).map((read) => soughtText(read, profile.service))),
  ];
  const sought =
    missed.length === 0
      ? 'it missed nothing in the registry; compare what it asks of an adapter with "adapters" and "filter"'
      : `it looked in the registry for ${missed.slice(0, SHOWN).join(', ')} and did not find ${missed.length === 1 ? 'it' : 'them'}: give what your INF writes`;
  return [
    {
      path: profile.registry.length > 0 ? ['registry'] : ['service'],
      message: `${what} ends with ${told(failed.state)}: ${sought}`,
    },
  ];
}

function soughtText(read: RegistryRead, service: string): string {
  const key = writtenKey(read, service);
  const place = key === '.' ? "the service's own key" : key;
  return read.name === undefined ? place : `"${read.name}" in ${place}`;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
