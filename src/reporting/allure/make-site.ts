/** The Allure site, made by the Allure that the kit brings. It needs Java; a run without Java is a run all the same. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findJava, JAVA_NEEDED } from './java';

export type AllureSite =
  | { readonly made: true; readonly address: string }
  /** One line: what was skipped, why, and what to do about it. */
  | { readonly made: false; readonly notice: string };

export interface SiteOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param resultsFolder what `writeAllureResults` wrote
 * @param siteFolder where the site goes; an earlier one is replaced
 * @param options environment: default that of the process (JAVA_HOME, PATH); signal: aborted, it is left out
 * @returns whether it was made; never throws for want of Java
 */
export async function makeAllureSite(
  resultsFolder: string,
  siteFolder: string,
  { environment = process.env, signal }: SiteOptions = {},
): Promise<AllureSite> {
  if (isAborted(signal)) return skipped(INTERRUPTED, AGAIN);
  const allure = allureFolder();
  if (allure === undefined) return skipped('allure-commandline is not installed', INSTALL_ALLURE);
  const java = findJava(environment);
  if (!java.usable) return skipped(java.why, INSTALL_JAVA);
  const failure = await generate(allure, resultsFolder, siteFolder, { environment, signal });
  // Half a site is none.
  if (failure !== undefined) rmSync(siteFolder, { recursive: true, force: true });
  if (isAborted(signal)) return skipped(INTERRUPTED, AGAIN);
  if (failure !== undefined) return skipped(`allure generate failed: ${failure}`, INSTALL_JAVA);
  return { made: true, address: pathToFileURL(join(siteFolder, 'index.html')).href };
}

const INTERRUPTED = 'it was interrupted';
const AGAIN = 'Let it end';
const INSTALL_ALLURE = 'Install the kit with its optional dependencies';
const INSTALL_JAVA = `Install Java ${JAVA_NEEDED} or newer, put it on the PATH or name it in JAVA_HOME`;

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function skipped(why: string, remedy: string): AllureSite {
  return {
    made: false,
    notice: `The Allure site was skipped: ${why}. ${remedy}, and run again; all other reports are complete.`,
  };
}

/** @returns where the Allure of the kit is; it is an optional dependency, large and of use only with Java */
function allureFolder(): string | undefined {
  try {
    return dirname(require.resolve('allure-commandline/package.json'));
  } catch {
    return undefined;
  }
}

/** @returns undefined, or in one line why it failed */
function generate(
  allure: string,
  resultsFolder: string,
  siteFolder: string,
  { environment = process.env, signal }: SiteOptions,
): Promise<string | undefined> {
  const bin = join(allure, 'dist', 'bin');
  const args = ['generate', resultsFolder, '--clean', '--single-file', '-o', siteFolder];
  // Left to itself Allure reports its use to its makers, when it generates and from every page. The kit uses no network.
  const env = { ...environment, ...optionsOfJava(environment), ALLURE_NO_ANALYTICS: 'true' };
  const child =
    process.platform === 'win32'
      ? spawn(
          'cmd.exe',
          ['/d', '/s', '/c', `"${[join(bin, 'allure.bat'), ...args].map((arg) => `"${arg}"`).join(' ')}"`],
          {
            env,
            windowsVerbatimArguments: true,
            signal,
          },
        )
      : spawn(join(bin, 'allure'), args, { env, signal });
  return new Promise((resolve) => {
    let said = '';
    const listen = (chunk: Buffer): void => void (said = `${said}${chunk.toString()}`.slice(-4000));
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (failure) => resolve(failure.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : lastLine(said) || `exit code ${code}`));
  });
}

/** By these a user sets Java up: their choice of a collector and one of the kit would contradict each other, and Java would not start. */
const SET_UP = ['JAVA_OPTS', 'ALLURE_OPTS', 'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'];

/**
 * Java gets ready for a long life; a site is made in seconds, and in half the processor time without that.
 * @returns what is added to the environment of Allure
 */
export function optionsOfJava(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (SET_UP.some((name) => (environment[name] ?? '') !== '')) return {};
  return { ALLURE_OPTS: '-XX:+IgnoreUnrecognizedVMOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC' };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
