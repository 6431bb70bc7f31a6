import { BadProfile, type Problem } from './bad-profile';
import type { Path, Source } from './source';

/** Collects what is wrong with a profile: a vendor mends all of it in one go. */
export class Problems {
  private readonly found: Problem[] = [];

  constructor(private readonly source: Source) {}

  /** @param part the key at the end of the path, or what it is set to */
  add(path: Path, message: string, part: 'key' | 'value' = 'value'): void {
    this.found.push(this.source.problem(path, part, message));
  }

  take(problems: readonly Problem[]): void {
    this.found.push(...problems);
  }

  /** @throws BadProfile when there is one, with all of them in the order of the file */
  throwAny(): void {
    if (this.found.length === 0) return;
    const inOrder = [...this.found].sort((a, b) => a.line - b.line || a.column - b.column);
    throw new BadProfile(this.source.file, inOrder);
  }
}
