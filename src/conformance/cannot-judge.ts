/**
 * The run could not be made (exit code 2): bad input, a missing file, an environment that does not fit. The message is one
 * line for the user: what is wrong, where, and what to do about it.
 */
export class CannotJudge extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CannotJudge';
  }
}
