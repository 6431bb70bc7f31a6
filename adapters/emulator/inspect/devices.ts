/** Which devices a driver made, and which way to open one leads to an adapter. */
import type { Crossing } from '../../../src/trace';
import { adapterFacts, readProfile } from '../profile';
import { INPUTS, profileText, type Draft, type DraftOpen, type Input } from './draft';
import { ADAPTER, isFine, opened, told, tried, type Subject, type Tried } from './trial';

/** Adapters that the registry of a dry run names beside the one that is plugged in. */
const OTHERS = ['B', 'C'];
const NOBODY = 'no-such-adapter';
/** What applications may write behind the name of a device, the usual first. */
const FILES = ['', '{guid}', '{miniport}', '{ifIndex}'];
const MAX_DEVICES = 6;
/** Each is a boot. */
const MAX_TRIES = 64;

export interface DeviceSeen {
  /** With `{guid}` where the adapter's stood. */
  readonly name: string;
  readonly isLink: boolean;
}

/** One way to open a device, and what came of it. */
export interface OpenTried {
  readonly device: string;
  readonly file: string;
  readonly opens: boolean;
  /** A status, or what stopped the system. */
  readonly answer: string;
  /** The name was one that no driver knows: whoever opens it does not look at names. */
  readonly isMadeUp: boolean;
}

/** What the writing of a frame did through one way to open the driver. */
export interface WriteTried {
  readonly open: OpenTried;
  readonly tried: Tried;
}

/** What a frame as the input of a control code did. */
export interface CodeTried {
  readonly open: OpenTried;
  readonly code: number;
  readonly input: Input;
  readonly tried: Tried;
}

/** @returns the names of devices and symbolic links that the driver made, each once; those of other adapters are left out */
export function devicesIn(crossings: readonly Crossing[], draft: Draft): DeviceSeen[] {
  const profile = readProfile(profileText(draft), 'the draft of a profile');
  const guid = adapterFacts(profile, ADAPTER, 0).guid;
  const others = OTHERS.map((name, index) => adapterFacts(profile, name, index + 1).guid.toLowerCase());
  const made = devicesMade(crossings);
  const own = made
    .filter(({ name }) => !others.some((other) => name.toLowerCase().includes(other)))
    .map(({ name, isLink }) => ({ name: withPlaceholder(name, guid), isLink }));
  return [...new Map(own.map((one) => [one.name.toLowerCase(), one])).values()];
}

/** @returns the names of the devices that the driver made, and of the links to them */
export function devicesNamed(crossings: readonly Crossing[]): string[] {
  return [...new Set(devicesMade(crossings).map(({ name }) => name))];
}

function devicesMade(crossings: readonly Crossing[]): DeviceSeen[] {
  return crossings.flatMap(({ dir, ddi, args }): DeviceSeen[] => {
    if (dir !== '=>') return [];
    const isLink = ddi === 'IoCreateSymbolicLink';
    if (!isLink && ddi !== 'IoCreateDevice' && ddi !== 'NdisRegisterDeviceEx') return [];
    const name = args?.[isLink ? 'link' : 'name'];
    return typeof name === 'string' && name !== '' ? [{ name, isLink }] : [];
  });
}

function withPlaceholder(name: string, guid: string): string {
  return name.replaceAll(new RegExp(escaped(guid), 'gi'), '{guid}');
}

function escaped(text: string): string {
  return text.replace(/[{}.*+?^$()|[\]\\]/g, '\\$&');
}

/** Tries each device with each file. @param only the device, and the file, that the user gave; undefined: all */
export async function tryOpens(
  subject: Subject,
  draft: Draft,
  devices: readonly DeviceSeen[],
  only: { readonly device?: string; readonly file?: string },
): Promise<OpenTried[]> {
  const named = devices.some(({ isLink }) => !isLink) ? devices.filter(({ isLink }) => !isLink) : devices;
  const names = only.device === undefined ? named.slice(0, MAX_DEVICES).map(({ name }) => name) : [only.device];
  const files = only.file === undefined ? [...FILES, NOBODY] : [only.file];
  const results: OpenTried[] = [];
  for (const device of names) {
    for (const file of files) {
      const answer = await opened(subject, { ...draft, open: { device, file, oneAtATime: false } });
      if (!answer) return results;
      const opens = answer.reached && isFine(answer.state);
      results.push({ device, file, opens, answer: told(answer.state), isMadeUp: file === NOBODY });
    }
  }
  return results;
}

/** @returns the ways that open the driver, the likeliest first: a file that the driver looks at, before one that it does not */
export function likely(tries: readonly OpenTried[]): OpenTried[] {
  const looks = (device: string): boolean => !tries.some((one) => one.device === device && one.isMadeUp && one.opens);
  const rank = ({ device, file }: OpenTried): number => {
    if (device.includes('{guid}')) return file === '' ? 0 : 3;
    return looks(device) ? (file === '' ? 2 : 1) : file === '' ? 1 : 2;
  };
  return tries.filter(({ opens, isMadeUp }) => opens && !isMadeUp).sort((a, b) => rank(a) - rank(b));
}

/**
 * Writes a frame through each way that opens, until one makes the driver send or indicate.
 * @returns what each write did; the last one is the one that worked, if one did
 */
export async function tryWrites(subject: Subject, draft: Draft, ways: readonly OpenTried[]): Promise<WriteTried[]> {
  const results: WriteTried[] = [];
  for (const open of ways) {
    const way: DraftOpen = { device: open.device, file: open.file, oneAtATime: false };
    const result = await tried(subject, { ...draft, open: way, send: { blocks: false } }, 'send');
    if (!result) continue;
    results.push({ open, tried: result });
    if (originates(result)) break;
  }
  return results;
}

/**
 * Puts a frame as the input of each control code, alone, behind its length, or behind a count, until one request makes the driver send
 * or indicate one frame, and succeeds.
 * @returns what each code did; the last one is the one that worked, if one did
 */
export async function tryCodes(
  subject: Subject,
  draft: Draft,
  open: OpenTried,
  codes: readonly number[],
): Promise<CodeTried[]> {
  const results: CodeTried[] = [];
  const way: DraftOpen = { device: open.device, file: open.file, oneAtATime: false };
  const tries = INPUTS.flatMap((input) => codes.map((code) => ({ code, input })));
  for (const { code, input } of tries.slice(0, MAX_TRIES)) {
    const result = await tried(subject, { ...draft, open: way, send: { code, input, blocks: false } }, 'send');
    if (!result) break;
    results.push({ open, code, input, tried: result });
    if (takesOne(result)) break;
  }
  return results;
}

/** @returns whether a request with one frame succeeded, and made the driver send or indicate one */
export function takesOne({ sends, receives, inTheEnd }: Tried): boolean {
  return sends + receives === 1 && isFine(inTheEnd);
}

/** @returns whether a request made the driver send or indicate something */
export function originates({ sends, receives }: Tried): boolean {
  return sends > 0 || receives > 0;
}
