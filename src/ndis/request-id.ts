/**
 * A RequestId as a trace shows it. Drivers may use any value: NDIS only compares them. One that is an object has no text of its
 * own, so two of them look alike in a trace; nothing is condemned for that.
 */
export function requestIdText(requestId: unknown): string {
  return typeof requestId === 'string' || typeof requestId === 'number' ? String(requestId) : 'an object';
}
