/** `EACCES` and the like of a failed file operation, or the message where there is none. */
export function errorCode(failure: unknown): string {
  if (failure instanceof Error && 'code' in failure) return String(failure.code);
  return failure instanceof Error ? failure.message : String(failure);
}
