import { CannotJudge } from '../cannot-judge';

/** What the user reads who pressed Ctrl-C. */
export function interrupted(): CannotJudge {
  return new CannotJudge(
    'interrupted: whether the statement stands is not known. Nothing was changed; verify it again.',
  );
}
