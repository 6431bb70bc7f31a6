/** The versions of a driver to choose from, the oldest first. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BadImage, readImage } from '../../../adapters/emulator/image';
import { CannotJudge } from '../cannot-judge';
import { compareVersions, readVersion } from '../driver-version';
import { bytesOf } from '../image-bytes';
import { whyUnreadable } from '../why-not';

export interface VersionOfDriver {
  /** As a run takes it. */
  readonly driver: string;
  /** Of the image's resources. */
  readonly version?: string;
}

export interface OrderedVersions {
  readonly versions: readonly VersionOfDriver[];
  /** How they were put in order, in words. */
  readonly order: string;
  /** Files that are no images, with what is wrong with them. */
  readonly leftOut: readonly { readonly driver: string; readonly reason: string }[];
}

export type Order = 'version' | 'given';

/**
 * @param given paths of images, folders of them, patterns with `*` where the shell does not resolve them, or names of drivers
 * @param order undefined: by version when each image names another one, otherwise as given
 * @throws CannotJudge when there are fewer than two, one is not there, or they cannot be put in the order asked for
 */
export function orderVersions(given: readonly string[], order?: Order): OrderedVersions {
  const drivers = given.flatMap(expand);
  const read = drivers.map(versionOf);
  const leftOut = read.flatMap((each) => ('reason' in each ? each : []));
  const found = read.flatMap((each) => ('reason' in each ? [] : each));
  if (found.length < 2) {
    const why = leftOut[0] === undefined ? '' : ` (${leftOut[0].driver}: ${leftOut[0].reason.replace(/\.$/, '')})`;
    const there = found[0] === undefined ? 'there is none' : `there is only ${found[0].driver}`;
    throw new CannotJudge(`At least two versions of the driver are needed, and ${there}${why}.`);
  }
  const fault = orderFault(found);
  if (order === 'version' && fault !== undefined)
    throw new CannotJudge(`${fault}: give them in order, with --order given.`);
  if (order !== 'given' && fault === undefined) {
    const byVersion = (each: VersionOfDriver): readonly number[] => readVersion(each.version ?? '') ?? [];
    const sorted = [...found].sort((a, b) => compareVersions(byVersion(a), byVersion(b)));
    return { versions: sorted, order: 'by FileVersion', leftOut };
  }
  const why = order === 'given' ? '' : `, since ${fault ?? ''}`;
  return { versions: found, order: `as given${why}`, leftOut };
}

/** Why versions do not tell an order; undefined when they do. */
function orderFault(found: readonly VersionOfDriver[]): string | undefined {
  const unnamed = found.find(({ version }) => version === undefined || !readVersion(version));
  if (unnamed) return `${unnamed.driver} names no FileVersion`;
  const seen = new Map<string, string>();
  for (const { driver, version = '' } of found) {
    const other = seen.get(version);
    if (other !== undefined) return `${other} and ${driver} have the same FileVersion, ${version}`;
    seen.set(version, driver);
  }
  return undefined;
}

function versionOf(driver: string): VersionOfDriver | { readonly driver: string; readonly reason: string } {
  if (!isImagePath(driver)) return { driver };
  try {
    const { fileVersion } = readImage(bytesOf(driver, 'image'));
    return { driver, ...(fileVersion !== undefined && { version: fileVersion }) };
  } catch (failure) {
    if (failure instanceof BadImage) return { driver, reason: failure.message };
    throw failure;
  }
}

function isImagePath(driver: string): boolean {
  return /\.sys$/i.test(driver);
}

/** Shells of Windows hand patterns on as they are. */
function expand(given: string): string[] {
  const path = resolve(given);
  if (existsSync(path)) return statSync(path).isDirectory() ? imagesIn(given, '*.sys') : [given];
  return basename(given).includes('*') ? imagesIn(dirname(given), basename(given)) : [given];
}

function imagesIn(folder: string, pattern: string): string[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const matches = new RegExp(`^${parts.join('.*')}$`, 'i');
  const names = namesIn(folder).filter((name) => matches.test(name));
  if (names.length === 0)
    throw new CannotJudge(`There is no ${pattern} in ${folder}. Give the images of the versions.`);
  return names.sort(new Intl.Collator('en', { numeric: true }).compare).map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  if (!existsSync(resolve(folder))) return [];
  try {
    return readdirSync(resolve(folder));
  } catch (failure) {
    throw new CannotJudge(`Cannot read the folder ${folder} (${whyUnreadable(failure)}); check the path.`, {
      cause: failure,
    });
  }
}
