/** What the codes of the file system mean, for those that a user can do something about. */
const MEANING: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it is larger than a file may be here',
  EROFS: 'the file system is read-only',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  EBUSY: 'another program has it open',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'it is a folder',
  EEXIST: 'something else has its name, perhaps a link that leads nowhere',
};

/** What they mean for whoever only reads. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead round in a circle',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
  ERR_STRING_TOO_LONG: 'it is too large',
};

/** @returns why a file operation failed, short enough for brackets: `ENOSPC, the disk is full` */
export function whyNot(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  if (!('code' in failure)) return failure.message;
  const code = String(failure.code);
  const meaning = MEANING[code];
  return meaning === undefined ? code : `${code}, ${meaning}`;
}

/** @returns why a file could not be read, short enough for brackets: `there is no such file` */
export function whyUnreadable(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? String(failure.code) : '';
  return UNREADABLE[code] ?? whyNot(failure);
}
