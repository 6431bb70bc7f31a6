/** What the codes of the file system mean, for those that a user can do something about. */
const MEANING: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  EBUSY: 'another program has it open',
};

/** @returns why a file operation failed, short enough for brackets: `ENOSPC, the disk is full` */
export function whyNot(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  if (!('code' in failure)) return failure.message;
  const code = String(failure.code);
  const meaning = MEANING[code];
  return meaning === undefined ? code : `${code}, ${meaning}`;
}
