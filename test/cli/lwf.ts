import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main';
import { kitRoot } from '../../src/conformance/kit-root';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `lwf` in this process: a second faster than starting one. */
export async function lwf(args: readonly string[]): Promise<Ended> {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string): void => void (out += text),
    err: (text: string): void => void (err += text),
    interactive: false,
    colour: false,
  };
  const code = await main(args, terminal);
  return { code, out, err };
}

interface ProcessOptions {
  /** Options for Node. */
  readonly node?: readonly string[];
  readonly stdin?: string | Buffer;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `lwf` as its users do, in a process of its own. */
export function lwfProcess(
  args: readonly string[],
  { node = [], stdin = '', env = {} }: ProcessOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...node, join(kitRoot, 'bin', 'lwf.js'), ...args], {
      env: { ...process.env, ...env },
    });
    child.stdin.end(stdin);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** Calls `work` with a new folder, and removes the folder. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lwf-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
