import type { Thread } from './thread';

/** How often time wakes a thread that polls before `settle` takes it for settled: 15 s of a poll every 10 ms. */
const POLL_LIMIT = 1_500;
/** How often time wakes a thread of the background that is known to poll: to see what is new, to act, and to act again. */
const CHANCES = 3;

/** Counts that time has woken a thread. */
export function wokenByTime(thread: Thread, settling: number): void {
  if (thread.wokenIn !== settling) thread.wakes = 0;
  thread.wokenIn = settling;
  thread.wakes += 1;
}

/**
 * Nobody waits for a background thread: one that did nothing but sleep for the same time again and again, for as long as the
 * system let it, will do so for ever, unless it finds something new.
 */
export function learnWhoPolls(threads: readonly Thread[], settling: number): void {
  for (const thread of threads) {
    const sleeps = thread.step?.deadline !== undefined && thread.wokenIn === settling;
    if (thread.background && sleeps && thread.naps >= CHANCES) thread.pollsEvery = thread.nap;
  }
}

/** Remembers for how long a thread is about to sleep, if that is what its next step is. */
export function goesToSleep(thread: Thread, now: number): void {
  if (thread.step?.deadline === undefined) return;
  const nap = thread.step.deadline - now;
  thread.naps = nap === thread.nap ? thread.naps + 1 : 0;
  thread.nap = nap;
}

/** Has time woken this thread so often that it must not wake it again? */
export function hasPolledEnough(thread: Thread, settling: number): boolean {
  return thread.wokenIn === settling && thread.wakes >= POLL_LIMIT;
}

/** Must time not pass for the sake of this thread, because it is known to poll and has had its chance in this settling? */
export function hasHadItsChance(thread: Thread, settling: number): boolean {
  const polls = thread.pollsEvery !== undefined && thread.nap === thread.pollsEvery;
  return polls && thread.wokenIn === settling && thread.wakes >= CHANCES;
}
