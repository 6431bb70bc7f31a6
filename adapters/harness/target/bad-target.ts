/** The target file cannot be used. Its message has a line `file:line:column: what is wrong` for every problem. */
export class BadTarget extends Error {
  override readonly name = 'BadTarget';
}
