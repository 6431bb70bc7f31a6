/** Something in a profile that is not as it must be. Lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** What is wrong, and what is allowed. */
  readonly message: string;
}

/** The profile cannot be used. Its message has a line `file:line:column: what is wrong` for every problem. */
export class BadProfile extends Error {
  override readonly name = 'BadProfile';

  constructor(
    readonly file: string,
    readonly problems: readonly Problem[],
  ) {
    super(problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
  }
}
