/** Programs that threads have started: a process that ends at once takes its threads with it, and not what those started. */
import type { ChildProcess } from 'node:child_process';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const CHANNEL = 'lwf-adapters';

interface Word {
  readonly pid: number;
  readonly runs: boolean;
}

/** Has a program end with this process, whatever ends that: an adapter need not notice the end of its input. */
export function endWithUs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  const kill = (): void => killWithItsOwn(child);
  process.once('exit', kill);
  const channel = isMainThread ? undefined : new BroadcastChannel(CHANNEL);
  channel?.unref();
  channel?.postMessage({ pid, runs: true } satisfies Word);
  child.once('close', () => {
    process.off('exit', kill);
    channel?.postMessage({ pid, runs: false } satisfies Word);
    channel?.close();
  });
}

/** Ends a program that leads a group, with what it has started: a script of a shell is not the adapter that it runs. */
export function killWithItsOwn(child: ChildProcess): void {
  if (child.pid !== undefined) killGroup(child.pid);
  child.kill('SIGKILL');
}

/**
 * Does the same for what threads of this process start from now on.
 * @returns to be called when they have ended
 */
export function endWhatThreadsStart(): () => void {
  const running = new Set<number>();
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  channel.onmessage = (event) => {
    const { pid, runs } = (event as { readonly data: Word }).data;
    if (runs) running.add(pid);
    else running.delete(pid);
  };
  const kill = (): void =>
    running.forEach((pid) => {
      killGroup(pid);
      killIfThere(pid);
    });
  process.once('exit', kill);
  return () => {
    channel.close();
    process.off('exit', kill);
  };
}

/** Windows has no groups. */
function killGroup(leader: number): void {
  if (process.platform !== 'win32') killIfThere(-leader);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
