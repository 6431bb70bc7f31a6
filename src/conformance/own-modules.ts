/** Modules of the user's own that run in this process: adapters and simulated drivers. */

const loaded = new Set<string>();

/** @param file absolute path of a module that is being loaded */
export function noteOwnModule(file: string): void {
  loaded.add(file);
}

/**
 * @param failure what was thrown
 * @returns the place in a module of the user's own that threw it (`FILE:LINE`), or undefined when it was somebody else
 */
export function ownModuleOf(failure: unknown): string | undefined {
  const stack = failure instanceof Error ? (failure.stack ?? '') : '';
  const thrower = stack.split('\n').find((line) => /^\s+at /.test(line) && !line.includes('node:')) ?? '';
  for (const file of loaded) {
    const [, line] = thrower.split(`${file}:`);
    if (line !== undefined) return `${file}:${Number.parseInt(line, 10)}`;
  }
  return undefined;
}
