/** How a command ends; the same three for all of them, so that a script can tell a bad driver from a bad command line. */
export const EXIT = {
  /** Everything judged conforms. */
  conforms: 0,
  /** At least one rule is broken. */
  violations: 1,
  /** No verdict: bad input, an environment that does not fit, or an error of the kit. */
  cannotJudge: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
