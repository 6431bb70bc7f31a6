/** What the agent of the tests leaves in its folder (see agent-program.ts), and a session with that agent. */
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openSession, type Session, type SessionOptions } from '../../../adapters/harness/controller';
import { realClock } from '../../../adapters/harness/protocol';
import type { OpenChannel } from '../../../adapters/stdio';

/** @returns names of the changes of the machine that are not taken back */
export function changesIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'changed'));
}

/** @returns the process of the agent, as soon as it has changed something */
export async function agentIn(folder: string): Promise<number> {
  for (;;) {
    for (const name of changesIn(folder)) {
      const pid = Number(await readFile(join(folder, 'changed', name), 'utf8').catch(() => ''));
      // 0 and negative numbers are whole groups of processes.
      if (pid > 0) return pid;
    }
    await setTimeout(5);
  }
}

/** Resolves when the agent has written its exit code. */
export function exitCodeIn(folder: string): Promise<number> {
  const path = join(folder, 'exit-code');
  return new Promise((resolve) => {
    const look = (): void => {
      if (!existsSync(path) || readFileSync(path, 'utf8') === '') return;
      watcher.close();
      resolve(Number(readFileSync(path, 'utf8')));
    };
    const watcher = watch(folder, look);
    look();
  });
}

/** @returns a session by the real clock, with limits that a busy machine keeps */
export function openTestSession(channel: OpenChannel, options: Partial<SessionOptions>): Promise<Session> {
  return openSession({
    channel,
    clock: realClock,
    controller: { name: 'test', version: '1' },
    run: 'run-1',
    lease: 15_000,
    answerWithin: 40_000,
    patience: 20_000,
    log: () => undefined,
    ...options,
  });
}
