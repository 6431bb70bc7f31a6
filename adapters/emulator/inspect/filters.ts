/** The filters of an image, and the adapters that each of them takes. */
import type { MediumName } from '../profile';
import type { Crossing } from '../../../src/trace';
import type { Draft } from './draft';
import type { Registration } from './observer';
import { isFine, told, wholeLife, type Boot, type Subject } from './trial';

const OTHER_MEDIA: readonly MediumName[] = ['ip', 'wifi', 'wirelessWan', 'wan'];
const GUID_IN_BRACES = /^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/i;

/** Why an extension of the switch does not attach, and what to do. */
export const NO_SWITCH =
  'NdisFGetOptionalSwitchHandlers told it that the adapter is no Hyper-V extensible switch, and none that is modelled is one; ' +
  'a switch extension is judged by a trace of it from Windows (docs/trace-format.md, `lwf check`)';

/** One filter of an image, alone on the adapters. */
export interface FilterSeen {
  readonly registration: Registration;
  /** On which FilterAttach succeeds; undefined when it does on none that is modelled. */
  readonly medium: MediumName | undefined;
  /** How FilterAttach ended on an Ethernet adapter. */
  readonly onEthernet: string;
  /** How it ended on the media that were tried, in their order. */
  readonly answers: readonly { readonly medium: MediumName; readonly answer: string }[];
}

/**
 * @param boot of the draft
 * @returns the filters that the image registered, each tried until it attaches; none when the only one did in that boot, or did not come so far
 */
export async function filtersOf(subject: Subject, draft: Draft, boot: Boot): Promise<FilterSeen[]> {
  const { registrations } = boot.observer;
  const several = registrations.filter(({ uniqueName }) => GUID_IN_BRACES.test(uniqueName));
  const [only] = registrations;
  if (several.length < 2) {
    return only && attachFailure(boot) !== undefined ? [await triedFilter(subject, draft, only)] : [];
  }
  const seen: FilterSeen[] = [];
  for (const registration of several) {
    seen.push(await triedFilter(subject, { ...draft, filter: registration.uniqueName }, registration));
  }
  return seen;
}

async function triedFilter(subject: Subject, draft: Draft, registration: Registration): Promise<FilterSeen> {
  const answers: FilterSeen['answers'][number][] = [];
  let found: MediumName | undefined;
  for (const medium of ['ethernet', ...OTHER_MEDIA] as const) {
    const boot = await wholeLife(subject, { ...draft, medium });
    const attach = attachOf(boot);
    answers.push({ medium, answer: attach ? told(attach) : 'it does not come to it' });
    if (isFine(attach)) found = medium;
    // On no medium it is another driver that DriverEntry or a crash makes of it.
    if (attachFailure(boot) === undefined) break;
  }
  return { registration, medium: found, onEthernet: answers[0]?.answer ?? '', answers };
}

/**
 * A filter that takes one medium alone, and lacks something there, fails on that one in another way than on the others.
 * @returns how FilterAttach of a filter that attaches to nothing ended on each medium, as a sentence
 */
export function whereItFails({ answers }: FilterSeen): string {
  const media = new Map<string, MediumName[]>();
  for (const { medium, answer } of answers) media.set(answer, [...(media.get(answer) ?? []), medium]);
  const [only, ...others] = media;
  if (!only) return '';
  const [answer] = only;
  if (others.length === 0) return `FilterAttach ends with ${answer}, whatever the medium of the adapter`;
  const each = [...media].map(([one, on]) => `${one} on ${on.join(', ')}`);
  return `FilterAttach ends with ${each.join(', and with ')}: the medium that stands alone may be its own ("medium" below "adapters"), and it lacks something else there`;
}

/** @returns what of a draft puts a filter on adapters that it takes; the first on Ethernet, else the first on any, else the first */
export function placeFor(filters: readonly FilterSeen[]): Pick<Draft, 'filter' | 'medium'> {
  const chosen =
    filters.find(({ medium }) => medium === 'ethernet') ??
    filters.find(({ medium }) => medium !== undefined) ??
    filters[0];
  if (!chosen) return {};
  const { medium, registration } = chosen;
  return {
    ...(filters.length > 1 && { filter: registration.uniqueName }),
    ...(medium !== undefined && medium !== 'ethernet' && { medium }),
  };
}

/** @returns how FilterAttach ended, when it failed without stopping the system */
export function attachFailure(boot: Boot): string | undefined {
  const state = attachOf(boot);
  return state?.state === 'done' && !isFine(state) ? told(state) : undefined;
}

function attachOf({ stages }: Boot): Boot['stages'][number]['state'] | undefined {
  return stages.find(({ name }) => name === 'attach')?.state;
}

/** @returns whether the driver asked for the handlers of an extensible switch, which no adapter here has, and then gave up its attach */
export function wantsSwitch(boot: Pick<Boot, 'stages' | 'crossings'>): boolean {
  const attach = boot.stages.find(({ name }) => name === 'attach')?.state;
  return attach?.state === 'done' && !isFine(attach) && boot.crossings.some(isSwitchDenied);
}

function isSwitchDenied({ dir, ddi, status }: Crossing): boolean {
  return dir === '<=' && ddi === 'NdisFGetOptionalSwitchHandlers' && status === 'NDIS_STATUS_NOT_SUPPORTED';
}
