import { spawnSync } from 'node:child_process';

/** What a tool said of itself, or in a few words why it did not. */
export type ToolVersion = { readonly version: string } | { readonly version: undefined; readonly why: string };

/**
 * Asks a tool for its version. One that hangs is ended.
 * @param names the first that works is taken
 * @param args that make it tell its version
 * @param pattern what of its answer is the version
 * @param patience how long each may take, in ms
 */
export function versionOf(
  names: readonly string[],
  args: readonly string[],
  pattern: RegExp,
  environment: NodeJS.ProcessEnv,
  patience: number,
): ToolVersion {
  let why = 'not found';
  for (const name of names) {
    const { error, status, stdout, stderr } = spawnSync(name, args, {
      env: environment,
      encoding: 'utf8',
      timeout: patience,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const version = pattern.exec(`${stdout}\n${stderr}`)?.[0];
    if (!error && status === 0 && version !== undefined) return { version };
    // The name that is there and does not work says more than the one that is not.
    if (isMissing(error)) continue;
    why = isSlow(error) ? `${name} does not answer` : `${name} does not work`;
  }
  return { version: undefined, why };
}

function isMissing(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && error.code === 'ENOENT';
}

/** @returns whether a process was ended because it took too long */
function isSlow(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
}
