import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { bytesOf } from '../image-bytes';
import { readWaivers } from './read-waivers';
import type { Waivers } from './waivers';

/** A list of waivers, and what tells its file from others. */
export interface LoadedWaivers {
  readonly waivers: Waivers;
  readonly file: { readonly file: string; readonly sha256: string; readonly size: number };
  /** As it is on disk. */
  readonly bytes: Buffer;
}

/**
 * @param path of the YAML file
 * @throws CannotJudge when it cannot be read, or is not as it must be
 */
export function loadWaivers(path: string): LoadedWaivers {
  const bytes = bytesOf(path, 'list of waivers');
  return {
    waivers: readWaivers(bytes.toString('utf8'), path),
    file: { file: basename(path), sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length },
    bytes,
  };
}
