/** Test drivers whose adapter goes: their handles say nothing any more. */

/**
 * @param ask asked once more when it fails: what the machine refuses once is no sign that the adapter has gone
 * @param away what it comes to when it has
 */
export async function unlessAway<T, A>(ask: () => Promise<T>, away: A): Promise<T | A> {
  try {
    return await ask();
  } catch {
    return ask().catch(() => away);
  }
}
