/** The specification as it is here: its version, and a hash that tells whether it was changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { disputes, guarantees, rules } from '../rules';
import { CannotJudge } from './cannot-judge';
import { featuresFolder } from './kit-root';

export interface SpecificationFacts {
  /** Semantic version of rules and scenarios, which is not that of the package. */
  readonly version: string;
  /** Over the catalogue and all feature files. */
  readonly sha256: string;
}

let facts: SpecificationFacts | undefined;

/**
 * Version and hash of the specification that this kit carries.
 * @throws CannotJudge when the kit's own features/specification.json is damaged
 */
export function specificationFacts(): SpecificationFacts {
  return (facts ??= { version: specificationVersion(), sha256: specificationHash() });
}

/**
 * Version of the specification alone: nothing is hashed for it.
 * @throws CannotJudge when the kit's own features/specification.json is damaged
 */
export function specificationVersion(): string {
  const file = join(featuresFolder, 'specification.json');
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
    if (typeof version === 'string') return version;
  } catch (failure) {
    throw new CannotJudge(`${file} cannot be read; install the kit again.`, { cause: failure });
  }
  throw new CannotJudge(`${file} names no version; install the kit again.`);
}

function specificationHash(): string {
  const hash = createHash('sha256').update(JSON.stringify({ rules, disputes, guarantees }));
  const files = readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.feature'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), path: join(featuresFolder, name) }))
    .sort(({ name: left }, { name: right }) => (left < right ? -1 : 1));
  for (const { name, path } of files) {
    // A checkout on Windows may have other ends of lines: it is the same specification.
    hash.update(`\0${name}\0${readFileSync(path, 'utf8').replaceAll('\r\n', '\n')}`);
  }
  return hash.digest('hex');
}
