import type { Thread } from './thread';

/**
 * Will a thread that spins for a lock spin for ever? The chain of owners tells: it ends in a thread that a scenario has
 * stopped (no), in one that has ended or waits for a new stimulus while it holds a lock, or runs in a circle (yes).
 * Meaningful only when no thread can go on.
 * @param thread a thread that waits for a spin lock
 */
export function isStuck(thread: Thread): boolean {
  const seen = new Set<Thread>();
  let next: Thread | undefined = thread;
  while (next && !seen.has(next)) {
    if (next.held) return false;
    seen.add(next);
    next = next.step?.lock?.owner;
  }
  return true;
}
