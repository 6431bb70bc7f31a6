/** Is there a Java that can make the Allure site? */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the distribution of Allure that the kit brings is compiled for. */
export const JAVA_NEEDED = 8;

export type Java =
  | { readonly usable: true; readonly version: number }
  /** One line for the user. */
  | { readonly usable: false; readonly why: string };

/**
 * Finds the Java that Allure would use: the one of JAVA_HOME, else the first on the path.
 * @param environment default: that of the process
 * @param patience how long it may take to say its version, in ms: one that hangs is ended
 */
export function findJava(environment: NodeJS.ProcessEnv = process.env, patience = 20_000): Java {
  const home = environment['JAVA_HOME'];
  const name = process.platform === 'win32' ? 'java.exe' : 'java';
  const command = home !== undefined && home !== '' ? join(home, 'bin', name) : name;
  if (command !== name && !existsSync(command)) {
    return { usable: false, why: `JAVA_HOME is ${home}, where there is no bin/${name}` };
  }
  const { error, status, stderr, stdout } = spawnSync(command, ['-version'], {
    env: environment,
    encoding: 'utf8',
    timeout: patience,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) return { usable: false, why: whyNot(error) };
  const version = javaVersion(`${stderr}\n${stdout}`);
  if (status !== 0 || version === undefined) return { usable: false, why: 'the Java that was found does not work' };
  if (version < JAVA_NEEDED) return { usable: false, why: `Java ${version} is too old` };
  return { usable: true, version };
}

function whyNot(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no Java';
  return code === 'ETIMEDOUT' ? 'the Java that was found does not answer' : 'the Java that was found does not work';
}

/** @param text what `java -version` says: `version "1.8.0_402"`, `version "17.0.15"`, `version "21-ea"` */
export function javaVersion(text: string): number | undefined {
  const found = /version "(\d+)(?:\.(\d+))?/.exec(text);
  if (!found) return undefined;
  const [first, second] = [Number(found[1]), Number(found[2] ?? 0)];
  return first === 1 ? second : first;
}
