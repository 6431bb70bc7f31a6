/** What a status variable holds that a driver never set. */
const UNINITIALISED = '0xCCCCCCCC';

/** @returns a returned status as the trace shows it, also when the driver returned none */
export function statusName(status: unknown): string {
  return typeof status === 'string' ? status : UNINITIALISED;
}
